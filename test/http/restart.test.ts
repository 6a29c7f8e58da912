import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type App, startProcess } from "../support/app.ts";
import { Client, type Session } from "../support/client.ts";
import { emptyStore, type Store } from "../support/service.ts";

let store: Store;
let app: App;

beforeAll(async () => {
  store = await emptyStore();
  app = await startProcess(store);
});
afterAll(async () => {
  await app.stop();
  await store.remove();
});

describe("a restart", () => {
  it("after kill -9 under a write load loses no acknowledged write", async () => {
    const writer: Session = await new Client(app.url).join();
    for (let round = 0; round < 3; round++) {
      const acknowledged = await writeUntilKilled(writer, 50 + round * 60);
      expect(acknowledged.length).toBeGreaterThan(0);
      app = await startProcess(store);
      const missing = await missingOf(writer, acknowledged);
      expect(missing).toEqual([]);
    }
  }, 300_000);

  it("by SIGTERM finishes what is in hand and ends with 0", async () => {
    const client = new Client(app.url);
    const writer = client.as(await client.join());
    const answers = Array.from({ length: 20 }, (_, index) =>
      writer.post("/api/posts", { content: `letzte ${index}` }),
    );
    await Promise.race(answers);
    const code = await app.stop();
    const settled = await Promise.allSettled(answers);
    const acknowledged = settled.flatMap((result) =>
      result.status === "fulfilled" && result.value.status === 200
        ? [result.value.body.data.id as number]
        : [],
    );
    expect(code).toBe(0);
    app = await startProcess(store);
    const again = new Client(app.url).with({});
    const session = await again.join();
    const { body } = await again.as(session).post("/api/timeline/posts/query/list", { ids: acknowledged });
    expect(body.data).toHaveLength(acknowledged.length);
  });
});

async function writeUntilKilled(writer: Session, acknowledgements: number): Promise<number[]> {
  const client = new Client(app.url).as(writer);
  const acknowledged: number[] = [];
  let killed: Promise<void> | undefined;
  const work = async () => {
    for (;;) {
      const answer = await client
        .post("/api/posts", { content: `글 ${acknowledged.length}` })
        .catch(() => undefined);
      if (answer?.status !== 200) return;
      acknowledged.push(answer.body.data.id);
      if (acknowledged.length >= acknowledgements) killed ??= app.kill();
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
  await killed;
  return acknowledged;
}

async function missingOf(writer: Session, ids: readonly number[]): Promise<number[]> {
  const client = new Client(app.url).as(writer);
  const found = new Set<number>();
  for (let start = 0; start < ids.length; start += 1000) {
    const { body } = await client.post("/api/timeline/posts/query/list", {
      ids: ids.slice(start, start + 1000),
    });
    for (const { id } of body.data) found.add(id);
  }
  return ids.filter((id) => !found.has(id));
}
