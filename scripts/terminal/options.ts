import { parseArgs } from "node:util";

/** The command line can't be understood; its message ends with the usage. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** `--help` was given; the message is the usage. */
export class HelpRequest extends Error {
  override readonly name = "HelpRequest";
}

/** The options of a script's command line, each a text: `--url U` or `--url=U`. */
export class Options<Name extends string> {
  readonly #usage: string;
  readonly #values: Readonly<Record<string, unknown>>;

  /** @throws HelpRequest for `--help`, UsageError for an unknown option, a positional argument or a missing value */
  constructor(names: readonly Name[], usage: string, args: readonly string[] = process.argv.slice(2)) {
    this.#usage = usage;
    if (args.includes("--help")) throw new HelpRequest(usage);
    try {
      const options = Object.fromEntries(names.map((name) => [name, { type: "string" as const }]));
      this.#values = parseArgs({ args: [...args], options, allowPositionals: false }).values;
    } catch (error) {
      throw this.#error(error instanceof Error ? error.message : String(error));
    }
  }

  text(name: Name): string | undefined {
    const value = this.#values[name];
    return typeof value === "string" ? value : undefined;
  }

  textOrThrow(name: Name): string {
    const value = this.text(name);
    if (value === undefined || value === "") throw this.#error(`--${name} is missing`);
    return value;
  }

  /** A whole number of at least `min`; undefined when it is not given. */
  integer(name: Name, min: number, max = Number.MAX_SAFE_INTEGER): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= min && value <= max)) {
      const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
      throw this.#error(`--${name} is ${JSON.stringify(text)}: expected a whole number ${range}`);
    }
    return value;
  }

  /** The origin of an http(s) address: scheme, host and port. */
  url(name: Name, fallback: string): string {
    const text = this.text(name) ?? fallback;
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url?.protocol !== "http:" && url?.protocol !== "https:") {
      throw this.#error(`--${name} is ${JSON.stringify(text)}: expected an address like ${fallback}`);
    }
    return url.href.replace(/\/+$/, "");
  }

  matching(name: Name, pattern: RegExp, fallback: string): string {
    const text = this.text(name) ?? fallback;
    if (!pattern.test(text)) throw this.#error(`--${name} is ${JSON.stringify(text)}: expected ${pattern}`);
    return text;
  }

  #error(message: string): UsageError {
    return new UsageError(`${message}\n${this.#usage}`);
  }
}

/** Runs a script's main function: exit code 1 when it fails, 2 when the command line is wrong. */
export async function runScript(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    if (error instanceof HelpRequest) {
      console.log(error.message);
      return;
    }
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}
