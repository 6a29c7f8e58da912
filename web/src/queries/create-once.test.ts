import { expect, it } from "vitest";
import { ApiError } from "../api/api-error.ts";
import { createOnce } from "./create-once.ts";

interface Row {
  content: string;
  createdAt: string;
}

/** A server whose answers get lost after or before it has written. */
function server(...fates: ("answered" | "lost after writing" | "lost before writing" | "refused")[]) {
  const rows: Row[] = [];
  const write = (content: string) =>
    createOnce<Row>(`post ${content}`, {
      send: async () => {
        const fate = fates.shift();
        if (fate === "refused") throw new ApiError(503, {});
        const row = { content, createdAt: new Date().toISOString() };
        if (fate !== "lost before writing") rows.unshift(row);
        if (fate !== "answered") throw new ApiError(0, {});
        return row;
      },
      recent: async () => rows,
      isIt: (row) => row.content === content,
    });
  return { rows, write };
}

it("sends again what never arrived", async () => {
  const { rows, write } = server("lost before writing", "answered");
  await expect(write("a")).rejects.toThrow();
  await write("a");
  expect(rows).toHaveLength(1);
});

it("sends no second time what had arrived", async () => {
  const { rows, write } = server("lost after writing");
  await expect(write("b")).rejects.toThrow();
  expect(await write("b")).toBe(rows[0]);
  expect(rows).toHaveLength(1);
});

it("writes the same text twice where that is meant", async () => {
  const { rows, write } = server("answered", "refused", "answered");
  await write("c");
  await expect(write("c")).rejects.toThrow();
  await write("c");
  expect(rows).toHaveLength(2);
});
