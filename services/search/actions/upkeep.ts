import { Type } from "@sinclair/typebox";
import { Count, Nothing, StringEnum } from "../../../contracts/dto/scalars.ts";
import { searchAction } from "../search.types.ts";

/** Milliseconds: a rebuild walks over everything there is. */
const TIMEOUT = 24 * 3_600_000;

const COUNTS = { posts: Count, comments: Count, members: Count };
const Counts = Type.Object(COUNTS);
const Outcome = StringEnum(["DONE", "ELSEWHERE"], { description: "ELSEWHERE: another node is at it" });

export const reindex = searchAction({
  summary: "Build the search index anew beside the one that serves, and switch to it",
  params: Nothing,
  returns: Type.Object({ outcome: Outcome, ...Type.Partial(Counts).properties }),
  timeout: TIMEOUT,
  handler() {
    return this.upkeep.rebuild();
  },
});

export const reindexProgress = searchAction({
  summary: "What this node's rebuild has indexed so far; nothing while there is none",
  params: Nothing,
  returns: Type.Object({ isRunning: Type.Boolean(), ...Type.Partial(Counts).properties }),
  handler() {
    const { progress } = this.upkeep;
    return { isRunning: progress !== undefined, ...progress };
  },
});

export const checkDrift = searchAction({
  summary: "Compare the ids of the search index with those that exist, and put right what differs",
  params: Nothing,
  returns: Type.Object({
    outcome: Outcome,
    missing: Type.Optional(Counts),
    surplus: Type.Optional(Counts),
  }),
  timeout: TIMEOUT,
  async handler() {
    const drift = await this.upkeep.checkDrift();
    if (drift.outcome === "DONE") this.logger.info(drift, "the search index was compared");
    return drift;
  },
});
