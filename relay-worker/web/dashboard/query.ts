/** What of the dashboard is asked for: pool, window, and the filters of its list of requests. */
import { nameSchema } from "../../../shared/admin.ts";
import { cacheOutcomes } from "../../../shared/envelope.ts";
import { type AuditFilter, type AuditResult, auditResults } from "../../admin/audit.ts";
import { parseInput } from "../../admin/parse.ts";
import { windowSeconds } from "../../stats/window.ts";

export const windows = ["1h", "24h", "7d", "30d"] as const;
export const usualWindow = "24h";

export interface DashboardQuery {
  readonly pool: string;
  /** As it was asked for. */
  readonly since: string;
  readonly windowSeconds: number;
  readonly filter: Pick<AuditFilter, "caller" | "client" | "route" | "cache" | "result">;
  readonly cursor: string | undefined;
}

/** @throws OctopoolError invalid_window, invalid_request */
export function parseQuery(query: Readonly<Record<string, string>>, defaultPool: string): DashboardQuery {
  const { pool = defaultPool, since = usualWindow, cursor } = query;
  return {
    pool: parseInput(nameSchema, pool),
    since,
    windowSeconds: windowSeconds(since),
    filter: {
      caller: query.caller || undefined,
      client: query.client || undefined,
      route: query.route || undefined,
      cache: cacheOutcomes.find((outcome) => outcome === query.cache),
      result: auditResults.find((result): result is AuditResult => result === query.result),
    },
    cursor: cursor || undefined,
  };
}

/** The address of the dashboard with these choices; what is usual is left out. */
export function dashboardHref(
  { pool, since, filter }: Pick<DashboardQuery, "pool" | "since"> & { readonly filter?: DashboardQuery["filter"] },
  more: Readonly<Record<string, string | undefined>> = {},
): string {
  const query = new URLSearchParams({ pool, since });
  for (const [name, value] of Object.entries({ ...filter, ...more })) if (value) query.set(name, value);
  return `/dashboard?${query}`;
}
