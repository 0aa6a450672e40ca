/** The relay's D1 tables. Times are milliseconds since the epoch. `drizzle-kit generate` turns this into migrations. */
import { sql } from "drizzle-orm";
import { index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { bodyEncodings, identityKinds } from "../../shared/envelope.ts";

export const pools = sqliteTable("pools", {
  name: text("name").primaryKey(),
  /** JSON of the policy; a policy that does not parse refuses every read. */
  policy: text("policy").notNull(),
  policyVersion: integer("policy_version").notNull().default(1),
  /** JSON `{"repo:o/r": ms, "route:kind": ms}`: entries created before do not count, in any layer. */
  purges: text("purges").notNull().default("{}"),
  createdAt: integer("created_at").notNull(),
});

export const callers = sqliteTable(
  "callers",
  {
    id: text("id").primaryKey(),
    name: text("name").notNull(),
    githubLogin: text("github_login").notNull(),
    /** GitHub's immutable id; null until the first check of a caller that an operator created. */
    githubUserId: integer("github_user_id"),
    orgLogin: text("org_login").notNull(),
    /** When membership of the organisation was last proven. */
    verifiedAt: integer("verified_at").notNull(),
    /** `admin` opens the dashboard. */
    dashboardRole: text("dashboard_role"),
    disabledAt: integer("disabled_at"),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [
    uniqueIndex("callers_github_user_id").on(table.githubUserId),
    index("callers_github_login").on(table.githubLogin),
    index("callers_dashboard_role").on(table.dashboardRole).where(sql`dashboard_role is not null`),
  ],
);

export const callerTokens = sqliteTable(
  "caller_tokens",
  {
    /** SHA-256 of the token, hexadecimal; the token itself is nowhere. */
    hash: text("hash").primaryKey(),
    id: text("id").notNull(),
    callerId: text("caller_id")
      .notNull()
      .references(() => callers.id, { onDelete: "cascade" }),
    clientName: text("client_name").notNull(),
    createdAt: integer("created_at").notNull(),
    /** 0 until it is used for the first time. */
    lastUsedAt: integer("last_used_at").notNull(),
  },
  (table) => [
    uniqueIndex("caller_tokens_id").on(table.id),
    uniqueIndex("caller_tokens_client").on(table.callerId, table.clientName),
  ],
);

export const callerPools = sqliteTable(
  "caller_pools",
  {
    callerId: text("caller_id")
      .notNull()
      .references(() => callers.id, { onDelete: "cascade" }),
    pool: text("pool").notNull(),
  },
  (table) => [primaryKey({ columns: [table.callerId, table.pool] }), index("caller_pools_pool").on(table.pool)],
);

export const identities = sqliteTable(
  "identities",
  {
    id: text("id").primaryKey(),
    pool: text("pool").notNull(),
    kind: text("kind", { enum: identityKinds }).notNull(),
    login: text("login").notNull(),
    secretRef: text("secret_ref").notNull(),
    installationId: integer("installation_id"),
    weight: real("weight").notNull().default(1),
    disabledAt: integer("disabled_at"),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [index("identities_pool").on(table.pool)],
);

export const identityScopes = sqliteTable(
  "identity_scopes",
  {
    identityId: text("identity_id")
      .notNull()
      .references(() => identities.id, { onDelete: "cascade" }),
    owner: text("owner").notNull(),
    /** Empty: every repository of the owner. */
    repo: text("repo").notNull().default(""),
    allowPrivate: integer("allow_private", { mode: "boolean" }).notNull().default(false),
  },
  (table) => [primaryKey({ columns: [table.identityId, table.owner, table.repo] })],
);

export const auditEvents = sqliteTable(
  "audit_events",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    at: integer("at").notNull(),
    /** `request`, or the name of an operator's change. */
    action: text("action").notNull(),
    requestId: text("request_id").notNull(),
    pool: text("pool"),
    callerId: text("caller_id"),
    clientName: text("client_name"),
    routeKind: text("route_kind"),
    target: text("target"),
    /** Of a GraphQL read: the names of its fields, without a value of the caller's. */
    shape: text("shape"),
    identityId: text("identity_id"),
    status: integer("status").notNull(),
    errorCode: text("error_code"),
    fallbackReason: text("fallback_reason"),
    backend: text("backend"),
    cache: text("cache"),
    coalesced: integer("coalesced", { mode: "boolean" }).notNull().default(false),
    githubCalls: integer("github_calls").notNull().default(0),
    durationMs: integer("duration_ms").notNull().default(0),
  },
  (table) => [
    index("audit_events_at").on(table.at),
    index("audit_events_pool_at").on(table.pool, table.at),
    index("audit_events_pool_client_at").on(table.pool, table.clientName, table.at),
    index("audit_events_action_at").on(table.action, table.at),
    // Few among many: a list of these reads only this index. Queries repeat the condition exactly.
    index("audit_events_failed_pool_at").on(table.pool, table.at).where(sql`status >= 400`),
    index("audit_events_changes_at").on(table.at).where(sql`action not in ('request', 'health', 'stats')`),
  ],
);

/**
 * Requests of the trail added up, one row for each pool, hour, dimension and key of it. The migration makes it a table
 * without row ids: it is its own index, which saves D1 a third of its writes.
 */
export const auditHours = sqliteTable(
  "audit_hours",
  {
    pool: text("pool").notNull(),
    dimension: text("dimension", {
      enum: ["total", "caller", "client", "route", "repo", "reason", "source"],
    }).notNull(),
    /** When the hour begins. */
    hour: integer("hour").notNull(),
    /** The caller's id, the route kind, …; empty for `total`. */
    key: text("key").notNull(),
    /** The machine's name for `client`, else empty. */
    detail: text("detail").notNull(),
    requests: integer("requests").notNull(),
    service_errors: integer("service_errors").notNull(),
    local_fallbacks: integer("local_fallbacks").notNull(),
    hits: integer("hits").notNull(),
    stale: integer("stale").notNull(),
    misses: integer("misses").notNull(),
    bypass: integer("bypass").notNull(),
    revalidated: integer("revalidated").notNull(),
    coalesced: integer("coalesced").notNull(),
    github_calls: integer("github_calls").notNull(),
    spared: integer("spared").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.pool, table.dimension, table.hour, table.key, table.detail] }),
    index("audit_hours_hour").on(table.hour),
  ],
);

/** One row: the time until which the trail is folded into `audit_hours`. */
export const auditFolds = sqliteTable("audit_folds", {
  id: integer("id").primaryKey(),
  /** Every hour that ended by then is folded. */
  until: integer("until").notNull(),
  /** Grows when a folded hour is folded again, for a row that came late. */
  revision: integer("revision").notNull().default(0),
});

export const githubCacheEntries = sqliteTable(
  "github_cache_entries",
  {
    key: text("key").primaryKey(),
    pool: text("pool").notNull(),
    routeKind: text("route_kind").notNull(),
    /** `owner/name`, lower case; empty for routes without a repository. */
    repo: text("repo").notNull(),
    status: integer("status").notNull(),
    /** JSON of the allowed response headers. */
    headers: text("headers").notNull(),
    encoding: text("encoding", { enum: bodyEncodings }).notNull(),
    /** The envelope's `body` as JSON source; null where the body is too big for D1 and lives at the edge. */
    body: text("body"),
    bytes: integer("bytes").notNull(),
    /** The body was cut: its validators and links are not passed on. */
    reduced: integer("reduced", { mode: "boolean" }).notNull(),
    etag: text("etag"),
    identityId: text("identity_id"),
    identityKind: text("identity_kind", { enum: identityKinds }),
    backend: text("backend").notNull(),
    /** When GitHub last confirmed it. */
    createdAt: integer("created_at").notNull(),
    /** When the proof under which it was read was made. */
    provenAt: integer("proven_at").notNull(),
    expiresAt: integer("expires_at").notNull(),
    staleUntil: integer("stale_until").notNull(),
  },
  (table) => [
    index("github_cache_entries_stale_until").on(table.staleUntil),
    index("github_cache_entries_pool_repo").on(table.pool, table.repo, table.bytes),
    index("github_cache_entries_pool_route").on(table.pool, table.routeKind),
  ],
);

export const githubPublicRepos = sqliteTable(
  "github_public_repos",
  {
    /** `owner/name`, lower case. */
    repo: text("repo").primaryKey(),
    verdict: text("verdict", { enum: ["public", "not_public", "moved"] }).notNull(),
    checkedAt: integer("checked_at").notNull(),
    expiresAt: integer("expires_at").notNull(),
    /** To ask again without cost, by the same identity: ETags differ for each token. */
    etag: text("etag"),
    identityId: text("identity_id"),
  },
  (table) => [index("github_public_repos_expires_at").on(table.expiresAt)],
);

export const webSessions = sqliteTable(
  "web_sessions",
  {
    /** SHA-256 of the cookie's value. */
    hash: text("hash").primaryKey(),
    callerId: text("caller_id")
      .notNull()
      .references(() => callers.id, { onDelete: "cascade" }),
    createdAt: integer("created_at").notNull(),
    expiresAt: integer("expires_at").notNull(),
  },
  (table) => [index("web_sessions_expires_at").on(table.expiresAt)],
);

export const loginAttempts = sqliteTable(
  "login_attempts",
  {
    /** SHA-256 of the address. */
    address: text("address").primaryKey(),
    windowStart: integer("window_start").notNull(),
    attempts: integer("attempts").notNull(),
  },
  (table) => [index("login_attempts_window_start").on(table.windowStart)],
);
