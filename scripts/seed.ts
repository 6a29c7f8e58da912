import { join } from "node:path";
import { loadConfigOrThrow } from "../config/index.ts";
import { randomPassword } from "./client/password.ts";
import { RestClient } from "./client/rest-client.ts";
import { DemoPasswordError, emailOf, loadSeed, type SeedCounts } from "./seed/load.ts";
import { DEMO_MEMBERS } from "./seed/members.ts";
import { planSeed } from "./seed/plan.ts";
import { forgetPassword, rememberedPassword, rememberPassword } from "./seed/remembered-password.ts";
import { ENGLISH_TEXTS } from "./seed/texts-en.ts";
import { KOREAN_TEXTS } from "./seed/texts-ko.ts";
import { Options, runScript } from "./terminal/options.ts";
import { type Progress, startProgress } from "./terminal/progress.ts";

const USAGE = `usage: npm run seed [-- options]
  --url U        the running system (default: http://localhost:3000)
  --password P   of all demo members (default: a random one, kept in DATA_DIR/seed-passwords.json for repeated runs)`;

async function main(): Promise<void> {
  const options = new Options(["url", "password"], USAGE);
  const url = options.url("url", "http://localhost:3000");
  const file = join(loadConfigOrThrow().dataDir, "seed-passwords.json");
  const given = options.text("password");
  const remembered = given === undefined ? await rememberedPassword(file, url) : undefined;
  const password = given ?? remembered ?? randomPassword();
  // Kept before the first sign-up: else an interrupted run could not be continued.
  if (given === undefined && remembered === undefined) await rememberPassword(file, url, password);

  let shown: Progress | undefined;
  const client = new RestClient({
    baseUrl: url,
    onRateLimited: (milliseconds) => shown?.note(`rate limit: waits ${Math.ceil(milliseconds / 1000)} s`),
  });
  const plan = planSeed(DEMO_MEMBERS, { ko: KOREAN_TEXTS, en: ENGLISH_TEXTS });
  const onProgress = (progress: Progress): void => {
    shown = progress;
  };
  const counts = await loadSeed({ client, plan, password, startProgress, onProgress }).catch(
    async (error: unknown) => {
      if (!(error instanceof DemoPasswordError)) throw error;
      if (given === undefined) await forgetPassword(file, url);
      throw new Error(
        `${error.message}. Members that exist keep theirs: ` +
          "give the password that the first run printed with --password. Nothing was changed.",
      );
    },
  );
  console.log(summary(counts));
  const [first] = DEMO_MEMBERS;
  if (first) console.log(`\nDemo log-in at ${url}:\n  e-mail    ${emailOf(first)}\n  password  ${password}`);
  console.log(`All ${DEMO_MEMBERS.length} demo members have this password: handle@demo.example.`);
}

function summary(counts: SeedCounts): string {
  return Object.entries(counts)
    .map(([name, { created, found }]) => {
      const total = String(created + found).padStart(5);
      return `${name.padEnd(13)} ${total}   ${created} new, ${found} there already`;
    })
    .join("\n");
}

await runScript(main);
