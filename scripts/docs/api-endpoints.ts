/** The relay's endpoints with the schemas that the code itself parses and answers with. */
import type { z } from "zod";
import {
  auditPageSchema,
  callerListSchema,
  createCallerAnswerSchema,
  createCallerSchema,
  identityAnswerSchema,
  identityListSchema,
  patchCallerSchema,
  patchIdentitySchema,
  policyAnswerSchema,
  policyPatchSchema,
  poolListSchema,
  purgeAnswerSchema,
  upsertIdentitySchema,
} from "../../shared/admin.ts";
import { dashboardSchema } from "../../shared/dashboard.ts";
import { discoverySchema, loginRequestSchema, loginResponseSchema } from "../../shared/discovery.ts";
import { relayEnvelopeSchema, relayRequestSchema } from "../../shared/envelope.ts";
import { poolHealthSchema, poolStatsSchema } from "../../shared/stats.ts";

export interface Endpoint {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  /** Whose credential it takes. */
  readonly auth: "nobody's" | "caller" | "operator" | "session";
  readonly does: string;
  readonly body?: z.ZodType;
  readonly answer?: z.ZodType;
}

/** Grouped for reading. Paths are as the Worker's router has them; a test compares. */
export const endpoints: Readonly<Record<string, readonly Endpoint[]>> = {
  Anybody: [
    {
      method: "GET",
      path: "/",
      auth: "nobody's",
      does: 'The landing page; with `Accept: application/json`, `{"ok":true,"service":"octopool",…}` while the relay is up.',
    },
    {
      method: "GET",
      path: "/.well-known/octopool",
      auth: "nobody's",
      does: "What this host is.",
      answer: discoverySchema,
    },
    {
      method: "POST",
      path: "/v1/login/github-cli",
      auth: "nobody's",
      does: "Exchanges a GitHub token, once, for a caller token of this machine (201). The GitHub token is not kept. 20 attempts in ten minutes for each address.",
      body: loginRequestSchema,
      answer: loginResponseSchema,
    },
  ],
  Callers: [
    {
      method: "POST",
      path: "/v1/github/request",
      auth: "caller",
      does: "One read of GitHub, through cache and pool. GitHub's own 4xx ride inside `status`. What the caller's own gh must do is a 424 `fallback_local` with `details.reason`.",
      body: relayRequestSchema,
      answer: relayEnvelopeSchema,
    },
    {
      method: "GET",
      path: "/v1/pools/:pool/health",
      auth: "caller",
      does: "What the pool could still do.",
      answer: poolHealthSchema,
    },
    {
      method: "GET",
      path: "/v1/pools/:pool/stats",
      auth: "caller",
      does: "What was asked in a window: `since` is `30m`, `24h`, `7d` or a number of hours, at most 30 days; `client` names one machine.",
      answer: poolStatsSchema,
    },
    { method: "DELETE", path: "/v1/session", auth: "caller", does: "Ends the calling token (204)." },
  ],
  Operators: [
    { method: "GET", path: "/v1/admin/pools", auth: "operator", does: "All pools.", answer: poolListSchema },
    {
      method: "GET",
      path: "/v1/admin/pools/:pool/policy",
      auth: "operator",
      does: "A pool's policy.",
      answer: policyAnswerSchema,
    },
    {
      method: "PATCH",
      path: "/v1/admin/pools/:pool/policy",
      auth: "operator",
      does: "Changes the members that are named.",
      body: policyPatchSchema,
      answer: policyAnswerSchema,
    },
    {
      method: "DELETE",
      path: "/v1/admin/pools/:pool/cache",
      auth: "operator",
      does: "Purges `?repo=OWNER/NAME` or `?route=KIND`.",
      answer: purgeAnswerSchema,
    },
    {
      method: "GET",
      path: "/v1/admin/pools/:pool/coordinator",
      auth: "operator",
      does: "Budgets, cooldowns, leases and reads under way, as the pool's Durable Object holds them.",
    },
    {
      method: "GET",
      path: "/v1/admin/pools/:pool/identities",
      auth: "operator",
      does: "A pool's identities.",
      answer: identityListSchema,
    },
    {
      method: "POST",
      path: "/v1/admin/pools/:pool/identities",
      auth: "operator",
      does: "Adds an identity or replaces the one of that id; its scopes are replaced.",
      body: upsertIdentitySchema,
      answer: identityAnswerSchema,
    },
    {
      method: "PATCH",
      path: "/v1/admin/pools/:pool/identities/:id",
      auth: "operator",
      does: "Disables, enables or re-weights.",
      body: patchIdentitySchema,
      answer: identityAnswerSchema,
    },
    {
      method: "POST",
      path: "/v1/admin/callers",
      auth: "operator",
      does: "A caller and a token, shown this once (201).",
      body: createCallerSchema,
      answer: createCallerAnswerSchema,
    },
    {
      method: "GET",
      path: "/v1/admin/callers",
      auth: "operator",
      does: "Callers, page by page: `pool`, `limit`, `cursor`.",
      answer: callerListSchema,
    },
    { method: "GET", path: "/v1/admin/callers/:id", auth: "operator", does: "One caller, as in the list." },
    {
      method: "PATCH",
      path: "/v1/admin/callers/:id",
      auth: "operator",
      does: "Disables or enables; grants or withdraws the dashboard.",
      body: patchCallerSchema,
    },
    {
      method: "DELETE",
      path: "/v1/admin/callers/:id/tokens/:token",
      auth: "operator",
      does: "Revokes one machine's token.",
    },
    {
      method: "GET",
      path: "/v1/admin/audit",
      auth: "operator",
      does: "The audit trail, newest first: `pool`, `action`, `limit`, `cursor`.",
      answer: auditPageSchema,
    },
  ],
  Browsers: [
    {
      method: "GET",
      path: "/login/github",
      auth: "nobody's",
      does: "Leads to GitHub to sign in; `next` is a path on this host.",
    },
    {
      method: "GET",
      path: "/login/github/callback",
      auth: "nobody's",
      does: "Where GitHub sends the browser back to.",
    },
    { method: "POST", path: "/logout", auth: "session", does: "Ends the session." },
    { method: "GET", path: "/dashboard", auth: "session", does: "The operator's view." },
    {
      method: "GET",
      path: "/dashboard/actions/:action",
      auth: "session",
      does: "Asks once more before something is changed.",
    },
    {
      method: "POST",
      path: "/dashboard/actions/:action",
      auth: "session",
      does: "Changes it: a form with the page's token.",
    },
    { method: "GET", path: "/v1/me", auth: "session", does: "Whose session this is." },
    {
      method: "GET",
      path: "/v1/dashboard",
      auth: "session",
      does: "The operator's view as JSON. Takes `pool`, `since` and the filters `caller`, `client`, `route`, `cache`, `result`, `cursor`.",
      answer: dashboardSchema,
    },
  ],
};
