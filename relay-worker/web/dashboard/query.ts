/** The dashboard's query: pool, window, and the filters of its list of requests. */
import * as z from "zod";
import { auditedOutcomes } from "../../../shared/envelope.ts";
import { type AuditFilter, auditResults } from "../../audit/list.ts";
import { parseInput } from "../../http/input.ts";
import { windowSeconds } from "../../stats/window.ts";

export const windows = ["1h", "24h", "7d", "30d"] as const;
const usualWindow = "24h";

export interface DashboardQuery {
  readonly pool: string;
  /** As it was asked for. */
  readonly since: string;
  readonly windowSeconds: number;
  readonly filter: Pick<AuditFilter, "caller" | "client" | "route" | "cache" | "result">;
  readonly cursor: string | undefined;
}

const choice = <T extends string>(allowed: readonly [T, ...T[]]) =>
  z.enum(allowed, `use ${allowed.join(", ")}, or leave it empty`).optional();

const choicesSchema = z.object({ cache: choice(auditedOutcomes), result: choice(auditResults) });

/** @throws OctopoolError invalid_window, invalid_request */
export function parseQuery(query: Readonly<Record<string, string>>, defaultPool: string): DashboardQuery {
  const { since = usualWindow, caller, client, route, cursor } = query;
  // Empty fields of the filter form do not filter.
  const { cache, result } = parseInput(choicesSchema, {
    cache: query.cache || undefined,
    result: query.result || undefined,
  });
  return {
    // The default pool is a setting of the relay; the name of a pool that does not exist is refused later.
    pool: query.pool || defaultPool,
    since,
    windowSeconds: windowSeconds(since),
    filter: { caller: caller || undefined, client: client || undefined, route: route || undefined, cache, result },
    cursor: cursor || undefined,
  };
}

/** The address of the dashboard with these choices; defaults are left out. */
export function dashboardHref(
  { pool, since, filter }: Pick<DashboardQuery, "pool" | "since"> & { readonly filter?: DashboardQuery["filter"] },
  more: Readonly<Record<string, string | undefined>> = {},
): string {
  const query = new URLSearchParams({ pool, since });
  for (const [name, value] of Object.entries({ ...filter, ...more })) if (value) query.set(name, value);
  return `/dashboard?${query}`;
}
