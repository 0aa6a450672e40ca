/** The statistics as a page for people. */

import { apiCallsSaved, type PoolStats, type StatsCounters } from "../../shared/stats.ts";
import type { DaemonCounters, OwnStatus } from "../daemon-status.ts";
import type { Output } from "../io.ts";
import { bar, type Segment, sparkline, stackedBar } from "../output/bars.ts";
import { alignRows, type TableCell } from "../output/table.ts";
import { bytes, duration, humanText, windowText } from "../output/text.ts";
import type { Style } from "../style.ts";
import { type Answers, answersOf } from "./figures.ts";

/** How many lines the long lists get. */
const listed = 8;

/** The figures to print: the pool's and this machine's. */
export interface StatsReport {
  readonly relay: PoolStats;
  /** Answers of this machine's daemon since it started; null when none runs. */
  readonly daemon: DaemonCounters | null;
  /** Its reads with the caller's own token, and gh's requests through it. */
  readonly own?: OwnStatus | null;
  readonly client: string;
}

export function renderStats(
  report: StatsReport,
  { style, columns }: Pick<Output, "style" | "columns">,
): readonly string[] {
  const { relay } = report;
  const width = Math.max(20, Math.min(columns, 100) - 2);
  const title = [
    `${style.bold(`Pool ${humanText(relay.pool)}`)}`,
    `last ${windowText(relay.window_seconds)}`,
    ...(relay.client === null ? [] : [`only ${humanText(relay.client)}`]),
  ].join(style.dim(" · "));
  if (relay.totals.requests === 0)
    return [title, "", "  No requests in this window.", ...machine(report, width, style)];
  return [
    title,
    "",
    ...whoAnswered(answersOf(relay.totals), relay.totals.pushed ?? 0, width, style),
    ...overTime(relay, style),
    ...budget(relay, style),
    ...routes(relay, style),
    ...reasons(relay, style),
    ...clients(report, style),
    ...machine(report, width, style),
  ];
}

function whoAnswered(answers: Answers, pushed: number, width: number, style: Style): readonly string[] {
  const parts = [
    { name: "relay's cache", value: answers.cache - pushed, paint: style.good, plain: "#" },
    { name: "relay's cache, vouched for by events", value: pushed, paint: style.good, plain: "%" },
    { name: "shared with another's read", value: answers.coalesced, paint: style.accent, plain: "+" },
    { name: "GitHub", value: answers.github, paint: style.accent2, plain: "=" },
    { name: "left to your own gh or token", value: answers.fallback, paint: style.warn, plain: "-" },
    { name: "refused: the request was wrong or not allowed", value: answers.refused, paint: style.dim, plain: "x" },
    { name: "failed", value: answers.failed, paint: style.bad, plain: "!" },
  ];
  const total = parts.reduce((sum, part) => sum + part.value, 0);
  const sum: readonly TableCell[] = [
    `    ${style.dim("requests")}`,
    { text: style.bold(total.toLocaleString("en-US")), align: "right" },
  ];
  return shares(parts, width, style, [sum]);
}

/** A bar of the parts, and under it each part's name, count and share. */
function shares(
  all: readonly (Segment & { readonly name: string })[],
  width: number,
  style: Style,
  below: readonly (readonly TableCell[])[] = [],
): readonly string[] {
  const parts = all.filter((part) => part.value > 0);
  const total = parts.reduce((sum, part) => sum + part.value, 0);
  return [
    `  ${stackedBar(parts, width, style.enabled)}`,
    ...alignRows([
      ...parts.map((part): readonly TableCell[] => [
        `  ${style.enabled ? part.paint("■") : part.plain} ${part.name}`,
        right(part.value),
        { text: style.dim(percent(part.value, total)), align: "right" },
      ]),
      ...below,
    ]),
  ];
}

const slotNames: Readonly<Record<number, string>> = { 60: "minute", 3600: "hour", 86400: "day" };

/** Requests over time, slots without any included. */
function overTime({ timeline = [] }: PoolStats, style: Style): readonly string[] {
  if (timeline.length < 2) return [];
  const lines = [
    ["  requests", sparkline(timeline.map(({ requests }) => requests)), style.accent],
    ["  API calls", sparkline(timeline.map(({ github_calls: calls }) => calls)), style.warn],
  ] as const;
  const [first, second] = timeline.map(({ from }) => Date.parse(from));
  const slot = ((second ?? 0) - (first ?? 0)) / 1000;
  return section(
    `Over time, by ${slotNames[slot] ?? duration(slot)}`,
    style,
    alignRows(lines.map(([name, drawn, paint]) => [name, paint(drawn)])),
  );
}

/** API calls saved; below 0 the checks cost more than was saved. */
export function savedText(counters: StatsCounters, style: Style): string {
  const saved = apiCallsSaved(counters);
  return (saved < 0 ? style.warn : style.good)(saved.toLocaleString("en-US"));
}

function budget(relay: PoolStats, style: Style): readonly string[] {
  const { totals } = relay;
  return section(
    "GitHub API",
    style,
    alignRows([
      ["  API calls made", { text: style.bold(totals.github_calls.toLocaleString("en-US")), align: "right" }],
      [
        "  API calls saved",
        { text: style.bold(savedText(totals, style)), align: "right" },
        style.dim("compared with one call per read"),
      ],
      [
        "  in the relay's cache",
        right(relay.cache.entries),
        style.dim(`${relay.cache.entries === 1 ? "answer" : "answers"}, ${bytes(relay.cache.bytes)}`),
      ],
    ]),
  );
}

function routes(relay: PoolStats, style: Style): readonly string[] {
  const most = Math.max(1, ...relay.routes.map((route) => route.requests));
  return section(
    "Top routes",
    style,
    alignRows(
      relay.routes
        .slice(0, listed)
        .map((route) => [
          `  ${humanText(route.route_kind)}`,
          right(route.requests),
          `${style.accent(bar(route.requests / most, 20))}`.padEnd(20),
          { text: percent(route.hits + route.stale, route.requests), align: "right" },
          style.dim(`from cache, ${calls(route)}`),
        ]),
    ),
  );
}

function reasons(relay: PoolStats, style: Style): readonly string[] {
  return section(
    "Why the pool did not answer",
    style,
    alignRows(
      relay.fallback_reasons.slice(0, listed).map(({ reason, count }) => [`  ${humanText(reason)}`, right(count)]),
    ),
  );
}

function clients({ relay, client }: StatsReport, style: Style): readonly string[] {
  if (relay.clients.length < 2) return [];
  return section(
    "Machines",
    style,
    alignRows(
      relay.clients
        .slice(0, listed)
        .map((row) => [
          `  ${row.client === client ? style.bold(humanText(row.client)) : humanText(row.client)}`,
          style.dim(humanText(row.github_login)),
          right(row.requests),
          { text: percent(row.requests, relay.totals.requests), align: "right" },
          style.dim(calls(row) + (row.client === client ? ", this one" : "")),
        ]),
    ),
  );
}

/**
 * The relay does not see the answers from this machine's memory, so they are shown separately, with their own time
 * span.
 */
function machine(report: StatsReport, width: number, style: Style): readonly string[] {
  const { daemon, client } = report;
  if (daemon === null) return [];
  return [...pooled(daemon, client, width, style), ...ownBudget(report, style)];
}

/** Spent and saved of the caller's own budget, not the pool's. */
function ownBudget({ own: told, client }: StatsReport, style: Style): readonly string[] {
  if (!told) return [];
  const { own, via, counters } = told;
  const rows: readonly (readonly [string, number, string])[] = [
    ["  your own token, unchanged", own.unchanged, "cost nothing"],
    ["  your own token, changed or new", own.paid, "one request of your rate limit each"],
    [
      "  your own token, GraphQL",
      own.queries ?? 0,
      `${(own.points ?? 0).toLocaleString("en-US")} points of your rate limit`,
    ],
    ...Object.entries(own.hosts ?? {}).flatMap(([host, reads]): (readonly [string, number, string])[] => [
      [`  ${humanText(host)}, unchanged`, reads.unchanged, "cost nothing"],
      [`  ${humanText(host)}, changed or new`, reads.paid, "one request of your rate limit there each"],
    ]),
    ["  gh through the daemon, unchanged", via.unchanged, "cost nothing"],
    ["  gh through the daemon, shared", via.kept + via.coalesced, "cost nothing"],
    ["  gh through the daemon, REST", via.paid, "one request of your rate limit each"],
    [
      "  gh through the daemon, GraphQL",
      via.queries,
      `${via.points.toLocaleString("en-US")} points of your rate limit`,
    ],
    ["  plain gh", Math.max(0, counters.commandsHandedOver - via.commands), "commands; their cost is not known"],
  ];
  const shown = rows.filter(([, value]) => value > 0);
  return section(
    `Your own GitHub rate limit on ${humanText(client)}`,
    style,
    alignRows(shown.map(([name, value, note]) => [name, right(value), style.dim(note)])),
  );
}

function pooled(daemon: DaemonCounters, client: string, width: number, style: Style): readonly string[] {
  const reads = daemon.local + daemon.coalesced + daemon.relayed;
  if (reads === 0) return [];
  const since = duration(daemon.uptimeSeconds);
  const parts = [
    { name: "from its own memory", value: daemon.local, paint: style.good, plain: "#" },
    { name: "shared with a read in progress", value: daemon.coalesced, paint: style.accent, plain: "+" },
    { name: "asked of the relay", value: daemon.relayed, paint: style.accent2, plain: "=" },
  ];
  return section(`This machine (${humanText(client)}), since its daemon started ${since} ago`, style, [
    ...shares(parts, width, style),
    ...alignRows([
      [
        "  API calls saved here",
        { text: style.bold(style.good((daemon.local + daemon.coalesced).toLocaleString("en-US"))), align: "right" },
        style.dim("reads that did not leave this machine"),
      ],
    ]),
  ]);
}

function section(title: string, style: Style, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", style.bold(title), ...lines];
}

function right(value: number): TableCell {
  return { text: value.toLocaleString("en-US"), align: "right" };
}

function calls(row: StatsCounters): string {
  return row.github_calls === 0
    ? "no GitHub calls"
    : `${row.github_calls.toLocaleString("en-US")} GitHub ${row.github_calls === 1 ? "call" : "calls"}`;
}

/** Whole percents, but 0 % only for none and 100 % only for all. */
export function percent(part: number, whole: number): string {
  if (whole === 0 || part === 0) return "0%";
  const share = (part / whole) * 100;
  if (share < 1) return "<1%";
  if (share > 99 && part < whole) return ">99%";
  return `${Math.round(share)}%`;
}
