import { randomPassword } from "./client/password.ts";
import { RestClient } from "./client/rest-client.ts";
import { parseGraphOrThrow, parseTextsOrThrow, readInputFile } from "./import/input.ts";
import { HandleTakenError, loadImport } from "./import/load.ts";
import { type ImportPlan, planImport } from "./import/plan.ts";
import { ImportState } from "./import/state.ts";
import { Options, runScript } from "./terminal/options.ts";
import { type Progress, startProgress } from "./terminal/progress.ts";

const USAGE = `usage: npm run import -- --graph FILE --texts FILE [options]
  --graph FILE      lines "u v": each pair follows each other
  --texts FILE      tab-separated, with a header line that names a column "text"
  --limit N         texts that become posts (default: two thirds of them)
  --comments M      further texts that become comments (default: those that are left)
  --likes L         likes to draw (default: as many as posts)
  --url U           the running system (default: http://localhost:3000)
  --prefix P        handles are P_<node> (default: member)
  --password P      the members' password (default: a random one)
  --concurrency C   requests under way at once (default: 8)
  --state FILE      where to note what is done, to resume (default: P.import-state.jsonl)`;

const OPTIONS = [
  "graph",
  "texts",
  "limit",
  "comments",
  "likes",
  "url",
  "prefix",
  "password",
  "concurrency",
  "state",
] as const;

async function main(): Promise<void> {
  const options = new Options(OPTIONS, USAGE);
  const url = options.url("url", "http://localhost:3000");
  const prefix = options.matching("prefix", /^[a-zA-Z0-9_]{1,20}$/, "member");
  const concurrency = options.integer("concurrency", 1, 64) ?? 8;
  const [graphPath, textsPath] = [options.textOrThrow("graph"), options.textOrThrow("texts")];
  const graph = await readInputFile(graphPath);
  const texts = await readInputFile(textsPath);
  const usable = parseTextsOrThrow(texts.text);
  const posts = options.integer("limit", 0) ?? Math.floor((2 * usable.length) / 3);
  const sizes = {
    posts,
    comments: options.integer("comments", 0) ?? (posts === 0 ? 0 : Math.max(0, usable.length - posts)),
    likes: options.integer("likes", 0) ?? posts,
  };
  const plan = planImport(parseGraphOrThrow(graph.text), usable, sizes, prefix);
  const state = new ImportState(
    options.text("state") ?? `${prefix}.import-state.jsonl`,
    { graph: graph.digest, texts: texts.digest, prefix, ...sizes },
    () => options.text("password") ?? randomPassword(),
  );
  const before = progressOf(state);
  state.recordRun(concurrency);
  let shown: Progress | undefined;
  const client = new RestClient({
    baseUrl: url,
    onRateLimited: (milliseconds) => shown?.note(`rate limit: waits ${Math.ceil(milliseconds / 1000)} s`),
  });
  const started = performance.now();
  const onProgress = (progress: Progress): void => {
    shown = progress;
  };
  const report = (): void => {
    const seconds = (performance.now() - started) / 1000;
    const { requests, rateLimitWaits, repeats } = client.statistics;
    console.log(summary(plan, before, progressOf(state)));
    console.log(
      `${seconds.toFixed(1)} s, ${requests} requests, ${rateLimitWaits} waits for a rate limit, ${repeats} repeats`,
    );
  };
  try {
    await loadImport({ client, plan, state, concurrency, startProgress, onProgress });
  } catch (error) {
    if (error instanceof HandleTakenError && state.memberIds.size === 0) state.discard();
    else {
      report();
      state.close();
      console.error("The import stopped before its end. Give the same command again to resume it.");
    }
    throw error;
  }
  report();
  state.close();
  console.log(`Imported into ${url}.`);
  console.log(`Log in as ${plan.members[0]?.email} with ${state.password} (so do all imported members).`);
}

interface Counts {
  readonly members: number;
  readonly follows: number;
  readonly posts: number;
  readonly comments: number;
  readonly likes: number;
}

function progressOf(state: ImportState): Counts {
  return {
    members: state.memberIds.size,
    follows: state.followsDone,
    posts: state.postIds.length,
    comments: state.commentIds.size,
    likes: state.likesDone,
  };
}

function summary(plan: ImportPlan, before: Counts, after: Counts): string {
  const lines = (Object.keys(after) as (keyof Counts)[]).map((name) => {
    const earlier = before[name] > 0 ? ` (${before[name]} by earlier runs)` : "";
    return `${name.padEnd(9)} ${String(after[name]).padStart(7)} of ${plan[name].length}${earlier}`;
  });
  const dropped = plan.droppedFollows;
  if (dropped > 0) lines.push(`${dropped} follows left out: a member follows at most 1000 others`);
  return lines.join("\n");
}

await runScript(main);
