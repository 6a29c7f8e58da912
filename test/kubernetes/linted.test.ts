import { execFileSync, spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";

/** Scripts and workflows, by the checkers of their own languages (`scripts/manifest-tools.sh` has them). */

const there = (program: string) => spawnSync(program, ["--version"]).status === 0;
const has = { shellcheck: there("shellcheck"), actionlint: there("actionlint") };
for (const [program, isThere] of Object.entries(has)) {
  if (!isThere) console.warn(`NOT CHECKED: ${program} was not found`);
}

const tracked = (...patterns: string[]) =>
  execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", ...patterns], {
    encoding: "utf8",
  })
    .trim()
    .split("\n");

describe.skipIf(!has.shellcheck)("shell scripts", () => {
  it("have nothing that shellcheck finds", { timeout: 60_000 }, () => {
    const scripts = [...tracked("*.sh"), ".ci/run"];
    expect(scripts.length).toBeGreaterThan(5);
    const { stdout, status } = spawnSync("shellcheck", ["-x", ...scripts], { encoding: "utf8" });
    expect(stdout).toBe("");
    expect(status).toBe(0);
  });
});

describe.skipIf(!has.actionlint)("workflows", () => {
  it("have nothing that actionlint finds", () => {
    const { stdout, status } = spawnSync("actionlint", [], { encoding: "utf8" });
    expect(stdout).toBe("");
    expect(status).toBe(0);
  });
});

describe("workflows", () => {
  it("name every action by its commit", () => {
    const uses = execFileSync("git", ["grep", "-h", "uses:", "--", ".github/workflows"], {
      encoding: "utf8",
    });
    for (const line of uses.trim().split("\n"))
      expect(line).toMatch(/uses: [\w./-]+@[0-9a-f]{40} # v[\d.]+$/);
  });
});
