import { type Call, commandGroup, LONG } from "./command-group.ts";
import { UsageError } from "./failure-text.ts";
import { type Cell, card, shortened, table } from "./table.ts";

interface DeadLetter {
  readonly id: string;
  readonly side: string;
  readonly consumer: string | null;
  readonly category: string;
  readonly reason: string;
  readonly attempts: number;
  readonly createdAt: string;
  readonly isCompleted: boolean;
}

const side = { side: { type: "string" } } as const;

/** Events that could not be sent or applied. */
export const deadLetters = commandGroup("deadletters", {
  list: {
    options: { ...side, limit: { type: "string" } },
    purpose: "open dead letters, oldest first; SIDE is publisher or listener",
    async run(call, { options }) {
      const limit = options.limit === undefined ? {} : { limit: Number(options.limit) };
      const letters = await call<DeadLetter[]>("batch.listDeadLetters", {
        ...sideOf(options.side),
        ...limit,
      });
      if (letters.length === 0) return "no open dead letters";
      const columns = ["id", "side", "consumer", "category", "attempts", "createdAt", "reason"] as const;
      const rows = letters.map((letter) => ({ ...letter, reason: shortened(letter.reason, 60) }));
      return table(columns, rows);
    },
  },
  show: {
    takes: ["ID"],
    purpose: "everything known of one, with its payload",
    run: async (call, { words }) => card(await found(call, words.ID)),
  },
  replay: {
    takes: ["[ID]"],
    options: side,
    purpose: "tries one again at once; without ID, all whose pause is over",
    async run(call, { words: { ID: id }, options }) {
      if (id !== undefined) await openOrThrow(call, id);
      const params = { ...sideOf(options.side), ...(id === undefined ? {} : { id }) };
      const report = await call<{ replayed: number; failed: number }>(
        "batch.replayDeadLetters",
        params,
        LONG,
      );
      if (id === undefined) return `${report.replayed} replayed, ${report.failed} failed again`;
      if (report.replayed === 1) return `replayed ${id}`;
      if (report.failed === 0) return `not replayed: a job is trying ${id} right now`;
      const { reason } = await found(call, id);
      return `failed again, ${id} stays open: ${shortened(String(reason), 200)}`;
    },
  },
  discard: {
    takes: ["ID"],
    purpose: "gives one up for good",
    async run(call, { words: { ID: id = "" } }) {
      await openOrThrow(call, id);
      const { discarded } = await call<{ discarded: number }>("batch.discardDeadLetter", { id });
      return discarded === 1 ? `discarded ${id}` : `not discarded: ${id} is done already`;
    },
  },
});

function sideOf(given: unknown): { side?: string } {
  if (given === undefined) return {};
  const name = String(given).toUpperCase();
  if (name !== "PUBLISHER" && name !== "LISTENER")
    throw new UsageError(`SIDE is ${given}: expected publisher or listener`);
  return { side: name };
}

async function found(call: Call, id = ""): Promise<Record<string, Cell>> {
  try {
    return await call("batch.showDeadLetter", { id });
  } catch (error) {
    const isUnknown = (error as { type?: unknown }).type === "VALIDATION_ERROR";
    throw isUnknown
      ? new UsageError(`there is no dead letter ${id}: "deadletters list" shows the open ones`)
      : error;
  }
}

async function openOrThrow(call: Call, id: string): Promise<void> {
  const { isCompleted } = await found(call, id);
  if (isCompleted) throw new UsageError(`${id} is done already: "deadletters list" shows the open ones`);
}
