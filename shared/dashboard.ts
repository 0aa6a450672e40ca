/** The answer of `GET /v1/dashboard`, which the dashboard shows. Times are ISO 8601 in UTC. */
import * as z from "zod";
import { adminIdentitySchema, auditEventSchema } from "./admin.ts";
import { poolHealthSchema, poolStatsSchema } from "./stats.ts";

export const dashboardPath = "/v1/dashboard";

const count = z.number().int().nonnegative();

const budgetSchema = z.object({
  /** GitHub's name for it: `core`, `search`, … */
  resource: z.string(),
  limit: count,
  remaining: z.number().int(),
  /** Spend that reads in progress have reserved. */
  reserved: z.number(),
  reset_at: z.string(),
});
export type DashboardBudget = z.infer<typeof budgetSchema>;

const cooldownSchema = z.object({
  /** Its scope: the identity, all of its budget owner's, one route, or one budget. */
  scope: z.string(),
  target: z.string(),
  until: z.string(),
  cause: z.string(),
});

/**
 * The state of an identity for plain reads: `ready`; `limited`, ready but for a route or another budget than core;
 * `exhausted`, down to the part of its budget that the pool leaves to its owner; `cooling`; or `disabled`.
 */
const identityStates = ["ready", "limited", "exhausted", "cooling", "disabled"] as const;
const identityStateSchema = z.enum(identityStates);
export type IdentityState = z.infer<typeof identityStateSchema>;

const dashboardIdentitySchema = adminIdentitySchema.extend({
  /** `user:<login>` or `installation:<id>`: GitHub counts by this. */
  budget_owner: z.string(),
  /** Windows that GitHub has reported and that still run. */
  budgets: z.array(budgetSchema),
  cooldowns: z.array(cooldownSchema),
  /** Null when the coordinator does not answer; the disabled state is known without it. */
  state: identityStateSchema.nullable(),
});
export type DashboardIdentity = z.infer<typeof dashboardIdentitySchema>;

const timelineSlotSchema = z.object({
  from: z.string(),
  requests: count,
  /** Requests that GitHub was sent. */
  spent: count,
  /** Those among them that GitHub answered with 304, which counts against no rate limit. */
  unchanged: count,
  /** API calls saved: answers from a cache or from another request's fill. */
  spared: count,
  fallbacks: count,
});

/** The sources of answers: the cache, or GitHub by one of its ways. */
const sourceSchema = z.object({ source: z.string(), count });

const dashboardCallerSchema = z.object({
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

/** Problems that leave this answer incomplete, or the pool unable to do as configured. */
const troubles = ["coordinator_unavailable", "policy_unreadable", "purges_unreadable"] as const;
export type Trouble = (typeof troubles)[number];

const dashboardHealthSchema = poolHealthSchema.extend({
  /** Null when the coordinator does not answer. Rate limits are then left out as well. */
  identities_healthy: poolHealthSchema.shape.identities_healthy.nullable(),
});
export type DashboardHealth = z.infer<typeof dashboardHealthSchema>;

export const dashboardSchema = z.object({
  pool: z.string(),
  pools: z.array(z.string()),
  since: z.string(),
  /**
   * Up to when `stats`, `timeline`, `sources`, `cache`, the counts of `proofs` and the callers' use are counted; at
   * most 30 seconds before `now`.
   */
  until: z.string(),
  /** The time of this answer: everything else is counted up to it. */
  now: z.string(),
  window_seconds: count,
  /** How often a page should ask again. */
  refresh_seconds: count,
  /**
   * `coordinator_unavailable`: the pool's coordinator does not answer, so there is no data about budgets, cooldowns,
   * leases and reads in progress. `policy_unreadable`: every read is refused until the policy is set again.
   * `purges_unreadable`: purges of the last days do not count.
   */
  troubles: z.array(z.enum(troubles)),
  health: dashboardHealthSchema,
  stats: poolStatsSchema,
  identities: z.array(dashboardIdentitySchema),
  /** The rate limit of reads without a credential, shared by all clients behind the same address. */
  anonymous: z.array(budgetSchema),
  leases: z.array(z.object({ route: z.string(), identity: z.string(), expires_at: z.string() })),
  /** Reads of GitHub in progress, and how many wait for each. */
  fills: z.array(z.object({ key: z.string(), started_at: z.string(), followers: count })),
  /** From the slot that the window begins in; slots begin at round times, so the first one is cut. */
  timeline: z.array(timelineSlotSchema),
  sources: z.array(sourceSchema),
  /** Busiest first, then operators and other callers; at most 50. */
  callers: z.array(dashboardCallerSchema),
  callers_total: count,
  /** Logins of the callers that `requests` and `changes` name by their ids. */
  logins: z.record(z.string(), z.string()),
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
  /** The latest changes by operators. */
  changes: z.array(auditEventSchema),
});
export type Dashboard = z.infer<typeof dashboardSchema>;

const refreshes = [
  { windowSeconds: 3600, every: 10 },
  { windowSeconds: 86_400, every: 30 },
  { windowSeconds: 7 * 86_400, every: 120 },
] as const;

/** How often a page that shows a window should ask again: a long one hardly changes, and costs more. */
export function refreshSeconds(windowSeconds: number): number {
  return refreshes.find((each) => windowSeconds <= each.windowSeconds)?.every ?? 600;
}

/** `GET /v1/me`: the account of this browser session. */
export const meSchema = z.object({
  caller: z.object({
    id: z.string(),
    name: z.string(),
    github_login: z.string(),
    org_login: z.string(),
    dashboard_role: z.literal("admin"),
  }),
  /** ISO 8601, UTC. */
  session_expires_at: z.string(),
});
export type Me = z.infer<typeof meSchema>;
