/** The operator's API under `/v1/admin`: its requests and answers. Times are ISO 8601 in UTC. */
import * as z from "zod";
import { identityKinds } from "./envelope.ts";
import { gatePolicies } from "./events/gates.ts";
import { plainNameSchema } from "./plain-name.ts";

export const adminPrefix = "/v1/admin";

/** Names that may stand in a path: pools, identities, clients. */
export const nameSchema = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[\w.-]+$/, "use letters, digits, '.', '_' and '-'");

const ownerSchema = z.string().regex(/^[\w.-]{1,100}$/, "use an owner's login");

export const policySchema = z.strictObject({
  /** Owners whose repositories the pool reads; empty means none, `*` any. */
  allowed_owners: z.array(ownerSchema.or(z.literal("*"))).max(1000),
  allow_public_repos: z.boolean(),
  allow_logs: z.boolean(),
  allow_search: z.boolean(),
  /**
   * The reads that others decide by for which events vouch: none (`ask`), checks (`probe`), also a pull request's
   * state, head and merge (`push`). Absent: `ask`.
   */
  gates: z.enum(gatePolicies).optional(),
});
export type Policy = z.infer<typeof policySchema>;

export const policyPatchSchema = policySchema.partial();
export type PolicyPatch = z.infer<typeof policyPatchSchema>;

/** `GET|PATCH /v1/admin/pools/:pool/policy` */
export const policyAnswerSchema = z.object({ pool: z.string(), version: z.number().int(), policy: policySchema });
export type PolicyAnswer = z.infer<typeof policyAnswerSchema>;

const poolSummarySchema = z.object({
  pool: z.string(),
  policy_version: z.number().int(),
  created_at: z.string(),
  identities: z.number().int(),
});
/** `GET /v1/admin/pools` */
export const poolListSchema = z.object({ pools: z.array(poolSummarySchema) });

export const createCallerSchema = z.strictObject({
  pool: nameSchema,
  github_login: z.string().regex(/^[A-Za-z0-9-]{1,39}(\[bot\])?$/, "use a GitHub login"),
  name: plainNameSchema.optional(),
});

/** `admin` opens the dashboard. */
const dashboardRoleSchema = z.literal("admin").nullable();

const adminTokenSchema = z.object({
  id: z.string(),
  client_name: z.string(),
  created_at: z.string(),
  /** Null for a token that was never used. */
  last_used_at: z.string().nullable(),
});
export const adminCallerSchema = z.object({
  id: z.string(),
  name: z.string(),
  github_login: z.string(),
  github_user_id: z.number().int().nullable(),
  pools: z.array(z.string()),
  disabled: z.boolean(),
  /** Absent from relays that have no dashboard. */
  dashboard_role: dashboardRoleSchema.optional(),
  verified_at: z.string(),
  created_at: z.string(),
  tokens: z.array(adminTokenSchema),
});
export type AdminCaller = z.infer<typeof adminCallerSchema>;

/** `POST /v1/admin/callers` → 201; the token is shown only once. */
export const createCallerAnswerSchema = z.object({
  caller: adminCallerSchema,
  token: z.string(),
  /** An earlier token of the same name has ended. Absent from older relays. */
  replaced: z.boolean().optional(),
});
/** `DELETE /v1/admin/callers/:id` */
export const forgetCallerAnswerSchema = z.object({
  id: z.string(),
  /** Rows of the audit trail that named the caller and no longer do. */
  audit_events: z.number().int(),
});
/** `GET /v1/admin/callers?pool=&limit=&cursor=` */
export const callerListSchema = z.object({ callers: z.array(adminCallerSchema), next_cursor: z.string().nullable() });
/** `PATCH /v1/admin/callers/:id` */
export const patchCallerSchema = z
  .strictObject({ disabled: z.boolean().optional(), dashboard_role: dashboardRoleSchema.optional() })
  .refine(
    (patch) => patch.disabled !== undefined || patch.dashboard_role !== undefined,
    "name disabled or dashboard_role",
  );

const identityScopeSchema = z.strictObject({
  /** An owner's login, or `*` for any public repository. */
  owner: ownerSchema.or(z.literal("*")),
  repo: z
    .string()
    .regex(/^[\w.-]{1,100}$/)
    .optional(),
  /** Kept for operators of other relays; private repositories are never served through a pool. */
  allow_private: z.boolean().optional(),
});
export type IdentityScope = z.infer<typeof identityScopeSchema>;

const weightSchema = z.number().positive().max(1000);

export const upsertIdentitySchema = z.strictObject({
  id: nameSchema,
  kind: z.enum(identityKinds),
  /** The GitHub user of a PAT, or the App's slug. */
  login: plainNameSchema,
  /** Name of the Worker secret that holds the token or the PKCS#8 key; the value never passes through here. */
  secret_ref: z.string().regex(/^[A-Za-z_]\w{0,127}$/, "use the name of a Worker secret"),
  installation_id: z.number().int().optional(),
  scopes: z.array(identityScopeSchema).min(1).max(200),
  weight: weightSchema.optional(),
});

export const adminIdentitySchema = z.object({
  id: z.string(),
  pool: z.string(),
  kind: z.enum(identityKinds),
  login: z.string(),
  secret_ref: z.string(),
  installation_id: z.number().int().nullable(),
  weight: z.number(),
  disabled: z.boolean(),
  scopes: z.array(z.object({ owner: z.string(), repo: z.string().nullable(), allow_private: z.boolean() })),
});
export type AdminIdentity = z.infer<typeof adminIdentitySchema>;
/**
 * `POST /v1/admin/pools/:pool/identities`, `PATCH …/identities/:id`, and `DELETE …`, which answers with the removed
 * identity.
 */
export const identityAnswerSchema = z.object({
  identity: adminIdentitySchema,
  /** The Worker has no secret of the name `secret_ref`: until it does, this identity answers nothing. */
  secret_missing: z.literal(true).optional(),
});
/** `GET /v1/admin/pools/:pool/identities` */
export const identityListSchema = z.object({ identities: z.array(adminIdentitySchema) });
export const patchIdentitySchema = z
  .strictObject({ disabled: z.boolean().optional(), weight: weightSchema.optional() })
  .refine((patch) => patch.disabled !== undefined || patch.weight !== undefined, "name disabled or weight");

/** `DELETE /v1/admin/pools/:pool/cache?repo=OWNER/REPO` or `?route=KIND` */
export const purgeAnswerSchema = z.object({
  pool: z.string(),
  repo: z.string().nullable(),
  route: z.string().nullable(),
  entries_deleted: z.number().int(),
});

export const auditEventSchema = z.object({
  id: z.string(),
  at: z.string(),
  request_id: z.string(),
  /** `request` for a relayed read, else the admin change, such as `policy.set`. */
  action: z.string(),
  pool: z.string().nullable(),
  caller: z.string().nullable(),
  client: z.string().nullable(),
  /** Route kind and repository of a read; the changed object for an admin action. No query values, no bodies. */
  target: z.string().nullable(),
  identity: z.string().nullable(),
  status: z.number().int(),
  error_code: z.string().nullable(),
  fallback_reason: z.string().nullable(),
  backend: z.string().nullable(),
  cache: z.string().nullable(),
  coalesced: z.boolean(),
  github_calls: z.number().int(),
  duration_ms: z.number().int(),
});
export type AuditEvent = z.infer<typeof auditEventSchema>;
/** `GET /v1/admin/audit?pool=&action=&changes=&limit=&cursor=`, newest first */
export const auditPageSchema = z.object({ events: z.array(auditEventSchema), next_cursor: z.string().nullable() });
