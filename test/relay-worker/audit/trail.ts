/** Rows of the audit trail as tests want them, and their sums when each is looked at. */
import { env } from "cloudflare:workers";
import type { Counts, Dimension } from "../../../relay-worker/audit/dimensions.ts";
import { type AuditRow, auditRow } from "../../../relay-worker/audit/row.ts";
import type { RelayContext } from "../../../relay-worker/context.ts";
import { RelayMemory } from "../../../relay-worker/memory.ts";

export const hour = 3_600_000;

/** An isolate's surroundings; nothing is remembered but its own memory. */
export function isolate(vars: Record<string, unknown> = {}): RelayContext {
  const deps = {
    clock: () => Date.now(),
    memory: new RelayMemory(),
    fetch: () => Promise.reject(new Error("no network")),
    pause: () => Promise.resolve(),
  };
  return { deps, env: { ...env, ...vars }, requestId: "r", background: () => {} };
}

export function request(at: number, more: Partial<AuditRow> = {}): AuditRow {
  const told = { pool: "maintainers", callerId: "caller_a", clientName: "desk", routeKind: "pr_view", cache: "hit" };
  return { ...auditRow(at, "request", "r"), ...told, backend: "memory", ...more };
}

/** Columns that the first release did not know. */
const newer: readonly string[] = ["shape"];

/** As they stand in the table, with any time of arrival; by the first release's code, or by ours. */
export async function insert(rows: readonly AuditRow[], { first = false } = {}): Promise<void> {
  const column = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const names = Object.keys(auditRow(0, "", "")).filter((name) => !(first && newer.includes(name)));
  await env.DB.prepare(
    `insert into audit_events (${names.map(column).join(", ")})
     select ${names.map((name) => `value ->> '$.${name}'`).join(", ")} from json_each(?)`,
  )
    .bind(JSON.stringify(rows))
    .run();
}

const tests: Record<keyof Counts, (row: AuditRow) => number | boolean> = {
  requests: () => 1,
  service_errors: ({ status }) => status >= 500,
  local_fallbacks: ({ status }) => status === 424,
  hits: ({ cache }) => cache === "hit",
  stale: ({ cache }) => cache === "stale",
  misses: ({ cache }) => cache === "miss",
  bypass: ({ cache }) => cache === "bypass",
  revalidated: ({ cache }) => cache === "revalidated",
  coalesced: ({ coalesced }) => coalesced,
  github_calls: ({ githubCalls }) => githubCalls,
  spared: ({ cache, coalesced }) => cache === "hit" || cache === "stale" || coalesced,
};

export const countsOf = (rows: readonly AuditRow[]): Record<string, number> =>
  Object.fromEntries(
    Object.entries(tests).map(([name, of]) => [name, rows.reduce((sum, row) => sum + Number(of(row)), 0)]),
  );

function sourceOf({ status, cache, coalesced, backend }: AuditRow): string {
  if (status === 424) return "fallback";
  if (status >= 400) return "error";
  if (cache === "stale") return "stale";
  if (coalesced) return "coalesced";
  return cache === "revalidated" ? "revalidated" : (backend ?? "none");
}

const keys: Record<Exclude<Dimension, "total">, (row: AuditRow) => string | null> = {
  caller: ({ callerId }) => callerId ?? "",
  client: ({ callerId, clientName }) => `${callerId ?? ""} ${clientName ?? ""}`,
  route: ({ routeKind }) => routeKind,
  repo: ({ target }) => target,
  reason: ({ fallbackReason }) => fallbackReason,
  source: sourceOf,
};

/** Rows by their dimensions: the answer that statistics must give. */
export function scan(rows: readonly AuditRow[], dimension: Exclude<Dimension, "total">): Record<string, unknown> {
  const named = rows.filter((row) => keys[dimension](row) !== null);
  const groups = Object.groupBy(named, (row) => keys[dimension](row) ?? "");
  return Object.fromEntries(Object.entries(groups).map(([key, group = []]) => [key, countsOf(group)]));
}
