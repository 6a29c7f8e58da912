import { describe, expect, it } from "vitest";
import { inList, integer, joinSql, NO_SQL, sql, trusted } from "./sql.ts";

describe("sql", () => {
  it("binds values and inserts pieces", () => {
    const where = sql`author_id = ${7} AND id < ${9}`;
    const query = sql`SELECT ${trusted("id")} FROM posts WHERE ${where} AND title = ${"x' OR 1=1"} LIMIT ${integer(21)}${NO_SQL}`;
    expect(query.text).toBe("SELECT id FROM posts WHERE author_id = $1 AND id < $2 AND title = $3 LIMIT 21");
    expect(query.values).toEqual([7, 9, "x' OR 1=1"]);
  });

  it("joins pieces", () => {
    const query = sql`${joinSql([sql`a = ${1}`, sql`b = ${2}`, sql`c`], " OR ")};`;
    expect(query.text).toBe("a = $1 OR b = $2 OR c;");
    expect(query.values).toEqual([1, 2]);
    expect(joinSql([], " OR ").text).toBe("");
  });

  it("pads lists to few lengths", () => {
    expect(inList([1]).text).toBe("($1)");
    expect(inList([1, 2, 3]).values).toEqual([1, 2, 3, 3]);
    expect(inList([1, 2, 3]).text).toBe("($1, $2, $3, $4)");
    expect(inList([]).text).toBe("(NULL)");
    expect(sql`id IN ${inList([4, 5])} AND x = ${6}`.text).toBe("id IN ($1, $2) AND x = $3");
  });

  it.each([-1, 1.5, Number.NaN, Number.MAX_SAFE_INTEGER + 1])("writes no %o into the text", (value) => {
    expect(() => integer(value)).toThrow(RangeError);
  });
});
