import type { Client } from "../../../test/support/client.ts";
import { COMPLAINTS } from "../support/faults.ts";
import type { Visitor } from "../support/visitor.ts";
import { openWorld, signUp } from "../support/world.ts";

/** A product in which a writer has written a post, and windows in which calls may fail. */
export interface FaultyWorld {
  readonly postId: number;
  /** What a member does from elsewhere; signs up without one where there is none. */
  apiOf(handle: string): Promise<Client>;
  open(): Promise<Visitor>;
  openAs(handle: string): Promise<Visitor>;
  /** What the browser said beyond that calls failed; calls outside of the OpenAPI file, too. */
  complaints(): string[];
  close(): Promise<void>;
}

export async function openFaultyWorld(): Promise<FaultyWorld> {
  const world = await openWorld();
  const visitors: Visitor[] = [];
  const watch = (visitor: Visitor) => {
    visitors.push(visitor);
    return visitor;
  };
  const apiOf = async (handle: string) => {
    await signUp(world.api, handle);
    return world.api.as(await world.api.login(handle));
  };
  await signUp(world.api, "writer", { displayName: "Writer" });
  const writer = await apiOf("writer");
  const postId = (await writer.post("/api/posts", { content: "A text to read" })).body.data.id;
  return {
    postId,
    apiOf,
    open: async () => watch(await world.open({ expected: COMPLAINTS })),
    openAs: async (handle) => watch(await world.openAs(handle, { expected: COMPLAINTS })),
    complaints: () => visitors.flatMap(({ complaints }) => complaints),
    close: world.close,
  };
}
