import { hostname } from "node:os";
import { breakerReports, type ServiceBreakerReport } from "../resilience/breaker-reports.ts";

const STATES = {
  CLOSED: ["closed", "calls go through"],
  HALF_OPEN: ["half-open", "a few calls are tried"],
  OPEN: ["open", "calls are refused at once"],
} as const;

const STYLE = `body{font:15px system-ui,sans-serif;margin:2rem;color:#1d2733}
table{border-collapse:collapse}th,td{text-align:left;padding:.35rem .9rem;border-bottom:1px solid #d8dee6}
td.number{text-align:right;font-variant-numeric:tabular-nums}.open{color:#b3261e;font-weight:600}
.half-open{color:#9a6700;font-weight:600}.closed{color:#1a7f37}`;

/** A page for operators: how the services that this process calls are doing, as it sees them. No script. */
export function breakersPage(reports: readonly ServiceBreakerReport[] = breakerReports()): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="5"><title>Breakers</title>
<style>${STYLE}</style></head><body>
<h1>Breakers</h1>
<p>What process ${process.pid} on ${escapeHtml(hostname())} sees of the services that it calls, now. Other processes may see
something else: <code>breakers list</code> in the REPL asks all of them.</p>
${
  reports.length === 0
    ? "<p>It calls none yet.</p>"
    : `<table><thead><tr><th>Service</th><th>State</th><th>Since</th>
<th>Calls judged</th><th>Failed</th><th>Slow</th><th>Refused so far</th></tr></thead>
<tbody>${reports.map(rowOf).join("")}</tbody></table>`
}</body></html>\n`;
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
  const numbers = [String(calls), percent(failureRate), percent(slowRate), String(refused)];
  return `<tr><td>${escapeHtml(service)}</td><td class="${name}">${name}: ${meaning}</td>
<td>${new Date(since).toISOString()}</td>${numbers.map((text) => `<td class="number">${text}</td>`).join("")}</tr>`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
