import { hostname } from "node:os";
import {
  type BulkheadReport,
  breakerReports,
  bulkheadReports,
  type ServiceBreakerReport,
} from "../resilience/reports.ts";

const STATES = {
  CLOSED: ["closed", "calls go through"],
  HALF_OPEN: ["half-open", "a few calls are tried"],
  OPEN: ["open", "calls are refused at once"],
} as const;

const STYLE = `body{font:15px system-ui,sans-serif;margin:2rem;color:#1d2733}
table{border-collapse:collapse}th,td{text-align:left;padding:.35rem .9rem;border-bottom:1px solid #d8dee6}
td.number{text-align:right;font-variant-numeric:tabular-nums}.open{color:#b3261e;font-weight:600}
.half-open{color:#9a6700;font-weight:600}.closed{color:#1a7f37}`;

/**
 * A page for operators: how the services that this process calls are doing, as it sees them, and how much of its own heavy
 * work is going on. No script.
 */
export function breakersPage(
  breakers: readonly ServiceBreakerReport[] = breakerReports.list(),
  bulkheads: readonly BulkheadReport[] = bulkheadReports.list(),
): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="5"><title>Breakers and queues</title>
<style>${STYLE}</style></head><body>
<h1>Breakers and queues</h1>
<p>What process ${process.pid} on ${escapeHtml(hostname())} sees of the services that it calls, now. Other processes may see
something else: <code>breakers list</code> in the REPL asks all of them.</p>
${
  breakers.length === 0
    ? "<p>It calls none yet.</p>"
    : tableOf(
        ["Service", "State", "Since", "Calls judged", "Failed", "Slow", "Refused so far"],
        breakers.map(rowOf),
      )
}
<h2>Heavy work here</h2>
${
  bulkheads.length === 0
    ? "<p>None of its services does any.</p>"
    : tableOf(
        ["Service and kind", "At work", "of at most", "Waiting", "of at most"],
        bulkheads.map(queueRowOf),
      )
}</body></html>\n`;
}

function tableOf(titles: readonly string[], rows: readonly string[]): string {
  const head = titles.map((title) => `<th>${title}</th>`).join("");
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
}

function queueRowOf({ bulkhead, running, concurrency, waiting, maxQueueSize }: BulkheadReport): string {
  return `<tr><td>${escapeHtml(bulkhead)}</td>${numbersOf(running, concurrency, waiting, maxQueueSize)}</tr>`;
}

function rowOf({
  service,
  state,
  since,
  calls,
  failureRate,
  slowRate,
  refused,
}: ServiceBreakerReport): string {
  const [name, meaning] = STATES[state];
  const numbers = numbersOf(calls, percent(failureRate), percent(slowRate), refused);
  return `<tr><td>${escapeHtml(service)}</td><td class="${name}">${name}: ${meaning}</td>
<td>${new Date(since).toISOString()}</td>${numbers}</tr>`;
}

function numbersOf(...numbers: readonly (number | string)[]): string {
  return numbers.map((number) => `<td class="number">${number}</td>`).join("");
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
