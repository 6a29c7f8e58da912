import { execFile, spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { childEnvironment } from "../../../config/child-environment.ts";
import { freePort } from "../events/real-servers.ts";

const SCRIPT = fileURLToPath(new URL("../../control-plane.sh", import.meta.url));

/** What a command printed, and how it ended; a refusal is an answer, not an error. */
export interface Answer {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

export interface ControlPlaneOptions {
  /** Also the controller manager, the scheduler and KWOK. */
  readonly controllers?: boolean;
  /** More options of the controller manager. */
  readonly controllerOptions?: string;
  /** Where its programs are, if not on this process's PATH. */
  readonly path?: string;
}

/** A control plane of our own, on free ports, with all its files in a new folder. */
export class ControlPlane {
  readonly folder: string;
  /** Of every command: KUBECONFIG, and the PATH to its programs. */
  readonly environment: NodeJS.ProcessEnv;

  private constructor(folder: string, environment: NodeJS.ProcessEnv) {
    this.folder = folder;
    this.environment = environment;
  }

  /** The programs that it needs and that are not on the PATH. */
  static missing({ controllers = false }: ControlPlaneOptions = {}): readonly string[] {
    const more = controllers ? ["kube-controller-manager", "kube-scheduler", "kwok"] : [];
    return ["openssl", "etcd", "kube-apiserver", "kubectl", ...more].filter((program) => !isThere(program));
  }

  /**
   * A process that is told to end before it is removed removes it.
   * @throws Error with what the script said
   */
  static async startOrThrow({ controllers = false, controllerOptions = "", path }: ControlPlaneOptions = {}) {
    const folder = await mkdtemp(join(tmpdir(), "dailyfeed-kubernetes-"));
    const port = await freePort();
    const plane = new ControlPlane(
      folder,
      childEnvironment({
        CONTROL_PLANE_DIR: folder,
        API_PORT: String(port),
        ETCD_PORT: String(port + 1),
        CONTROLLER_OPTIONS: controllerOptions,
        KUBECONFIG: join(folder, "admin.kubeconfig"),
        ...(path !== undefined && { PATH: path }),
      }),
    );
    const up = plane.run("bash", [SCRIPT, "up", ...(controllers ? ["--controllers"] : [])]);
    for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => void up.then(() => plane.remove()).finally(() => process.exit(130)));
    }
    const { code, errors } = await up;
    if (code === 0) return plane;
    await plane.remove();
    throw new Error(`the control plane did not start: ${errors}`);
  }

  kubectl(args: readonly string[], input?: string): Promise<Answer> {
    return this.run("kubectl", args, input);
  }

  /** @throws Error with what kubectl said */
  async kubectlOrThrow(args: readonly string[], input?: string): Promise<string> {
    const { code, output, errors } = await this.kubectl(args, input);
    if (code !== 0) throw new Error(`kubectl ${args.join(" ")}: ${errors.trim()}`);
    return output;
  }

  /** Any program, with KUBECONFIG set. */
  run(program: string, args: readonly string[], input = ""): Promise<Answer> {
    return new Promise((resolve) => {
      const options = { env: this.environment, maxBuffer: 256 * 1024 * 1024 };
      const child = execFile(program, args, options, (error, output, errors) =>
        resolve({ code: error ? Number(error.code ?? 1) : 0, output, errors }),
      );
      // A program that has ended without reading it.
      child.stdin?.on("error", () => {}).end(input);
    });
  }

  /** A file of the control plane's own, such as pki/ca.crt. */
  file(name: string): Promise<Buffer> {
    return readFile(join(this.folder, name));
  }

  async remove(): Promise<void> {
    await this.run("bash", [SCRIPT, "down"]);
    await rm(this.folder, { recursive: true, force: true });
  }
}

export function isThere(program: string): boolean {
  return spawnSync("which", [program]).status === 0;
}
