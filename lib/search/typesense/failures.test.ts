import { describe, expect, it } from "vitest";
import { SearchUnavailableError } from "../search-index.ts";
import { failureOf, MissingCollectionError, NameTakenError, translated } from "./failures.ts";

describe("an answer of Typesense", () => {
  it.each([401, 403, 408, 429, 500, 502, 503, 504])("with status %i passes", (status) => {
    expect(failureOf(status, "whatever")).toBeInstanceOf(SearchUnavailableError);
  });

  it("about a lack of room passes, another refusal doesn't", () => {
    const full = "Rejecting write: running out of resource type: OUT_OF_DISK";
    expect(failureOf(422, full)).toBeInstanceOf(SearchUnavailableError);
    expect(failureOf(422, "Only upto 250 hits can be fetched per page.").name).toBe("Error");
    expect(failureOf(400, "Bad JSON.").name).toBe("Error");
  });

  it("about a collection is told from one about a field", () => {
    expect(failureOf(404, "Not Found")).toBeInstanceOf(MissingCollectionError);
    expect(failureOf(404, "No collection with name `a` found.")).toBeInstanceOf(MissingCollectionError);
    expect(failureOf(404, "Could not find a filter field named `a` in the schema.").name).toBe("Error");
    expect(failureOf(409, "A collection with name `a` already exists.")).toBeInstanceOf(NameTakenError);
  });
});

describe("an error of the client", () => {
  it("loses what it holds of the request", () => {
    const request = { headers: { "X-TYPESENSE-API-KEY": "key" }, data: "a member's text" };
    const network = Object.assign(new Error("connect ECONNREFUSED 10.0.0.1:8108"), {
      code: "ECONNREFUSED",
      config: request,
    });
    const refused = Object.assign(new Error("Request failed with HTTP code 400 | Server said: Bad JSON."), {
      httpStatus: 400,
      httpBody: request.data,
    });
    expect(translated(network)).toEqual(
      new SearchUnavailableError("Typesense can't be reached: ECONNREFUSED"),
    );
    expect(translated(refused)).toEqual(new Error("Typesense answers 400: Bad JSON."));
    expect(Object.keys(translated(network)).concat(Object.keys(translated(refused)))).not.toContain("config");
  });
});
