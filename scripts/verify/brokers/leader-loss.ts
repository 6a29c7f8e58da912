import { configOrThrow } from "../../../config/index.ts";
import { CONSUMING, gatewayPlace, Mesh, PUBLISHING } from "../events/mesh.ts";
import type { ScenarioOptions } from "../events/scenario.ts";
import type { Verdict } from "../events/verdict.ts";
import { WriteLoad } from "../events/write-load.ts";
import { eventsCommandOrThrow } from "./events-command.ts";
import { outcomeOf } from "./outcome.ts";
import { makeReplicatedTopics, type Replicas } from "./replicated-topics.ts";

type Acks = "1" | "all";
type Options = Pick<ScenarioOptions, "servers" | "seed" | "say">;

/** Broker 1 is the controller too, and stays; 2 leads half of the partitions, and dies; 3 leads none, and lags. */
const COPIES: Readonly<Record<Acks, { readonly even: Replicas; readonly odd: Replicas }>> = {
  "1": { even: [2, 3], odd: [1, 2] },
  all: { even: [2, 3, 1], odd: [1, 2, 3] },
};
const [LEADER, FOLLOWER] = ["kafka2", "kafka3"] as const;
const WRITERS = 8;
const WRITES_BEFORE = 300;
const WRITES_AFTER = 300;
/** Milliseconds that the follower hangs: the controller gives a broker up, and no longer makes it leader, after 2 s. */
const LAG = 1_000;
const MINUTE = 60_000;

/** The leader of half of the partitions is killed for good under a load, just when its follower lags behind. */
export async function leaderLoss(options: Options): Promise<Verdict> {
  const one = await lossWith("1", options);
  await options.servers.control("start", LEADER);
  const all = await lossWith("all", options);
  return {
    figures: { ...one.figures, ...all.figures },
    differences: [...one.differences, ...all.differences],
  };
}

async function lossWith(acks: Acks, { servers, seed, say }: Options): Promise<Verdict> {
  const mesh = await Mesh.create(servers, `leader${acks}`);
  const { even, odd } = COPIES[acks];
  const kafka = { KAFKA_ACKS: acks, KAFKA_REPLICATION_FACTOR: String(even.length) };
  const named = (text: string) => `acks=${acks}: ${text}`;
  try {
    const { namespace, timeZone } = configOrThrow({ ...mesh.environment, ...kafka }).events;
    await makeReplicatedTopics({
      brokers: servers.kafkaBrokers,
      namespace,
      timeZone,
      replicasOf: (partition) => (partition % 2 === 0 ? even : odd),
      minInsyncReplicas: acks === "all" ? 2 : 1,
    });
    const { url, variables } = await gatewayPlace();
    await mesh.start(PUBLISHING, { ...variables, ...kafka });
    await mesh.start(CONSUMING, kafka);
    const load = new WriteLoad({ urls: [url], seed, writers: WRITERS, pause: 0 });
    await load.joinOrThrow();
    const startedAt = Date.now();
    await load.during(async () => {
      await load.passes(WRITES_BEFORE);
      await servers.signal("SIGSTOP", FOLLOWER);
      const before = load.begun;
      await new Promise((resolve) => setTimeout(resolve, LAG));
      await servers.signal("SIGKILL", LEADER);
      await servers.signal("SIGCONT", FOLLOWER);
      say(named(`the leader is gone for good, ${load.begun - before} writes after its follower hung`));
      await load.passes(WRITES_AFTER);
    });
    await mesh.evidence.settledOrThrow();
    const first = await outcomeOf(mesh.evidence, load.ledger);
    say(named(`${first.missingInLog} of ${first.committed} events are in no topic`));
    const span = ["--from", new Date(startedAt - MINUTE).toISOString(), "--to", new Date().toISOString()];
    const { republished } = await eventsCommandOrThrow(
      { ...mesh.environment, ...kafka },
      "republish",
      ...span,
    );
    await mesh.evidence.settledOrThrow();
    await mesh.stopOrThrow();
    const last = await outcomeOf(mesh.evidence, load.ledger);
    return {
      figures: {
        [named("events committed")]: first.committed,
        [named("lost in the log with the leader")]: first.missingInLog,
        [named("activities missing because of it")]: first.lost,
        [named("events sent again")]: republished ?? 0,
        [named("still in no topic")]: last.missingInLog,
        [named("activities at the end")]: last.activities,
        [named("slowest write, ms")]: Math.round(load.ledger.slowest),
      },
      differences: [
        ...last.differences.map(named),
        ...(last.missingInLog > 0 ? [named(`${last.missingInLog} events are in no topic`)] : []),
        ...expectedLoss(acks, first).map(named),
      ],
    };
  } finally {
    await mesh.remove();
  }
}

function expectedLoss(
  acks: Acks,
  { missingInLog, differences }: Awaited<ReturnType<typeof outcomeOf>>,
): readonly string[] {
  if (acks === "1") return missingInLog > 0 ? [] : ["the leader took nothing with it: nothing is shown"];
  return [
    ...(missingInLog > 0 ? [`${missingInLog} confirmed events were lost in the log`] : []),
    ...differences.map((difference) => `before anything was sent again: ${difference}`),
  ];
}
