/** `octopool stats --by …`: one table, every row of it. */
import type { PoolStats, StatsCounters } from "../../shared/stats.ts";
import { alignRows } from "../output/table.ts";
import { humanText, windowText } from "../output/text.ts";
import type { Style } from "../style.ts";
import { percent, type StatsReport, savedText } from "./render.ts";

export const dimensions = ["repo", "route", "machine"] as const;
type StatsDimension = (typeof dimensions)[number];

type Row = StatsCounters & { readonly name: string };

const tables: Readonly<
  Record<StatsDimension, { readonly head: string; rows(stats: PoolStats): readonly Row[] | undefined }>
> = {
  repo: {
    head: "REPOSITORY",
    rows: ({ repositories }) => repositories?.map((row) => ({ ...row, name: row.repository })),
  },
  route: { head: "ROUTE", rows: ({ routes }) => routes.map((row) => ({ ...row, name: row.route_kind })) },
  machine: {
    head: "MACHINE",
    rows: ({ clients }) => clients.map((row) => ({ ...row, name: `${row.client} (${row.github_login})` })),
  },
};

export function renderBy(by: StatsDimension, { relay }: StatsReport, style: Style): readonly string[] {
  const { head, rows: rowsOf } = tables[by];
  const rows = rowsOf(relay);
  if (rows === undefined) return ["This relay does not report it: its operator should update it."];
  if (rows.length === 0) return [`Nothing in the last ${windowText(relay.window_seconds)}.`];
  const right = (text: string) => ({ text, align: "right" as const });
  const heads = [head, "READS", "FROM CACHE", "API CALLS", "SAVED"].map((text, column) =>
    column === 0 ? style.dim(text) : right(style.dim(text)),
  );
  return alignRows([
    heads,
    ...rows.map((row) => [
      humanText(row.name),
      right(row.requests.toLocaleString("en-US")),
      right(percent(row.hits + row.stale, row.requests)),
      right(style.warn(row.github_calls.toLocaleString("en-US"))),
      right(savedText(row, style)),
    ]),
  ]);
}
