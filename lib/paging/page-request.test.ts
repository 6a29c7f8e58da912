import { describe, expect, it } from "vitest";
import { encodeCursor } from "./cursor.ts";
import { type ListOrder, pageOf, pageRequestOrThrow, scrollOf, shownRows } from "./page-request.ts";

const byId: ListOrder<readonly [number], { id: number }> = {
  name: "things",
  keys: 1,
  keyOf: ({ id }) => [id],
};
const rows = (...ids: number[]) => ids.map((id) => ({ id }));

describe("paging", () => {
  it("takes defaults, cuts sizes to 100, and skips by page", () => {
    expect(pageRequestOrThrow(byId, {}, 20)).toEqual({ page: 0, size: 20, after: undefined, offset: 0 });
    expect(pageRequestOrThrow(byId, { page: 2, size: 500 }, 20)).toMatchObject({ size: 100, offset: 200 });
  });

  it("refuses pages beyond 10,000 rows, but not at that border", () => {
    expect(pageRequestOrThrow(byId, { page: 100, size: 100 }, 20).offset).toBe(10_000);
    expect(() => pageRequestOrThrow(byId, { page: 101, size: 100 }, 20)).toThrow(
      expect.objectContaining({ type: "PAGE_TOO_DEEP" }),
    );
  });

  it("goes on where the page before ended, and counts on", () => {
    const first = pageRequestOrThrow(byId, { size: 2 }, 20);
    const scroll = scrollOf(byId, first, rows(9, 8, 7), ["nine", "eight"]);
    expect(scroll).toMatchObject({ content: ["nine", "eight"], page: 0, size: 2, hasNext: true });
    const second = pageRequestOrThrow(byId, { size: 2, page: 7, cursor: scroll.nextCursor ?? "" }, 20);
    expect(second).toEqual({ page: 1, size: 2, after: [8], offset: 0 });
    expect(shownRows(first, rows(9, 8, 7))).toEqual(rows(9, 8));
  });

  it("has no cursor at the end, even when the last page is full", () => {
    const request = pageRequestOrThrow(byId, { size: 2 }, 20);
    expect(scrollOf(byId, request, rows(2, 1), [])).toMatchObject({ hasNext: false, nextCursor: null });
    expect(scrollOf(byId, request, [], [])).toMatchObject({ hasNext: false, nextCursor: null });
  });

  it("takes an empty cursor as absent", () => {
    expect(pageRequestOrThrow(byId, { page: 1, size: 2, cursor: "" }, 20).offset).toBe(2);
  });

  it.each([
    "x",
    "%%%",
    encodeCursor("others", { page: 1, after: [1] }),
    encodeCursor("things", { page: 1, after: [1, 2] }),
    encodeCursor("things", { page: 1, after: [] }),
    encodeCursor("things", { page: -1, after: [1] }),
    encodeCursor("things", { page: 1, after: [1.5] }),
    Buffer.from('["things",1,"1"]').toString("base64url"),
    Buffer.from('{"0":"things"}').toString("base64url"),
  ])("refuses the cursor %s", (cursor) => {
    expect(() => pageRequestOrThrow(byId, { cursor }, 20)).toThrow(
      expect.objectContaining({ type: "INVALID_CURSOR" }),
    );
  });

  it("pages by ids that are text, too", () => {
    const byTime: ListOrder<readonly [number, string], { at: number; id: string }> = {
      name: "documents",
      keys: ["integer", "uuid"],
      keyOf: ({ at, id }) => [at, id],
    };
    const documents = [2, 1].map((at) => ({ at, id: crypto.randomUUID() }));
    const first = pageRequestOrThrow(byTime, { size: 1 }, 20);
    const { nextCursor } = scrollOf(byTime, first, documents, ["newest"]);
    const second = pageRequestOrThrow(byTime, { size: 1, cursor: nextCursor ?? "" }, 20);
    expect(second.after).toEqual([2, documents[0]?.id]);
    for (const after of [[2, 1], ["2", crypto.randomUUID()], [2, "' OR 1=1"], [2]]) {
      const cursor = encodeCursor("documents", { page: 1, after });
      expect(() => pageRequestOrThrow(byTime, { cursor }, 20)).toThrow(
        expect.objectContaining({ type: "INVALID_CURSOR" }),
      );
    }
  });

  it("adds totals", () => {
    const request = pageRequestOrThrow(byId, { size: 2, page: 1 }, 20);
    expect(pageOf(scrollOf(byId, request, rows(1), ["one"]), 3)).toMatchObject({
      totalElements: 3,
      totalPages: 2,
      hasPrevious: true,
      first: false,
      last: true,
    });
  });
});
