import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

/**
 * kubernetes/install.sh with kind, kubectl, istioctl and docker replaced by a script that writes down how it was called,
 * remembers the clusters and secrets that were made, and fails where a test says so.
 */

const STUB = `#!/usr/bin/env bash
name="$(basename "$0")"
line="$name $*"
input=
case " $* " in *" -f - "*) input="$(cat)" ;; esac
[ -n "$input" ] && line="$line < $(grep -cE '^kind:' <<<"$input") objects"
echo "$line" >> "$STUBS/calls"
if [ -n "\${FAIL_ON:-}" ] && [[ "$line" == $FAIL_ON ]]; then echo "$name: no such luck" >&2; exit 1; fi
case "$line" in
  "kind get clusters") [ -f "$STUBS/cluster" ] && echo dailyfeed ;;
  "kind create cluster"*) touch "$STUBS/cluster" ;;
  "kubectl -n dailyfeed get secret dailyfeed-stores"*) [ -f "$STUBS/secrets" ] || exit 1 ;;
  "kubectl kustomize"*) printf 'kind: Deployment\\nimage: localhost/dailyfeed:dev\\n' ;;
  "docker image inspect"*) [ -f "$STUBS/image" ] || exit 1 ;;
  "docker build"*) touch "$STUBS/image" ;;
esac
case "$input" in
  *"name: dailyfeed-stores,"*) touch "$STUBS/secrets"; printf '%s' "$input" > "$STUBS/stores" ;;
  *"image: "*) printf '%s' "$input" > "$STUBS/applied" ;;
esac
exit 0
`;

let folder: string;
let gateway: Server;
let status = 200;

beforeAll(async () => {
  gateway = createServer((_request, response) => response.writeHead(status).end());
  await once(gateway.listen(0, "127.0.0.1"), "listening");
});
afterAll(() => void gateway.close());
beforeEach(() => {
  status = 200;
  folder = mkdtempSync(join(tmpdir(), "install-"));
  for (const tool of ["kind", "kubectl", "istioctl", "docker"]) {
    writeFileSync(join(folder, tool), STUB);
    chmodSync(join(folder, tool), 0o755);
  }
});
afterEach(() => rmSync(folder, { recursive: true }));

async function script(name: string, args: readonly string[], environment: Record<string, string> = {}) {
  const child: ChildProcess = spawn("bash", [`kubernetes/${name}`, ...args], {
    env: {
      PATH: `${folder}${delimiter}${process.env.PATH}`,
      STUBS: folder,
      SMOKE_PORT: String((gateway.address() as AddressInfo).port),
      SMOKE_PAUSE: "0",
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [output, errors] = ["", ""];
  child.stdout?.on("data", (data) => {
    output += data;
  });
  child.stderr?.on("data", (data) => {
    errors += data;
  });
  const [code] = await once(child, "close");
  return { code, output, errors, calls: takeCalls() };
}

function takeCalls(): string[] {
  const file = join(folder, "calls");
  if (!existsSync(file)) return [];
  const calls = readFileSync(file, "utf8").trim().split("\n");
  rmSync(file);
  return calls.map((call) => call.replaceAll(process.cwd(), "."));
}

const steps = (output: string) => output.split("\n").filter((line) => /^\[\d+\]/.test(line));

describe("install.sh", () => {
  it("does every step in order, and the second time leaves what is there", async () => {
    const first = await script("install.sh", ["1.2.3"]);
    expect(first.errors).toBe("");
    expect(first.code).toBe(0);
    const order = [
      "docker info",
      "kind create cluster --config ./kubernetes/kind/cluster.yaml",
      "kubectl apply -f https://github.com/kubernetes-sigs/metrics-server/",
      "istioctl install -y -f ./kubernetes/kind/istio.yaml",
      "kubectl apply -f - < 1 objects",
      "kubectl apply -k ./kubernetes/infra",
      "kubectl -n infra rollout status statefulset/mysql",
      "docker build -t localhost/dailyfeed:1.2.3",
      "kind load docker-image --name dailyfeed localhost/dailyfeed:1.2.3",
      "kubectl -n dailyfeed delete job dailyfeed-migrate",
      "kubectl apply --selector=dailyfeed/step=migrate -f -",
      "kubectl -n dailyfeed wait --for=condition=complete job/dailyfeed-migrate",
      "kubectl -n dailyfeed rollout status deployment/dailyfeed-member",
      "kubectl -n dailyfeed rollout status deployment/dailyfeed-frontend",
    ];
    const places = order.map((start) => first.calls.findIndex((call) => call.startsWith(start)));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((one, other) => one - other));
    expect(readFileSync(join(folder, "applied"), "utf8")).toContain("image: localhost/dailyfeed:1.2.3");

    const stores = readFileSync(join(folder, "stores"), "utf8");
    const again = await script("install.sh", ["1.2.3"]);
    expect(again.code).toBe(0);
    expect(steps(again.output)).toEqual(steps(first.output));
    const repeated = again.calls.join("\n");
    expect(repeated).not.toMatch(/kind create|docker build|Secret/);
    expect(readFileSync(join(folder, "stores"), "utf8")).toBe(stores);
  });

  it("makes passwords of its own each time, and shows them to nobody", async () => {
    const { output, errors, calls } = await script("install.sh", ["infra"]);
    const stores = readFileSync(join(folder, "stores"), "utf8");
    const [, password = ""] = /dailyfeed:([0-9a-f]{48})@/.exec(stores) ?? [];
    expect(password).not.toBe("");
    expect([output, errors, ...calls].join("\n")).not.toContain(password);
  });

  it("infra and app each do their part", async () => {
    const infra = await script("install.sh", ["infra"]);
    expect(steps(infra.output).join()).not.toMatch(/Roll out|Migrate/);
    const app = await script("install.sh", ["app", "7"]);
    expect(app.code).toBe(0);
    expect(steps(app.output)).toHaveLength(5);
    expect(app.calls.join("\n")).not.toMatch(/istioctl|kind create|-k /);
    expect(await script("install.sh", ["app"])).toMatchObject({ code: 2, calls: [] });
    expect(await script("install.sh", ["--frobnicate"])).toMatchObject({ code: 2, calls: [] });
  });

  it.each([
    ["docker info*", 1],
    ["kind create*", 2],
    ["kubectl apply -f https://github*", 3],
    ["istioctl install*", 4],
    ["kubectl apply -f - *", 5],
    ["kubectl -n infra rollout status statefulset/kafka*", 6],
    ["kind load*", 7],
    ["docker build*", 7],
    ["kubectl -n dailyfeed wait*", 8],
    ["kubectl -n dailyfeed rollout status deployment/dailyfeed-search*", 9],
  ])("stops where %s fails, with the cause and what to do", async (call, step) => {
    const failed = await script("install.sh", [], { FAIL_ON: call });
    expect(failed.code).toBe(1);
    expect(steps(failed.output)).toHaveLength(step);
    expect(failed.errors).toContain("no such luck");
    expect(failed.errors).toMatch(new RegExp(`install: step ${step} failed \\(.+\\)\ninstall: .+`));
    const repaired = await script("install.sh", []);
    expect(repaired.code).toBe(0);
  });

  it("fails where the product does not answer through the ingress", async () => {
    status = 503;
    const { code, output, errors } = await script("install.sh", []);
    expect(code).toBe(1);
    expect(output).toContain("attempt 10: HTTP/1.1 503");
    expect(errors).toContain("step 10 failed (Ask the product through the ingress)");
  });

  it("says which tools are missing", async () => {
    rmSync(join(folder, "istioctl"));
    const { code, errors } = await script("install.sh", [], { PATH: `${folder}:/usr/bin:/bin` });
    expect(code).toBe(1);
    expect(errors).toMatch(/missing: istioctl/);
  });

  it("--dry-run prints the plan and calls nothing, also with --addons", async () => {
    const { code, output, calls } = await script("install.sh", ["--dry-run", "--addons"]);
    expect(code).toBe(0);
    expect(calls).toEqual([]);
    expect(steps(output)).toHaveLength(11);
    for (const line of ["kind create cluster", "grafana.yaml", "rollout status deployment/dailyfeed-image"])
      expect(output).toContain(line);
  });

  it("--addons adds them, with the dashboard", async () => {
    const { code, calls } = await script("install.sh", ["--addons", "infra"]);
    expect(code).toBe(0);
    for (const part of [
      "prometheus.yaml",
      "grafana.yaml",
      "kiali.yaml",
      "jaeger.yaml",
      "dailyfeed-dashboards",
    ])
      expect(calls.join("\n")).toContain(part);
  });
});

describe("uninstall.sh", () => {
  it("removes the cluster, or the product alone, and nothing twice", async () => {
    expect(await script("uninstall.sh", [])).toMatchObject({ code: 0, calls: ["kind get clusters"] });
    writeFileSync(join(folder, "cluster"), "");
    const app = await script("uninstall.sh", ["app"]);
    expect(app.calls).toHaveLength(2);
    expect(app.calls.join()).not.toContain("secret");
    expect((await script("uninstall.sh", ["--dry-run"])).calls).toEqual([]);
    expect((await script("uninstall.sh", [])).calls).toContain("kind delete cluster --name dailyfeed");
  });
});

const run = (file: string, args: readonly string[], environment: Record<string, string>) =>
  new Promise<{ code: number | string; output: string; errors: string }>((resolve) => {
    execFile("bash", [file, ...args], { env: environment }, (error, output, errors) =>
      resolve({ code: error?.code ?? 0, output, errors }),
    );
  });

describe("canary.sh", () => {
  const canary = async (...args: string[]) => {
    const result = await run("scripts/canary.sh", args, {
      PATH: `${folder}${delimiter}${process.env.PATH}`,
      STUBS: folder,
    });
    return { ...result, calls: takeCalls() };
  };

  it("sets both routes of a group; the cut-off waits for nothing", async () => {
    const some = await canary("content", "10");
    expect(some.code).toBe(0);
    expect(some.calls[0]).toContain("rollout status deployment/dailyfeed-content-v2");
    expect(JSON.parse(some.calls[1]?.split(" -p ")[1] ?? "")).toEqual(
      [0, 1].flatMap((route) =>
        [90, 10].map((value, index) => ({
          op: "replace",
          path: `/spec/http/${route}/route/${index}/weight`,
          value,
        })),
      ),
    );
    const none = await canary("frontend", "0");
    expect(none.calls).toHaveLength(1);
    expect(JSON.parse(none.calls[0]?.split(" -p ")[1] ?? "")).toHaveLength(2);
  });

  it.each([[], ["content"], ["batch", "5"], ["content", "7"], ["content", "x"]])(
    "refuses %j",
    async (...args) => {
      expect(await canary(...args)).toMatchObject({ code: 2, calls: [] });
    },
  );
});

describe("image-tag.sh", () => {
  const tag = (environment: Record<string, string>) =>
    run("scripts/image-tag.sh", [], { PATH: process.env.PATH ?? "", NOW: "20261125-0930", ...environment });

  it.each([
    ["a push to main", { GITHUB_REF_NAME: "main" }, "main-20261125-0930\nlatest\n"],
    ["a push to develop", { GITHUB_REF_NAME: "develop" }, "develop-20261125-0930\n"],
    ["a branch with a slash", { GITHUB_REF_NAME: "hotfix/log-in" }, "hotfix-log-in-20261125-0930\n"],
    [
      "a run by hand",
      { GITHUB_REF_NAME: "develop", GITHUB_EVENT_NAME: "workflow_dispatch", IMAGE_VERSION: "1.4.0" },
      "1.4.0\n",
    ],
    [
      "by hand on main",
      { GITHUB_REF_NAME: "main", GITHUB_EVENT_NAME: "workflow_dispatch", IMAGE_VERSION: "1.4.0" },
      "1.4.0\nlatest\n",
    ],
  ])("names %s", async (_name, environment, output) => {
    expect(await tag(environment)).toMatchObject({ code: 0, output });
  });

  it("takes the time in UTC where nobody says it", async () => {
    const { output } = await tag({ GITHUB_REF_NAME: "develop", NOW: "" });
    expect(output).toMatch(/^develop-\d{8}-\d{4}\n$/);
  });

  it("refuses what is no tag", async () => {
    const byHand = { GITHUB_REF_NAME: "main", GITHUB_EVENT_NAME: "workflow_dispatch" };
    expect((await tag(byHand)).code).not.toBe(0);
    for (const version of ["1.4 beta", "-1", "a/b", "x".repeat(129), "$(id)"])
      expect((await tag({ ...byHand, IMAGE_VERSION: version })).code).toBe(2);
  });
});
