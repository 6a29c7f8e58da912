import { spawnSync } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ControlPlane } from "../control-plane.ts";

const NODE = fileURLToPath(new URL("node.sh", import.meta.url));
const IMAGES = fileURLToPath(new URL("images.sh", import.meta.url));

/** Where this machine's own programs are, to pods: as node.sh has it. */
export const HOST_ADDRESS = "10.250.0.1";

/** Why this machine can't be a node; undefined when it can. */
export function whyNoNode(): string | undefined {
  return spawnSync("bash", [NODE, "missing"], { encoding: "utf8" }).stdout.trim() || undefined;
}

/** containerd, kubelet and kube-proxy on this machine, which go when this process does. */
export class RealNode {
  readonly #plane: ControlPlane;
  readonly #variables: readonly string[];

  private constructor(plane: ControlPlane, folder: string) {
    this.#plane = plane;
    this.#variables = [`NODE_DIR=${folder}`, `OWNER=${process.pid}`];
  }

  /**
   * Resolves when it is ready and has our image.
   * @param folder of all its files; made, and removed with it
   * @throws Error with what the scripts said
   */
  static async startOrThrow(plane: ControlPlane, folder: string): Promise<RealNode> {
    const node = new RealNode(plane, folder);
    try {
      const images = join(folder, "images.tar");
      await mkdir(folder);
      await node.#runOrThrow("bash", IMAGES, images);
      await node.#runOrThrow("bash", NODE, "up", images);
      return node;
    } catch (error) {
      await node.remove();
      throw error;
    }
  }

  remove(): Promise<void> {
    return this.#runOrThrow("bash", NODE, "down");
  }

  async #runOrThrow(...command: readonly string[]): Promise<void> {
    const { code, output, errors } = await this.#plane.run("env", [
      ...this.#variables,
      `CONTROL_PLANE_DIR=${this.#plane.folder}`,
      ...command,
    ]);
    if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}:\n${output}${errors}`);
  }
}
