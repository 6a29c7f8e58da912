import { describe, expect, it } from "vitest";
import type { Application } from "./application.ts";
import { banner } from "./banner.ts";
import { loadConfigOrThrow } from "./config/index.ts";

const application = { url: "http://127.0.0.1:3000" } as Application;

describe("the banner", () => {
  it("tells what is embedded", () => {
    const text = banner(loadConfigOrThrow({ DATA_DIR: "/tmp/dailyfeed" }), application);
    expect(text).toMatch(/^ {2}database +embedded SQLite, \/tmp\/dailyfeed\/dailyfeed.sqlite$/m);
    for (const store of ["documents", "events"]) {
      expect(text).toMatch(new RegExp(`^ {2}${store} +embedded, in the database$`, "m"));
    }
    expect(text).toMatch(/^ {2}search +embedded, \/tmp\/dailyfeed\/search.sqlite$/m);
    expect(text).toMatch(/^ {2}redis +embedded, in this process$/m);
  });

  it("tells where the real stores are, without their passwords", () => {
    const config = loadConfigOrThrow({
      DATABASE_URL: "mysql://app:s3cr%40t@db:3306/feed",
      MONGO_URL: "mongodb://app:s3cret@one:27017,two:27017/feed",
      REDIS_URL: "redis://:s3cret@cache:6379/0",
      KAFKA_BROKERS: "one:9092,two:9092",
      TYPESENSE_URL: "http://typesense:8108",
      TYPESENSE_API_KEY: "s3cret",
    });
    const text = banner(config, application);
    expect(text).toMatch(/^ {2}database +mysql:\/\/app:\*\*\*@db:3306\/feed$/m);
    expect(text).toMatch(/^ {2}documents +mongodb:\/\/app:\*\*\*@one:27017,two:27017\/feed$/m);
    expect(text).toMatch(/^ {2}redis +redis:\/\/:\*\*\*@cache:6379\/0$/m);
    expect(text).toMatch(/^ {2}events +Kafka, one:9092,two:9092$/m);
    expect(text).toMatch(/^ {2}search +Typesense, http:\/\/typesense:8108$/m);
    expect(text).not.toMatch(/s3cr/);
  });

  it("tells that events are handed over by call", () => {
    const text = banner(loadConfigOrThrow({ PUBLISH_TYPE: "call" }), application);
    expect(text).toMatch(/^ {2}events +by call to their consumers$/m);
  });

  it("tells of a node without services only its mesh", () => {
    const config = loadConfigOrThrow({
      SERVICES: "none",
      TRANSPORTER: "redis://:s3cret@cache:6379",
      NODE_ID: "me",
    });
    const lines = [
      "dailyfeed is ready",
      "  node      me (no services)",
      "  mesh      redis://:***@cache:6379",
    ];
    expect(banner(config, { url: undefined } as Application)).toBe(lines.join("\n"));
  });
});
