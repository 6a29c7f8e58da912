import { Options, runScript, UsageError } from "./terminal/options.ts";
import { hostProcesses } from "./verify/compose/host-processes.ts";
import { imageFacts } from "./verify/compose/image-facts.ts";
import { killEach } from "./verify/compose/kills.ts";
import { Stack } from "./verify/compose/stack.ts";
import type { Verdict } from "./verify/events/verdict.ts";
import { joinMembers, PASSWORD } from "./verify/load/members.ts";

const USAGE = `usage: npm run verify:compose [-- options]
  Builds the image, starts everything of docker-compose.yml (under a project name of its own), runs the tour and the seed
  against it, kills each container, and looks whether data survive down and up; then the stores alone, with the services
  on this machine. Uses the machine's Docker; where there is none (Debian, root) a private one with stand-in images.
  --only S     image, containers or host; default: all of them
  --port N     of the gateway (default: 3000)
  --keep yes   leaves the private engine running, and containers where something failed`;

const PARTS = ["image", "containers", "host"];

async function main(): Promise<void> {
  const options = new Options(["only", "port", "keep"], USAGE);
  const only = options.text("only");
  if (only !== undefined && !PARTS.includes(only)) {
    throw new UsageError(`--only is ${JSON.stringify(only)}: expected ${PARTS.join(", ")}\n${USAGE}`);
  }
  const port = options.integer("port", 1, 65_535) ?? 3_000;
  const stack = await Stack.openOrThrow(port);
  const part = async (name: string, work: () => Promise<Verdict>) => {
    if (only !== undefined && only !== name) return;
    report(name, await work());
  };
  try {
    await stack.compose("build");
    await part("image", () => imageFacts(stack));
    await part("containers", () => containers(stack, port));
    await part("host", () => hostProcesses(stack, port));
  } finally {
    if (options.text("keep") === undefined) await stack.remove();
  }
}

async function containers(stack: Stack, port: number): Promise<Verdict> {
  const url = `http://localhost:${port}`;
  const databasePort = stack.environment.MYSQL_PORT ?? "23306";
  const databaseUrl = `mysql://dailyfeed:development@127.0.0.1:${databasePort}/dailyfeed`;
  const say = (text: string) => console.log(`containers: ${text}`);
  const figures: Record<string, string | number> = {};
  const timed = async (name: string, work: () => Promise<unknown>) => {
    const began = performance.now();
    await work();
    figures[name] = `${((performance.now() - began) / 1_000).toFixed(0)} s`;
    say(`${name}: ${figures[name]}`);
  };
  const up = () => stack.compose("up", "--detach", "--wait", "--wait-timeout", "600");
  await timed("up until healthy", up);
  await timed("the README's tour", () => stack.bash("scripts/tour.sh", { TOUR_URL: url }));
  await timed("the seed", () => stack.npm("seed", "--", "--url", url, "--password", "Demo#pass1"));
  const kills = await killEach(stack, { url, databaseUrl, say });
  const [member] = await joinMembers(url, 1);
  await timed("down", () => stack.compose("down"));
  await timed("up again until healthy", up);
  await assertLogsIn(url, String(member?.email));
  await timed("the seed again, which finds everything", () =>
    stack.npm("seed", "--", "--url", url, "--password", "Demo#pass1"),
  );
  await stack.compose("down", "--volumes");
  return { figures: { ...figures, ...kills.figures }, differences: kills.differences };
}

async function assertLogsIn(url: string, email: string): Promise<void> {
  const response = await fetch(`${url}/api/authentication/login`, {
    method: "POST",
    body: JSON.stringify({ email, password: PASSWORD }),
  });
  if (!response.ok) throw new Error(`after down and up, a log-in answered ${response.status}`);
}

function report(name: string, { figures, differences }: Verdict): void {
  console.log(`\n${name}: ${differences.length} differences`);
  for (const [title, figure] of Object.entries(figures)) console.log(`  ${title.padEnd(40)} ${figure}`);
  for (const difference of differences.slice(0, 20)) console.log(`  ! ${difference}`);
  if (differences.length > 0) process.exitCode = 1;
}

await runScript(main);
