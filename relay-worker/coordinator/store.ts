/** The coordinator's SQLite, typed: read whole once when it wakes, written through at each change. */
import { asc, eq, lte, type SQL, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/durable-sqlite";
import { migrate } from "drizzle-orm/durable-sqlite/migrator";
import { budgetMemory, type RateBudget } from "./budgets.ts";
import { type Cooldown, strikeMemory } from "./cooldowns.ts";
import type { FillRow } from "./fills.ts";
import type { LeaseRow } from "./leases.ts";
import migrations from "./migrations/bundled.js";
import { budgets, cooldowns, fills, leases } from "./schema.ts";

interface StoredPoolState {
  readonly budgets: readonly RateBudget[];
  readonly cooldowns: readonly Cooldown[];
  /** In the order of their expiry. */
  readonly leases: readonly LeaseRow[];
  /** In the order of their start. */
  readonly fills: readonly FillRow[];
}

export interface PoolStore {
  load(): StoredPoolState;
  saveBudget(row: RateBudget): void;
  saveCooldown(row: Cooldown): void;
  saveLease(row: LeaseRow): void;
  /** `isNew`: it was never saved before. */
  saveFill(row: FillRow, isNew: boolean): void;
  deleteFill(ticket: string): void;
  /** Deletes expired rows. */
  prune(now: number): void;
}

/** Brings the tables up to date. Runs before the first request of an object. */
export async function migratePoolStore(storage: DurableObjectStorage): Promise<void> {
  await migrate(drizzle(storage), migrations);
}

const value = sql.placeholder;
/** The value that an upsert wanted to insert. */
const excluded = (column: string): SQL => sql.raw(`excluded."${column}"`);

/** The store in a Durable Object's own database. Every statement is prepared once and bounded by an index. */
export function sqlitePoolStore(storage: DurableObjectStorage): PoolStore {
  const db = drizzle(storage);

  const putBudget = db
    .insert(budgets)
    .values({
      owner: value("owner"),
      bucket: value("bucket"),
      limit: value("limit"),
      remaining: value("remaining"),
      reset: value("reset"),
    })
    .onConflictDoUpdate({
      target: [budgets.owner, budgets.bucket],
      set: { limit: excluded("limit"), remaining: excluded("remaining"), reset: excluded("reset") },
    })
    .prepare();

  const putCooldown = db
    .insert(cooldowns)
    .values({
      subject: value("subject"),
      scope: value("scope"),
      target: value("target"),
      until: value("until"),
      cause: value("cause"),
      strikes: value("strikes"),
    })
    .onConflictDoUpdate({
      target: [cooldowns.subject, cooldowns.scope, cooldowns.target],
      set: { until: excluded("until"), cause: excluded("cause"), strikes: excluded("strikes") },
    })
    .prepare();

  const putLease = db
    .insert(leases)
    .values({ routeKey: value("routeKey"), identityId: value("identityId"), expires: value("expires") })
    .onConflictDoUpdate({
      target: leases.routeKey,
      set: { identityId: excluded("identity_id"), expires: excluded("expires") },
    })
    .prepare();

  const putFill = db
    .insert(fills)
    .values({
      ticket: value("ticket"),
      request: value("request"),
      startedAt: value("startedAt"),
      deadline: value("deadline"),
      used: value("used"),
      hold: value("hold"),
    })
    .onConflictDoUpdate({
      target: fills.ticket,
      set: { deadline: excluded("deadline"), used: excluded("used"), hold: excluded("hold") },
    })
    .prepare();

  const dropFill = db
    .delete(fills)
    .where(eq(fills.ticket, value("ticket")))
    .prepare();
  const expired = [
    db
      .delete(leases)
      .where(lte(leases.expires, value("now")))
      .prepare(),
    db
      .delete(cooldowns)
      .where(lte(cooldowns.until, sql`${value("now")} - ${strikeMemory}`))
      .prepare(),
    db
      .delete(budgets)
      .where(lte(budgets.reset, sql`${value("now")} - ${budgetMemory}`))
      .prepare(),
  ];

  return {
    load: () => ({
      budgets: db.select().from(budgets).all(),
      cooldowns: db.select().from(cooldowns).all(),
      leases: db.select().from(leases).orderBy(asc(leases.expires)).all(),
      fills: db.select().from(fills).orderBy(asc(fills.startedAt)).all(),
    }),
    saveBudget: (row) => putBudget.run({ ...row }),
    saveCooldown: (row) => putCooldown.run({ ...row }),
    saveLease: (row) => putLease.run({ ...row }),
    saveFill: (row) => putFill.run({ ...row }),
    deleteFill: (ticket) => dropFill.run({ ticket }),
    prune: (now) => {
      for (const statement of expired) statement.run({ now });
    },
  };
}
