import { MongoClient } from "mongodb";
import { configOrThrow } from "../../../config/index.ts";
import { dateIn } from "../../../config/topics.ts";
import type { ActivityType } from "../../../contracts/events.ts";
import { isRepeatable } from "../../../contracts/message-key.ts";
import { mulberry32 } from "../../random/mulberry32.ts";
import { CONSUMING, gatewayPlace, Mesh, PUBLISHING } from "../events/mesh.ts";
import type { ScenarioOptions } from "../events/scenario.ts";
import type { Verdict } from "../events/verdict.ts";
import { WriteLoad } from "../events/write-load.ts";
import { compareSnapshots, type Snapshot } from "./compare-snapshots.ts";
import { eventsCommandOrThrow } from "./events-command.ts";
import { outcomeOf } from "./outcome.ts";

type Options = Pick<ScenarioOptions, "servers" | "seed" | "say">;
type Damage = Readonly<Record<string, unknown>>;
type Activity = Snapshot & { readonly memberActivityType: ActivityType };

const WRITERS = 6;
const WRITES = 600;
/** Of a hundred records, so many are removed, and so many changed. */
const [REMOVED, CHANGED] = [15, 35];
const HOUR = 3_600_000;

/** Each of them is a mistake that somebody with access to the store could make. */
const DAMAGES: readonly ((record: Activity) => Damage)[] = [
  () => ({ postId: 999_999_999 }),
  () => ({ memberId: 999_999_999 }),
  () => ({ commentId: 999_999_999 }),
  () => ({ memberActivityType: "POST_READ" }),
  () => ({ updatedAt: new Date(Date.now() + HOUR) }),
  () => ({ updatedAt: new Date(0) }),
  () => ({ createdAt: new Date(Date.now() + HOUR) }),
  () => ({ eventId: "none" }),
  // A like that repeats an earlier day's has that day's time of creation, so its own day can't tell that it is wrong.
  ({ memberActivityType: type }) => (isRepeatable(type) ? { postId: null } : { createdAt: new Date(0) }),
];

/** Records of a day are changed and removed by hand in the document store; the day's topic is read again. */
export async function damagedDay({ servers, seed, say }: Options): Promise<Verdict> {
  const mesh = await Mesh.create(servers, "damage");
  const mongo = new MongoClient(servers.mongoUrl);
  const kafka = { KAFKA_REPLICATION_FACTOR: "2" };
  const random = mulberry32(seed);
  try {
    const { url, variables } = await gatewayPlace();
    const startedAt = Date.now();
    await mesh.start(PUBLISHING, { ...variables, ...kafka });
    await mesh.start(CONSUMING, kafka);
    const load = new WriteLoad({ urls: [url], seed, writers: WRITERS, pause: 0 });
    await load.joinOrThrow();
    await load.write(WRITES);
    await mesh.evidence.settledOrThrow();
    await mesh.stopOrThrow();
    const { differences: before } = await outcomeOf(mesh.evidence, load.ledger);

    const environment = { ...mesh.environment, ...kafka };
    const { namespace, timeZone } = configOrThrow(environment).events;
    const activities = mongo.db(namespace).collection<Activity>("member_activities");
    const look = () => activities.find().toArray();
    const whole = await look();
    for (const [index, record] of whole.entries()) {
      const lot = random() * 100;
      if (lot < REMOVED) await activities.deleteOne({ _id: record._id });
      else if (lot < REMOVED + CHANGED) {
        const damage = DAMAGES[index % DAMAGES.length]?.(record) ?? {};
        await activities.updateOne({ _id: record._id }, { $set: damage });
      }
    }
    const damaged = await look();
    const { missing, changed } = compareSnapshots(whole, damaged);
    say(`${whole.length} records: ${missing} are removed and ${changed} changed`);

    // The dates of the topics, two of them around midnight.
    const dates = new Set([startedAt, Date.now()].map((at) => dateIn(timeZone, at)));
    const replay = async (...more: readonly string[]) => {
      const reports = [];
      for (const date of dates) {
        reports.push(await eventsCommandOrThrow(environment, "replay", "--date", date, ...more));
      }
      return reports;
    };
    const dry = await replay("--dry-run");
    const untouched = compareSnapshots(damaged, await look()).differences;
    const reports = await replay();
    say(`replayed: ${JSON.stringify(reports)}`);
    const restored = compareSnapshots(whole, await look());
    const sum = (name: string) => reports.reduce((total, report) => total + (report[name] ?? 0), 0);
    return {
      figures: {
        records: whole.length,
        "removed by hand": missing,
        "changed by hand": changed,
        "events read again": sum("read"),
        "created again": sum("created"),
        rewrites: sum("rewritten"),
        "different from before the damage": restored.differences.length,
        "dry run said": JSON.stringify(dry),
      },
      differences: [
        ...before,
        ...(missing === 0 || changed === 0 ? ["nothing was damaged"] : []),
        ...untouched.map((difference) => `the dry run changed something: ${difference}`),
        ...restored.differences,
      ],
    };
  } finally {
    await mongo.close();
    await mesh.remove();
  }
}
