import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NodeProcess } from "../events/node-process.ts";
import { freePort } from "../events/real-servers.ts";
import { EMBEDDED } from "../product.ts";
import type { Behaviour } from "./faulty-target.ts";

/** A gateway of the product with everything but activity, and a process in activity's place that does what is wanted. */
export class FaultyMesh {
  readonly url: string;
  readonly #metricsPort: number;
  readonly #gateway: NodeProcess;
  readonly #folder: string;
  readonly #startTarget: () => Promise<ChildProcess>;
  #target: ChildProcess | undefined;

  private constructor(
    gateway: NodeProcess,
    metricsPort: number,
    folder: string,
    target: () => Promise<ChildProcess>,
  ) {
    this.#gateway = gateway;
    this.#metricsPort = metricsPort;
    this.#folder = folder;
    this.#startTarget = target;
    this.url = /^ {2}api\s+(\S+)\/api$/m.exec(gateway.output)?.[1] ?? "";
  }

  static async start(name: string): Promise<FaultyMesh> {
    const [near, far, metrics] = [await freePort(), await freePort(), await freePort()];
    const transporter = `tcp://127.0.0.1:${near}/gateway,127.0.0.1:${far}/target`;
    const namespace = `verify-resilience-${name}-${process.pid}`;
    const folder = mkdtempSync(join(tmpdir(), `verify-resilience-${name}-`));
    const rates = ["", "_LOGIN", "_SIGNUP", "_REFRESH"].map((kind) => [`RATE_LIMIT${kind}`, "0"]);
    const gateway = await NodeProcess.startOrThrow("gateway", {
      ...EMBEDDED,
      ...Object.fromEntries(rates),
      SERVICES: "api,auth,member,content,timeline",
      TRANSPORTER: transporter,
      NAMESPACE: namespace,
      DATA_DIR: folder,
      PORT: "0",
      METRICS_PORT: String(metrics),
      DRAIN_DELAY: "0s",
      JOBS: "off",
      LOG_LEVEL: "error",
      LOG_FORMAT: "text",
    });
    const mesh = new FaultyMesh(gateway, metrics, folder, async () => {
      const child = fork(new URL("faulty-target.ts", import.meta.url), [transporter, namespace]);
      await once(child, "message");
      return child;
    });
    await mesh.startTarget();
    return mesh;
  }

  async startTarget(): Promise<void> {
    this.#target = await this.#startTarget();
  }

  behave(behaviour: Behaviour): void {
    this.#target?.send(behaviour);
  }

  /** kill -9 of the target. */
  async killTarget(): Promise<void> {
    const target = this.#target;
    if (!target || target.exitCode !== null || target.signalCode !== null) return;
    const exit = once(target, "exit");
    target.kill("SIGKILL");
    await exit;
  }

  /** 0 closed, 1 half-open, 2 open. */
  async breakerState(): Promise<number> {
    const answer = await fetch(`http://127.0.0.1:${this.#metricsPort}/metrics`);
    const [, value] = /^dailyfeed_breaker_state\{service="activity"\} (\d)$/m.exec(await answer.text()) ?? [];
    return Number(value ?? 0);
  }

  async remove(): Promise<void> {
    await this.killTarget();
    await this.#gateway.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
