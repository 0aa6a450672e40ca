/** What `GET /v1/dashboard` answers and the dashboard shows. Times are ISO 8601 in UTC. */
import { z } from "zod";
import { adminIdentitySchema, auditEventSchema } from "./admin.ts";
import { poolHealthSchema, poolStatsSchema } from "./stats.ts";

export const dashboardPath = "/v1/dashboard";

const count = z.number().int().nonnegative();

export const budgetSchema = z.object({
  /** GitHub's name for it: `core`, `search`, … */
  resource: z.string(),
  limit: count,
  remaining: z.number().int(),
  /** Spend that reads under way have reserved. */
  reserved: z.number(),
  reset_at: z.string(),
});
export type Budget = z.infer<typeof budgetSchema>;

export const cooldownSchema = z.object({
  /** What it bars: the identity, all of its budget owner's, one route, or one budget. */
  scope: z.string(),
  target: z.string(),
  until: z.string(),
  cause: z.string(),
});

export const dashboardIdentitySchema = adminIdentitySchema.extend({
  /** `user:<login>` or `installation:<id>`: GitHub counts by this. */
  budget_owner: z.string(),
  /** Windows that GitHub has told of and that still run. */
  budgets: z.array(budgetSchema),
  cooldowns: z.array(cooldownSchema),
});
export type DashboardIdentity = z.infer<typeof dashboardIdentitySchema>;

export const timelineSlotSchema = z.object({
  from: z.string(),
  requests: count,
  /** Requests that GitHub was sent. */
  spent: count,
  /** Answers from a cache or from somebody else's fill: each would have cost at least one request. */
  spared: count,
  fallbacks: count,
});
export type TimelineSlot = z.infer<typeof timelineSlotSchema>;

/** Where answers came from: the cache, or GitHub by which way. */
export const sourceSchema = z.object({ source: z.string(), count });

export const dashboardCallerSchema = z.object({
  id: z.string(),
  github_login: z.string(),
  disabled: z.boolean(),
  dashboard_role: z.literal("admin").nullable(),
  machines: count,
  requests: count,
  hits: count,
  fallbacks: count,
  github_calls: count,
});
export type DashboardCaller = z.infer<typeof dashboardCallerSchema>;

export const dashboardSchema = z.object({
  pool: z.string(),
  pools: z.array(z.string()),
  since: z.string(),
  until: z.string(),
  window_seconds: count,
  health: poolHealthSchema,
  stats: poolStatsSchema,
  identities: z.array(dashboardIdentitySchema),
  /** The budget of reads without a credential, shared with everybody behind the same address. */
  anonymous: z.array(budgetSchema),
  leases: z.array(z.object({ route: z.string(), identity: z.string(), expires_at: z.string() })),
  /** Reads of GitHub under way, and how many wait for each. */
  fills: z.array(z.object({ key: z.string(), started_at: z.string(), followers: count })),
  timeline: z.array(timelineSlotSchema),
  sources: z.array(sourceSchema),
  callers: z.array(dashboardCallerSchema),
  /** Biggest first. */
  cache: z.array(z.object({ route_kind: z.string(), entries: count, bytes: count, fresh: count })),
  proofs: z.object({
    public: count,
    not_public: count,
    moved: count,
    recent: z.array(
      z.object({ repo: z.string(), verdict: z.string(), checked_at: z.string(), expires_at: z.string() }),
    ),
  }),
  requests: z.object({ events: z.array(auditEventSchema), next_cursor: z.string().nullable() }),
  /** What operators changed last. */
  changes: z.array(auditEventSchema),
});
export type Dashboard = z.infer<typeof dashboardSchema>;
