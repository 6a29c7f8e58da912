import { Agent, request } from "node:https";
import type { ControlPlane } from "./control-plane.ts";

// biome-ignore lint/suspicious/noExplicitAny: an object is what another program's schema says
export type KubernetesObject = any;

/** Reads from an API server many times a second, which kubectl would be too slow for. */
export class ApiClient {
  readonly #agent: Agent;

  private constructor(agent: Agent) {
    this.#agent = agent;
  }

  static async of(plane: ControlPlane): Promise<ApiClient> {
    const [ca, cert, key] = await Promise.all(
      ["pki/ca.crt", "pki/admin.crt", "pki/admin.key"].map((name) => plane.file(name)),
    );
    const config = await plane.file("admin.kubeconfig");
    const port = Number(/server: "https:\/\/127\.0\.0\.1:(\d+)"/.exec(config.toString())?.[1]);
    return new ApiClient(new Agent({ host: "127.0.0.1", port, ca, cert, key, keepAlive: true }));
  }

  /**
   * The items of a list, such as `/apis/apps/v1/namespaces/dailyfeed/deployments`.
   * @throws Error with the status when it is not 200
   */
  async list(path: string): Promise<readonly KubernetesObject[]> {
    return (await this.get(path)).items;
  }

  get(path: string): Promise<KubernetesObject> {
    const { host, port } = this.#agent.options as { host: string; port: number };
    return new Promise((resolve, reject) => {
      const sent = request({ agent: this.#agent, host, port, path }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (part) => {
          text += part;
        });
        response.on("end", () => {
          if (response.statusCode === 200) resolve(JSON.parse(text));
          else reject(new Error(`GET ${path} answered ${response.statusCode}: ${text.slice(0, 200)}`));
        });
      });
      sent.on("error", reject).end();
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
