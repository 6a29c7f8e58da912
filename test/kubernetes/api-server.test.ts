import { afterAll, beforeAll, expect, it } from "vitest";
import type { ControlPlane } from "../../scripts/verify/kubernetes/control-plane.ts";
import { BROKEN, broken } from "./broken.ts";
import { describeOnServer, dryRun, podsOf, startServer } from "./cluster.ts";
import { GROUPS, type Manifest, named, OVERLAYS, rendered } from "./rendered.ts";

/** Every manifest, as a real API server with Istio's definitions and pod security "restricted" sees it. */
describeOnServer("a real API server", [], () => {
  let server: ControlPlane;
  beforeAll(async () => {
    server = await startServer();
  }, 180_000);
  afterAll(() => server?.remove(), 60_000);

  const folders = [
    ...OVERLAYS.map((overlay) => `overlays/${overlay}`),
    "infra",
    ...GROUPS.map((group) => `canary/${group}`),
  ];

  it.each(folders)("takes every object of %s, and warns of nothing", async (folder) => {
    await expectTaken(rendered(folder));
  });

  it.each(folders)("takes every pod that %s leads to", async (folder) => {
    await expectTaken(podsOf(rendered(folder)));
  });

  async function expectTaken(manifests: readonly unknown[]): Promise<void> {
    const { code, output, errors } = await dryRun(server, manifests);
    expect(errors).toBe("");
    expect(output.match(/\(server dry run\)/g)).toHaveLength(manifests.length);
    expect(code).toBe(0);
  }

  it.each(BROKEN)("refuses $what ($kind)", async (mistake) => {
    const manifests = rendered("overlays/kind");
    const all = [...manifests, ...podsOf(manifests)] as Manifest[];
    const { code, errors } = await dryRun(server, [broken(mistake, named(all, mistake.kind, mistake.name))]);
    expect(errors).toMatch(mistake.reason);
    expect(code).not.toBe(0);
  });
});
