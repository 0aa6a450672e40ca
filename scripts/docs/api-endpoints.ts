/** The relay's endpoints with the schemas that the code itself parses and answers with. */
import { discoverySchema, loginRequestSchema, loginResponseSchema } from "../../shared/discovery.ts";
import { forwardedHeaders, relayEnvelopeSchema, relayRequestSchema } from "../../shared/envelope.ts";
import { relayGraphqlPath, relayGraphqlSchema } from "../../shared/graphql/wire.ts";
import { poolHealthSchema, poolStatsSchema } from "../../shared/stats.ts";
import { browsers } from "./api-browsers.ts";
import { operators } from "./api-operators.ts";
import { landingSchema } from "./api-schemas.ts";
import { type Endpoint, ofBody, ofCaller, since } from "./endpoint.ts";

const unauthenticated: readonly Endpoint[] = [
  {
    method: "GET",
    path: "/",
    auth: "none",
    does: "The landing page; with `Accept: application/json`, that the relay is up.",
    answer: landingSchema,
    errors: [],
  },
  {
    method: "GET",
    path: "/.well-known/octopool",
    auth: "none",
    does: "Describes this host. May be kept for five minutes (`cache-control: public, max-age=300`).",
    answer: discoverySchema,
    errors: [],
  },
  {
    method: "POST",
    path: "/v1/login/github-cli",
    auth: "none",
    does: "Exchanges a GitHub token, once, for a caller token of this machine. The GitHub token is not kept.",
    status: "201",
    body: loginRequestSchema,
    answer: loginResponseSchema,
    notes: [
      "20 attempts in 10 minutes for each address, browsers' sign-ins included; an IPv6 address counts by its /64. The refusal has `retry-after`.",
    ],
    errors: [
      ...ofBody,
      "login_rate_limited",
      "github_auth_failed",
      "org_member_denied",
      "org_verification_failed",
      "pool_denied",
      "github_identity_mismatch",
      "client_name_ambiguous",
    ],
  },
];

const github: readonly Endpoint[] = [
  {
    method: "POST",
    path: "/v1/hooks/github",
    auth: "none",
    does: "One delivery of the App's webhook, which GitHub signs. Nothing of its payload becomes an answer: the affected answers are asked for again at their next read.",
    status: "204",
    notes: [
      "`x-hub-signature-256` must be that of the body with `OCTOPOOL_WEBHOOK_SECRET`, or with `OCTOPOOL_WEBHOOK_SECRET_PREVIOUS`. The body may have 25 MiB and must be JSON, not a form. Of private repositories nothing is kept.",
    ],
    errors: ["hooks_unconfigured", "unsupported_media_type", "payload_too_large", "invalid_auth", "invalid_request"],
  },
];

const callers: readonly Endpoint[] = [
  {
    method: "POST",
    path: "/v1/github/request",
    auth: "caller",
    does: "One read of GitHub, through cache and pool. GitHub's own 4xx are inside `status`. A read that the caller's own gh must make is a 424 `fallback_local` with `details.reason`.",
    body: relayRequestSchema,
    answer: relayEnvelopeSchema,
    notes: [
      "The body may have 1 MiB. Only `GET` is relayed.",
      `Of \`headers\` these count, in any letter case: ${forwardedHeaders.map((name) => `\`${name}\``).join(", ")}; all others are dropped. Conditions of the caller's own go to GitHub, and the answer to them is not kept. \`cache-control: max-age=N\` bounds how old an answer may be, in seconds; it is not sent on.`,
      "`route_hint` is `head=` and the 40 hexadecimal digits of the commit that a pull request's head is believed to be; any other form is ignored. `not_before` is milliseconds since the epoch by the relay's clock: an answer of GitHub from before then does not count, and a later one does, from any caller's read. `cache_key` and `idempotency_key` are accepted and ignored: clients of the early contract may send them.",
      "The answer's `headers` are GitHub's `content-type`, `etag`, `last-modified` and `link`; for the caller who caused the request also its `retry-after`, `x-ratelimit-*` and `x-github-request-id`.",
      "`body` is the envelope's last member, and `x-octopool-body-offset` says at which byte its value begins.",
    ],
    errors: [
      ...ofCaller,
      ...ofBody,
      "invalid_path",
      "invalid_query",
      "method_denied",
      "fallback_local",
      "github_redirect_denied",
      "github_unreachable",
      "pool_policy_unavailable",
      "identity_misconfigured",
      "github_app_key_format",
    ],
  },
  {
    method: "POST",
    path: relayGraphqlPath,
    auth: "caller",
    does: "One GraphQL query of one public repository whose answer is the same for every caller, through cache and pool. Everything else is a 424 `fallback_local`. The envelope is that of every read, its `route_kind` is `graphql_read`.",
    body: relayGraphqlSchema,
    answer: relayEnvelopeSchema,
    notes: [
      "Which queries: [GraphQL from the pool](relay.md#graphql-from-the-pool). `max_age` bounds how old an answer may be, in seconds; 0 asks GitHub. With `held` GitHub is not asked: a held entry answers up to `max_age`, and no longer than `UNSETTLED_CI_SECONDS`, also past its own lifetime; without one the answer is a 204 without a body.",
      "An answer with `errors` is never given: the caller's own gh runs a query that GitHub refuses.",
    ],
    errors: [
      ...ofCaller,
      ...ofBody,
      "fallback_local",
      "github_unreachable",
      "pool_policy_unavailable",
      "identity_misconfigured",
      "github_app_key_format",
    ],
  },
  {
    method: "GET",
    path: "/v1/events",
    auth: "caller",
    does: "A WebSocket on which a machine gets the events of the public repositories it names; a 404 where the relay takes no webhooks.",
    query: { pool: "The caller's pool; the default pool when absent." },
    status: "101",
    notes: [
      'The machine sends `{"t":"watch","repos":["owner/name"],"epoch","since"}`, at most 200 repositories, whenever its list changes; `epoch` and `since` are those of its last event. The relay answers with a `state` and then sends `marks`: repository, tags, and when it got the event (shared/events/protocol.ts). `ping` is answered with `pong`. A caller may have 64 connections.',
    ],
    errors: [...ofCaller, "not_found", "invalid_request", "pool_policy_unavailable"],
  },
  {
    method: "GET",
    path: "/v1/pools/:pool/health",
    auth: "caller",
    does: "The pool's healthy identities and remaining rate limits.",
    answer: poolHealthSchema,
    errors: ofCaller,
  },
  {
    method: "GET",
    path: "/v1/pools/:pool/stats",
    auth: "caller",
    does: "The pool's requests in a window, and their cost.",
    query: { since, client: "Only requests of this machine." },
    answer: poolStatsSchema,
    errors: [...ofCaller, "invalid_window"],
  },
  {
    method: "DELETE",
    path: "/v1/session",
    auth: "caller",
    does: "Ends the calling token.",
    status: "204",
    errors: ["missing_auth", "invalid_auth"],
  },
];

/** Grouped for reading. Paths are as the Worker's router has them; a test compares. */
export const endpoints: Readonly<Record<string, readonly Endpoint[]>> = {
  "Without a credential": unauthenticated,
  Callers: callers,
  GitHub: github,
  Operators: operators,
  Browsers: browsers,
};
