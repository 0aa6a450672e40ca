/** Orders the dashboard's callers: those with requests, busiest first; then operators; then the others. */
import { sql } from "drizzle-orm";
import type { DashboardCaller } from "../../../shared/dashboard.ts";
import type { Use } from "../../audit/dimensions.ts";
import type { RelayContext } from "../../context.ts";
import { database } from "../../db/client.ts";
import { callerPools, callers } from "../../db/schema.ts";
import { nothing } from "../../stats/usage.ts";
import type { CallerList } from "./remembered.ts";

const shownCallers = 50;

/** @param used most requests first */
export async function rankCallers({ env }: RelayContext, pool: string, used: readonly Use[]): Promise<CallerList> {
  const asked = JSON.stringify(used.map(({ key }) => key));
  const operators = sql`select id from ${callers} where dashboard_role is not null`;
  const members = sql`select caller_id from ${callerPools} where pool = ${pool}`;
  const db = database(env);
  const [others, [counted]] = await Promise.all([
    db.all<{ id: string }>(sql`select id from ${callers} where id in (${operators} union ${members})
      and id not in (select value from json_each(${asked}))
      order by dashboard_role is null, id limit ${Math.max(0, shownCallers - used.length)}`),
    db.all<{ total: number }>(sql`select count(*) as total from ${callers}
      where id in (${operators} union ${members} union select value from json_each(${asked}))`),
  ]);
  const ids = [...used.map(({ key }) => key), ...others.map(({ id }) => id)].slice(0, shownCallers);
  const shown = new Set(ids);
  return {
    ids,
    total: counted?.total ?? 0,
    use: new Map(used.filter(({ key }) => shown.has(key)).map((use) => [use.key, use])),
  };
}

/** Their current state; their requests are as old as the list. */
export async function describeCallers({ env }: RelayContext, { ids, use }: CallerList): Promise<DashboardCaller[]> {
  if (ids.length === 0) return [];
  const rows = await database(env)
    .select({
      id: callers.id,
      login: callers.githubLogin,
      disabledAt: callers.disabledAt,
      role: callers.dashboardRole,
      // Both sides are named in full: a select from one table writes its columns without the table.
      machines: sql<number>`(select count(*) from caller_tokens where caller_tokens.caller_id = callers.id)`,
    })
    .from(callers)
    .where(sql`${callers.id} in (select value from json_each(${JSON.stringify(ids)}))`);
  const known = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => {
    const row = known.get(id);
    if (!row) return [];
    const { requests, hits, stale, local_fallbacks: fallbacks, github_calls } = use.get(id) ?? nothing;
    return {
      id,
      github_login: row.login,
      disabled: row.disabledAt !== null,
      dashboard_role: row.role === "admin" ? "admin" : null,
      machines: row.machines,
      requests,
      hits: hits + stale,
      fallbacks,
      github_calls,
    };
  });
}
