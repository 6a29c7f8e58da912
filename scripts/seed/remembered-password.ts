import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * The random password that an earlier run made for the demo members of a system, so that a repeated run can log in and
 * print it again. Undefined when there is none.
 */
export async function rememberedPassword(file: string, url: string): Promise<string | undefined> {
  return (await readPasswords(file))[url];
}

/** Keeps a password for later runs, readable by the file's owner only. */
export async function rememberPassword(file: string, url: string, password: string): Promise<void> {
  await writePasswords(file, { ...(await readPasswords(file)), [url]: password });
}

/** Drops a password that turned out to be none of the system's. */
export async function forgetPassword(file: string, url: string): Promise<void> {
  const { [url]: _, ...others } = await readPasswords(file);
  await writePasswords(file, others);
}

async function writePasswords(file: string, passwords: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(passwords, null, 2)}\n`, { mode: 0o600 });
  // The mode above counts for a new file only.
  await chmod(file, 0o600);
}

async function readPasswords(file: string): Promise<Readonly<Record<string, string>>> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Record<string, string>;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw new Error(`${file} can't be read: remove it, or give --password`, { cause: error });
  }
}
