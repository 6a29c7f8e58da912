import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { childEnvironment } from "../../../config/child-environment.ts";

const run = promisify(execFile);
const SCRIPT = fileURLToPath(new URL("../../events.ts", import.meta.url));

/**
 * `npm run events -- ...`, as an administrator runs it by hand.
 * @returns the counts of its answer
 * @throws Error with what it printed when it fails
 */
export async function eventsCommandOrThrow(
  environment: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<Readonly<Record<string, number>>> {
  const { stdout } = await run(process.execPath, [SCRIPT, ...args], {
    // Alone: everything that it calls runs in its own process.
    env: childEnvironment({ ...environment, TRANSPORTER: "" }),
  });
  // The log goes to the same stream.
  const answer = stdout.split("\n").findLast((line) => /^\{"\w+":\d+/.test(line));
  if (answer === undefined) throw new Error(`events ${args.join(" ")} answered ${stdout}`);
  return JSON.parse(answer) as Record<string, number>;
}
