import { configOrThrow } from "../../../config/index.ts";
import { Database } from "../../../lib/sql/database.ts";
import { sql } from "../../../lib/sql/sql.ts";
import { gatewayPlace, Mesh } from "../events/mesh.ts";
import { freePort, type RealServers } from "../events/real-servers.ts";
import { GROUPS } from "../mesh/groups.ts";
import { GROUP_NAMES, type GroupName } from "./design.ts";
import { Pod } from "./pod.ts";

export const PODS_OF_A_GROUP = 4;
/** Those whose pods share the work between two processes. */
const TWO_PROCESSES: readonly string[] = ["content", "timeline"] satisfies GroupName[];

/** Real processes of every group, each behind the proxies that are its pods, and the database behind them all. */
export class Product {
  readonly pods: Readonly<Record<GroupName | "frontend", readonly Pod[]>>;
  readonly #mesh: Mesh;
  readonly #database: Database;

  private constructor(mesh: Mesh, pods: Product["pods"]) {
    this.#mesh = mesh;
    this.pods = pods;
    this.#database = new Database(configOrThrow({ DATABASE_URL: mesh.environment.DATABASE_URL }).database);
  }

  static async startOrThrow(servers: RealServers): Promise<Product> {
    const mesh = await Mesh.create(servers, "istio");
    try {
      const groups = await Promise.all(
        [...GROUP_NAMES, "frontend" as const].map(
          async (group) => [group, await startPods(mesh, group)] as const,
        ),
      );
      return new Product(mesh, Object.fromEntries(groups) as Product["pods"]);
    } catch (error) {
      await mesh.remove();
      throw error;
    }
  }

  /** How many there are. */
  get processes(): number {
    return Object.keys(this.pods).length + TWO_PROCESSES.length;
  }

  get allPods(): readonly Pod[] {
    return Object.values(this.pods).flat();
  }

  /** Posts of this text that are there. */
  async postsOf(content: string): Promise<number> {
    const row = await this.#database.selectOne<{ count: number }>(
      sql`SELECT COUNT(*) AS count FROM posts WHERE content = ${content}`,
    );
    return Number(row?.count ?? 0);
  }

  async remove(): Promise<void> {
    await Promise.all(this.allPods.map((pod) => pod.stop()));
    await this.#database.close();
    await this.#mesh.remove();
  }
}

async function startPods(mesh: Mesh, group: GroupName | "frontend"): Promise<readonly Pod[]> {
  const services = group === "frontend" ? "api" : `api,${GROUPS[group]}`;
  const processes = await Promise.all(
    Array.from({ length: TWO_PROCESSES.includes(group) ? 2 : 1 }, async () => {
      const { url, variables } = await gatewayPlace();
      await mesh.start(services, variables);
      return url;
    }),
  );
  const port = await freePort();
  return Promise.all(
    Array.from({ length: PODS_OF_A_GROUP }, (_, index) =>
      Pod.start(`${group}-${index + 1}`, port + index, processes[index % processes.length] as string),
    ),
  );
}
