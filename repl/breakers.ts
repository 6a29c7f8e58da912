import { type Call, commandGroup } from "./command-group.ts";
import { failureText } from "./failure-text.ts";
import { type Cell, table } from "./table.ts";

interface Breaker {
  readonly service: string;
  readonly state: "CLOSED" | "HALF_OPEN" | "OPEN";
  readonly since: number;
  readonly calls: number;
  readonly failureRate: number;
  readonly slowRate: number;
  readonly refused: number;
}

const COLUMNS = ["node", "service", "state", "since", "calls", "failed", "slow", "refused"] as const;

type Row = Record<(typeof COLUMNS)[number], Cell>;

const UNKNOWN: Row = {
  node: "",
  service: "",
  state: "",
  since: "",
  calls: "",
  failed: "",
  slow: "",
  refused: "",
};

/** Milliseconds that a node may take to answer. */
const TIMEOUT = 3_000;

/** What each process thinks of the services that it calls. */
export const breakers = commandGroup("breakers", {
  list: {
    purpose: "what each node's breakers think of the services that it calls: their state and the last calls",
    async run(call) {
      const nodes = await call<{ id: string }[]>("$node.list", { onlyAvailable: true });
      const rows = await Promise.all(nodes.map(({ id }) => rowsOf(call, id)));
      return table(COLUMNS, rows.flat());
    },
  },
});

async function rowsOf(call: Call, node: string): Promise<Row[]> {
  try {
    const reports = await call<Breaker[]>("$breakers.list", {}, { nodeID: node, timeout: TIMEOUT });
    return reports.map(({ service, state, since, calls, failureRate, slowRate, refused }) => ({
      ...{ node, service, calls, refused },
      state: state.toLowerCase().replace("_", "-"),
      since: new Date(since).toISOString(),
      failed: percent(failureRate),
      slow: percent(slowRate),
    }));
  } catch (error) {
    return [{ ...UNKNOWN, node, state: `unknown: ${failureText(error)}` }];
  }
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
