import { readFile } from "node:fs/promises";
import type { Verdict } from "../events/verdict.ts";
import type { Stack } from "./stack.ts";

const IMAGE = "dailyfeed:local";
/** Prints, inside the image, who runs and which of some packages are there. */
const LOOK = `
  const { existsSync } = require("node:fs");
  console.log(JSON.stringify({
    uid: process.getuid(),
    pid: process.pid,
    node: process.version,
    found: process.argv.slice(1).filter((name) => existsSync("/app/node_modules/" + name)),
  }));`;

/** What is in the image. */
export async function imageFacts(stack: Stack): Promise<Verdict> {
  const { packages } = JSON.parse(await readFile("package-lock.json", "utf8")) as {
    packages: Record<string, { dev?: boolean }>;
  };
  const names = Object.keys(packages)
    .filter((path) => packages[path]?.dev)
    .map((path) => path.slice("node_modules/".length));
  const [image] = JSON.parse(await stack.docker("image", "inspect", IMAGE)) as {
    readonly Size: number;
    readonly Config: { readonly User: string; readonly Cmd: readonly string[] };
  }[];
  if (!image) throw new Error(`${IMAGE} isn't there`);
  const output = await stack.docker("run", "--rm", IMAGE, "node", "-e", LOOK, ...names);
  const seen = JSON.parse(output) as { uid: number; pid: number; node: string; found: string[] };
  return {
    figures: {
      "image, MB": Math.round(image.Size / 1e6),
      "runs as": `${image.Config.User} (uid ${seen.uid})`,
      "first process": `${image.Config.Cmd.join(" ")} (Node ${seen.node})`,
      "packages for development only": `${seen.found.length} of ${names.length}`,
    },
    differences: [
      ...(seen.uid === 0 ? ["the image runs as root"] : []),
      ...(seen.pid === 1 ? [] : [`Node is process ${seen.pid}`]),
      ...seen.found.map((name) => `${name} is in the image`),
    ],
  };
}
