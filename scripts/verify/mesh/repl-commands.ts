import { Mesh } from "../events/mesh.ts";
import type { Verdict } from "../events/verdict.ts";
import { joinMembers } from "../load/members.ts";
import { processOf, startGroups } from "./groups.ts";
import { NodeRepl } from "./node-repl.ts";
import type { MeshScenario } from "./scenario.ts";

/** Commands, and what their answers must show. */
const COMMANDS: readonly [command: string, answer: RegExp][] = [
  ["keys show", /primary/],
  ["keys rotate", /^rotated: \S+ signs from now on/],
  ["topics list", /member-activity-\d{8}/],
  ["topics create", /member-activity|there/],
  ["topics lag", /activity/],
  ["jobs list", /clean-expired/],
  ["jobs run clean-expired", /^done in/],
  ["deadletters list", /^no open dead letters$/],
  ["deadletters show x", /there is no dead letter x/],
  ["call timeline.listRecentPosts --size 5 --#memberId 1", /content/],
  ["nodes", /publisher-7/],
];

/** Every command group of the REPL from a node that runs no service, as in a second terminal. */
export const replCommands: MeshScenario = async ({ servers, say }) => {
  const mesh = await Mesh.create(servers, "repl");
  try {
    const processes = await startGroups(mesh);
    const [member] = await joinMembers(processOf(processes, "member").url, 1);
    await fetch(`${processOf(processes, "content").url}/api/posts`, {
      method: "POST",
      headers: { authorization: `Bearer ${member?.accessToken}` },
      body: JSON.stringify({ content: "seen from the REPL" }),
    });
    const repl = await NodeRepl.start(mesh.environment);
    const figures: Record<string, string> = {};
    const differences: string[] = [];
    for (const [command, expected] of COMMANDS) {
      const answer = await repl.run(command);
      figures[command] =
        `${answer.split("\n").length} lines: ${answer.split("\n", 1)[0]?.trim().slice(0, 80)}`;
      if (!expected.test(answer)) differences.push(`${command} answered: ${answer.slice(0, 300)}`);
    }
    await repl.quit();
    say(`${COMMANDS.length} commands given`);
    await mesh.stopOrThrow();
    return { figures, differences } satisfies Verdict;
  } finally {
    await mesh.remove();
  }
};
