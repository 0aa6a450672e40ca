/** The operator's endpoints. */
import {
  auditPageSchema,
  callerListSchema,
  createCallerAnswerSchema,
  createCallerSchema,
  forgetCallerAnswerSchema,
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
import { callerAnswerSchema, snapshotSchema } from "./api-schemas.ts";
import { type Endpoint, ofBody, ofOperator, paging } from "./endpoint.ts";

const admin = (endpoint: Omit<Endpoint, "auth" | "errors"> & Partial<Pick<Endpoint, "errors">>): Endpoint => ({
  ...endpoint,
  auth: "operator",
  errors: [...ofOperator, ...(endpoint.body ? ofBody : []), ...(endpoint.errors ?? [])],
});

const named = "`:pool` has 1 to 128 letters, digits, `.`, `_` and `-`.";

export const operators: readonly Endpoint[] = [
  admin({ method: "GET", path: "/v1/admin/pools", does: "All pools.", answer: poolListSchema }),
  admin({
    method: "GET",
    path: "/v1/admin/pools/:pool/policy",
    does: "A pool's policy.",
    answer: policyAnswerSchema,
    notes: [named],
    errors: ["invalid_request", "pool_policy_unavailable"],
  }),
  admin({
    method: "PATCH",
    path: "/v1/admin/pools/:pool/policy",
    does: "Changes the members that are named; where the stored policy cannot be read, all four must be.",
    body: policyPatchSchema,
    answer: policyAnswerSchema,
    errors: ["invalid_policy"],
  }),
  admin({
    method: "DELETE",
    path: "/v1/admin/pools/:pool/cache",
    does: "Purges in every layer the answers of one repository or of one route kind.",
    query: { repo: "`OWNER/NAME`; this or `route`.", route: "A route kind, as `relay.route_kind` names it." },
    answer: purgeAnswerSchema,
    errors: ["invalid_request"],
  }),
  admin({
    method: "GET",
    path: "/v1/admin/pools/:pool/coordinator",
    does: "Budgets, cooldowns, leases and reads in progress, as the pool's Durable Object holds them.",
    answer: snapshotSchema,
    notes: ["Times here are milliseconds since the epoch: `now`, `reset`, `until`, `expires`, `startedAt`."],
    errors: ["invalid_request"],
  }),
  admin({
    method: "GET",
    path: "/v1/admin/pools/:pool/identities",
    does: "A pool's identities.",
    answer: identityListSchema,
    errors: ["invalid_request"],
  }),
  admin({
    method: "POST",
    path: "/v1/admin/pools/:pool/identities",
    does: "Adds an identity or replaces the one of that id; its scopes are replaced.",
    body: upsertIdentitySchema,
    answer: identityAnswerSchema,
    notes: [
      "A `github_app` needs `installation_id`, above 0. `secret_ref` cannot name one of the relay's own secrets.",
    ],
    errors: ["installation_id_required", "identity_conflict"],
  }),
  admin({
    method: "PATCH",
    path: "/v1/admin/pools/:pool/identities/:id",
    does: "Disables, enables or changes the weight.",
    body: patchIdentitySchema,
    answer: identityAnswerSchema,
    notes: ["Names at least one of them."],
  }),
  admin({
    method: "DELETE",
    path: "/v1/admin/pools/:pool/identities/:id",
    does: "Removes an identity with its scopes, and answers with the removed ones. Its secret stays with the Worker.",
    answer: identityAnswerSchema,
    errors: ["invalid_request"],
  }),
  admin({
    method: "POST",
    path: "/v1/admin/callers",
    does: "A caller and a token, shown only once.",
    status: "201",
    body: createCallerSchema,
    answer: createCallerAnswerSchema,
  }),
  admin({
    method: "GET",
    path: "/v1/admin/callers",
    does: "Callers, by id.",
    query: { pool: "Only callers that this pool is granted to.", ...paging },
    answer: callerListSchema,
    errors: ["invalid_request"],
  }),
  admin({
    method: "GET",
    path: "/v1/admin/callers/:id",
    does: "One caller, as in the list.",
    answer: callerAnswerSchema,
  }),
  admin({
    method: "PATCH",
    path: "/v1/admin/callers/:id",
    does: "Disables or enables; grants or withdraws the dashboard.",
    body: patchCallerSchema,
    answer: callerAnswerSchema,
    notes: ["Names at least one of them. An account sees the dashboard only after it has logged in once."],
  }),
  admin({
    method: "DELETE",
    path: "/v1/admin/callers/:id",
    does: "Forgets a caller with tokens, grants and sessions. Their requests stay in the audit trail, without a caller.",
    answer: forgetCallerAnswerSchema,
  }),
  admin({
    method: "DELETE",
    path: "/v1/admin/callers/:id/tokens/:token",
    does: "Revokes one machine's token.",
    answer: callerAnswerSchema,
  }),
  admin({
    method: "GET",
    path: "/v1/admin/audit",
    does: "The audit trail, newest first.",
    query: {
      pool: "Only this pool's.",
      action: "`request`, `health`, `stats`, or a change such as `policy.set`.",
      changes: "`1`: only operators' changes.",
      ...paging,
    },
    answer: auditPageSchema,
    errors: ["invalid_request"],
  }),
];
