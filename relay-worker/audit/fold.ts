/**
 * The hourly roll-up: finished hours of the trail are added up once, into a few rows each, so that statistics need not
 * read every request again. The folded sums equal the sums of the rows, also when a row arrives late.
 */
import { gte, min, type SQL, sql } from "drizzle-orm";
import { database } from "../db/client.ts";
import { runTogether } from "../db/raw.ts";
import { auditEvents, auditFolds } from "../db/schema.ts";
import type { Deps } from "../deps.ts";
import type { Env } from "../env.ts";
import { counterNames, groups, summed } from "./dimensions.ts";

export const hourMs = 3_600_000;
/** Rows reach D1 within a second, as a rule: an hour is folded when this has passed since its end. */
const settledMs = 15 * 60_000;
/** A row older than this may belong to an hour that is folded; the difference is the longest way to D1. */
const lateMs = 10 * 60_000;
/** Hours of one run: a backlog is worked off over several, and each stays within D1's limits for a run. */
export const maxHours = 12;

export const hourOf = (at: number): number => Math.floor(at / hourMs) * hourMs;

/** Until when the trail is folded, as a value inside a statement. */
export const foldedUntil: SQL = sql`coalesce((select until from ${auditFolds}), 0)`;

/** Adds up one hour of all pools. Repeating it replaces its result. */
export function foldHour(env: Env, hour: number): SQL {
  const dimensions = JSON.stringify(["total", "caller", "client", "route", "repo", "reason", "source"]);
  const key = sql`case d.value when 'total' then '' when 'caller' then caller when 'client' then caller
    when 'route' then route when 'repo' then repo when 'reason' then reason else source end`;
  const ofHour = sql`at >= ${hour} and at < ${hour + hourMs} and pool is not null`;
  const sums = sql.join(
    Object.values(summed).map((each) => each.sql),
    sql`, `,
  );
  return sql`insert or replace into audit_hours (pool, dimension, hour, key, detail, ${counterNames})
    with asked as materialized ${groups(database(env), sql`0`, ofHour)}
    select pool, d.value, ${hour}, ${key}, case d.value when 'client' then client else '' end, ${sums}
    from asked, json_each(${dimensions}) as d where ${key} is not null group by 1, 2, 3, 4, 5`;
}

/** After rows that may have come late, in the batch that writes them. */
export function foldAgain(env: Env, ats: readonly number[], now: number): SQL[] {
  const hours = [...new Set(ats.filter((at) => at < now - lateMs).map(hourOf))];
  if (hours.length === 0) return [];
  return [...hours.map((hour) => foldHour(env, hour)), sql`update ${auditFolds} set revision = revision + 1`];
}

/** Folds the hours that are over, oldest first, and goes on where the last run stopped. */
export async function foldHours({ clock }: Deps, env: Env): Promise<void> {
  const db = database(env);
  const end = hourOf(clock() - settledMs);
  for (let run = 0; run < maxHours; run += 1) {
    const oldest = db.select({ at: min(auditEvents.at) }).from(auditEvents);
    const next = (await oldest.where(gte(auditEvents.at, foldedUntil)).get())?.at ?? end;
    const hour = hourOf(next);
    if (hour >= end) {
      await db.run(markFolded(end));
      return;
    }
    await runTogether(env, [foldHour(env, hour), markFolded(hour + hourMs)]);
  }
}

function markFolded(until: number): SQL {
  return sql`insert into ${auditFolds} (id, until) values (1, ${until})
    on conflict (id) do update set until = max(until, excluded.until) where excluded.until > until`;
}
