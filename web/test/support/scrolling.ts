import type { CDPSession, Page } from "playwright-core";

/** What scrolling through a list costs. */
export interface ScrollCost {
  /** Posts that came into the document on the way. */
  readonly seen: number;
  /** Most posts in the document at a time. */
  readonly mostRows: number;
}

/** Scrolls to the end of an endless list, as fast as pages come. */
export function scrollThrough(page: Page): Promise<ScrollCost> {
  return page.evaluate(async () => {
    const seen = new Set<string>();
    let mostRows = 0;
    for (let isAtEnd = false; !isAtEnd; ) {
      const { scrollY: before } = window;
      const isWhole = document.querySelector(".list-end") !== null;
      const rows = document.querySelectorAll("main article");
      for (const row of rows) seen.add(row.id);
      mostRows = Math.max(mostRows, rows.length);
      scrollBy({ top: innerHeight * 0.8, behavior: "instant" });
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      isAtEnd = isWhole && scrollY === before;
    }
    return { seen: seen.size, mostRows };
  });
}

/** What the page holds once its garbage is collected: bytes of JavaScript, and nodes of the document. */
export async function memoryOf(session: CDPSession): Promise<{ heap: number; nodes: number }> {
  await session.send("Performance.enable");
  await session.send("HeapProfiler.collectGarbage");
  const { metrics } = await session.send("Performance.getMetrics");
  const value = (wanted: string) => metrics.find(({ name }) => name === wanted)?.value ?? 0;
  return { heap: value("JSHeapUsedSize"), nodes: value("Nodes") };
}
