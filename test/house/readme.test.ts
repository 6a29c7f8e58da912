import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type { ServiceSchema } from "moleculer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Config } from "../../config/index.ts";
import { JOBS } from "../../config/jobs.ts";
import { SERVICE_NAMES } from "../../config/services.ts";
import { endpointsOf } from "../../services/api/endpoints.ts";
import authService from "../../services/auth/auth.service.ts";
import contentService from "../../services/content/content.service.ts";
import memberService from "../../services/member/member.service.ts";
import timelineService from "../../services/timeline/timeline.service.ts";
import { insertMember } from "../support/fixtures.ts";
import { type ServiceUnderTest, startServices } from "../support/service.ts";

/** The services that the README shows work as printed. */

const folder = `test/.readme-${process.pid}`;

type Factory = (config: Config) => ServiceSchema;

async function shown(name: string): Promise<Factory> {
  const readme = readFileSync("README.md", "utf8");
  const block = new RegExp(`<!-- ${name} -->\\s+\`\`\`ts\\n([\\s\\S]*?)\`\`\``).exec(readme)?.[1];
  if (!block) throw new Error(`The README shows no ${name}`);
  const file = `${folder}/${name}.service.ts`;
  writeFileSync(file, block);
  const module = (await import(pathToFileURL(file).href)) as { default: Factory };
  return module.default;
}

beforeAll(() => mkdirSync(folder, { recursive: true }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the README's service", () => {
  it("answers, checks what it takes, and is published", async () => {
    const service = await shown("service");
    const app = await startServices(service);
    expect(await app.call("greeting.greet", { name: "Mina" }, 7)).toEqual({
      text: "Hello Mina, from member 7",
    });
    await expect(app.call("greeting.greet", { name: "x".repeat(31) }, 7)).rejects.toMatchObject({
      type: "VALIDATION_ERROR",
    });
    expect(endpointsOf([service(app.config)])[0]).toMatchObject({ method: "GET", path: "/greetings/{name}" });
    await app.stop();
  });
});

describe("the README's consumer", () => {
  let app: ServiceUnderTest;
  const found: number[] = [];
  let author: number;

  beforeAll(async () => {
    const listener = () => ({
      name: "listener",
      events: {
        "profanity.found": (ctx: { params: { postId: number } }) => {
          found.push(ctx.params.postId);
        },
      },
    });
    const services = [
      authService,
      memberService,
      contentService,
      timelineService,
      await shown("consumer"),
      listener,
    ];
    app = await startServices({ publishing: "on" }, ...(services as Factory[]));
    author = await insertMember(app.database, "author");
  });
  afterAll(async () => {
    await app.stop();
  });

  it("sees posts after they were written, with no change where they are", async () => {
    await app.call("content.createPost", { content: "a nice day" }, author);
    const { id } = await app.call<{ id: number }>("content.createPost", { content: "damn rain" }, author);
    await expect.poll(() => found, { timeout: 20_000 }).toEqual([id]);
  });
});

describe("the README's tables", () => {
  const readme = readFileSync("README.md", "utf8");

  it("list every role", () => {
    const roles = [...readme.matchAll(/^\| `([a-z]+)` \| .* \| .* \|$/gm)].map(([, name]) => name);
    expect(roles).toEqual(SERVICE_NAMES);
  });

  it("list every job as it is", () => {
    const rows = [...readme.matchAll(/^\| `([a-z-]+)` \| `([^`]+)` \| (.*) \|$/gm)];
    expect(rows.map(([, name, schedule, purpose]) => ({ name, schedule, purpose }))).toEqual(
      JOBS.map(({ name, schedule, purpose }) => ({ name, schedule, purpose })),
    );
  });
});
