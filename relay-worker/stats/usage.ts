/**
 * The reads of a pool in a window, added up: folded hours from the roll-up, the rest from the trail itself. One batch,
 * so that a fold in between is either seen in both or in neither. The answer equals that of reading every row.
 */

import { and, eq, gte, inArray, ne, or, type SQL, sql } from "drizzle-orm";
import type { DrizzleD1Database } from "drizzle-orm/d1";
import { bounded } from "../../shared/bounded.ts";
import {
  type Counts,
  type Dimension,
  type Folded,
  type FoldedPart,
  groups,
  summed,
  type Use,
} from "../audit/dimensions.ts";
import { foldedUntil, hourMs, hourOf } from "../audit/fold.ts";
import type { RelayContext } from "../context.ts";
import { database } from "../db/client.ts";
import { auditFolds, auditHours } from "../db/schema.ts";
import { memoryPart } from "../memory.ts";

export interface UsageRequest {
  readonly pool: string;
  /** The window's beginning, ms since the epoch; it has no end. */
  readonly since: number;
  /** Only this machine's requests; read from the trail, which has an index for it. */
  readonly client?: string | undefined;
  /** Wanted over time as well, in slots of this length. */
  readonly slotMs?: number | undefined;
}

export interface Usage {
  readonly totals: Counts;
  /** Most requests first, then by key. */
  readonly by: (dimension: Exclude<Dimension, "total">) => Use[];
  /** By when they begin; a slot without a request is not among them. */
  readonly slots: ReadonlyMap<number, Counts>;
}

type Group = Counts & {
  readonly slot: number;
  readonly caller: string;
  readonly client: string;
  readonly route: string | null;
  readonly repo: string | null;
  readonly reason: string | null;
  readonly source: string;
};
/** The sums of folded hours, by the first of them and the pool; D1 returns with each query whether they still hold. */
const foldedParts = memoryPart(
  () => bounded<FoldedPart>(40),
  (parts) => parts.clear(),
);

const nothingFolded: FoldedPart = { until: -1, revision: -1, sums: [], hours: [] };

/** The statements of one answer; exported so that their query plans can be looked at. */
export function usageStatements(db: DrizzleD1Database, request: UsageRequest, known: FoldedPart) {
  const { pool, since, client, slotMs } = request;
  const machine = client === undefined ? sql`` : sql` and client_name = ${client}`;
  const asked = (when: SQL) => groups(db, slotOf(slotMs), sql`pool = ${pool}${machine} and ${when}`);
  // Hours that are not whole, and questions that hours do not answer, are for the trail alone.
  const isFolded = isFoldable(request);
  const whole = isFolded ? hourOf(since + hourMs - 1) : Number.MAX_SAFE_INTEGER;
  // Bounded on both sides, SQLite would take the index without the machine for the better one.
  const early = isFolded ? sql`at >= ${since} and at < ${whole}` : sql`at >= ${since}`;
  const changed = or(ne(auditFolds.until, known.until), ne(auditFolds.revision, known.revision));
  const until = db.select({ until: auditFolds.until }).from(auditFolds).where(changed);
  const folded = and(eq(auditHours.pool, pool), gte(auditHours.hour, whole), sql`${auditHours.hour} < ${until}`);
  const { dimension, key, detail } = auditHours;
  return [
    db.select({ until: auditFolds.until, revision: auditFolds.revision }).from(auditFolds),
    asked(early),
    asked(sql`at >= max(${whole}, ${foldedUntil})`),
    db
      .select({ dimension, key, detail, ...summed })
      .from(auditHours)
      .where(and(inArray(dimension, ["caller", "client", "route", "repo", "reason", "source"]), folded))
      .groupBy(dimension, key, detail),
    db
      .select()
      .from(auditHours)
      .where(and(eq(dimension, "total"), folded)),
  ] as const;
}

/**
 * D1 binds every number as a floating-point one, and a division by it would give a fraction: so the number is written
 * into the SQL.
 */
function slotOf(slotMs: number | undefined): SQL<number> {
  return slotMs === undefined ? sql<number>`0` : sql<number>`${sql.raw(`at / ${slotMs} * ${slotMs}`)}`;
}

function isFoldable({ client, slotMs }: Pick<UsageRequest, "client" | "slotMs">): boolean {
  return client === undefined && (slotMs === undefined || slotMs % hourMs === 0);
}

export async function usage({ deps, env }: RelayContext, request: UsageRequest): Promise<Usage> {
  const { pool, since, slotMs } = request;
  const folded = foldedParts(deps.memory);
  const memoryKey = `${hourOf(since + hourMs - 1)} ${pool}`;
  const known = folded.get(memoryKey) ?? nothingFolded;
  const db = database(env);
  const [[at], early, late, sums, hours] = await db.batch(usageStatements(db, request, known));
  const isKnown = at?.until === known.until && at.revision === known.revision;
  const part = isKnown || !at ? known : { ...at, sums, hours };
  const isFolded = isFoldable(request);
  if (isFolded) folded.set(memoryKey, part);
  return addUp([...early, ...late], isFolded ? part : nothingFolded, slotMs);
}

function addUp(groups: readonly Group[], { sums, hours }: FoldedPart, slotMs: number | undefined): Usage {
  const slots = new Map<number, Counts>();
  const inSlot = (slot: number, counts: Counts) => slots.set(slot, plus(slots.get(slot), counts));
  for (const hour of hours) inSlot(slotMs ? Math.floor(hour.hour / slotMs) * slotMs : 0, hour);
  for (const group of groups) inSlot(group.slot, group);
  const all = [...sums, ...groups.flatMap(dimensionsOf)];
  return {
    slots,
    totals: [...slots.values()].reduce(plus, nothing),
    by: (dimension) => {
      const found = new Map<string, Use>();
      for (const { key, detail, ...use } of all.filter((each) => each.dimension === dimension)) {
        const name = JSON.stringify([key, detail]);
        found.set(name, { key, detail, ...plus(found.get(name), use) });
      }
      return [...found.values()].toSorted((a, b) => b.requests - a.requests || order(a, b));
    },
  };
}

function dimensionsOf(group: Group): Folded[] {
  const { caller, client, route, repo, reason, source } = group;
  const part = (dimension: Dimension, key: string, detail = "") => ({
    ...plus(undefined, group),
    dimension,
    key,
    detail,
  });
  return [
    part("caller", caller),
    part("client", caller, client),
    part("source", source),
    ...(route === null ? [] : [part("route", route)]),
    ...(repo === null ? [] : [part("repo", repo)]),
    ...(reason === null ? [] : [part("reason", reason)]),
  ];
}

const order = (a: Use, b: Use): number => {
  const [one, other] = [`${a.key}\0${a.detail}`, `${b.key}\0${b.detail}`];
  return one < other ? -1 : one > other ? 1 : 0;
};

export const nothing: Counts = {
  requests: 0,
  service_errors: 0,
  local_fallbacks: 0,
  hits: 0,
  stale: 0,
  misses: 0,
  bypass: 0,
  revalidated: 0,
  coalesced: 0,
  github_calls: 0,
  spared: 0,
};

function plus(a: Counts = nothing, b: Counts): Counts {
  return {
    requests: a.requests + b.requests,
    service_errors: a.service_errors + b.service_errors,
    local_fallbacks: a.local_fallbacks + b.local_fallbacks,
    hits: a.hits + b.hits,
    stale: a.stale + b.stale,
    misses: a.misses + b.misses,
    bypass: a.bypass + b.bypass,
    revalidated: a.revalidated + b.revalidated,
    coalesced: a.coalesced + b.coalesced,
    github_calls: a.github_calls + b.github_calls,
    spared: a.spared + b.spared,
  };
}
