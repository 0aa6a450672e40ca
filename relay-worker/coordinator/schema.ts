/** Tables of the coordinator's own SQLite database. Times are ms since the epoch. */
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { Hold } from "./budgets.ts";
import type { BeginRequest, Bucket, CooldownScope } from "./contract.ts";

export const budgets = sqliteTable(
  "budgets",
  {
    owner: text().notNull(),
    bucket: text().$type<Bucket>().notNull(),
    limit: integer().notNull(),
    remaining: integer().notNull(),
    reset: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.owner, table.bucket] }), index("budgets_reset").on(table.reset)],
);

export const cooldowns = sqliteTable(
  "cooldowns",
  {
    subject: text().notNull(),
    scope: text().$type<CooldownScope>().notNull(),
    target: text().notNull(),
    until: integer().notNull(),
    cause: text().notNull(),
    strikes: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.subject, table.scope, table.target] }),
    index("cooldowns_until").on(table.until),
  ],
);

export const leases = sqliteTable(
  "leases",
  {
    routeKey: text("route_key").primaryKey(),
    identityId: text("identity_id").notNull(),
    expires: integer().notNull(),
  },
  (table) => [index("leases_expires").on(table.expires)],
);

/** Fills in progress, so that an evicted coordinator still coalesces, fails over and holds their reserved spend. */
export const fills = sqliteTable("fills", {
  ticket: text().primaryKey(),
  request: text({ mode: "json" }).$type<BeginRequest>().notNull(),
  startedAt: integer("started_at").notNull(),
  deadline: integer().notNull(),
  used: text({ mode: "json" }).$type<readonly string[]>().notNull(),
  hold: text({ mode: "json" }).$type<Hold | null>(),
});
