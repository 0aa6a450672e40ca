/** A pool as its operators set it up: its policy, its identities, and its purges. */

import * as z from "zod";
import { type Policy, policySchema } from "../../shared/admin.ts";
import { bounded } from "../../shared/bounded.ts";
import { type IdentityKind, identityKinds } from "../../shared/envelope.ts";
import { OctopoolError } from "../../shared/errors.ts";
import { parseJson } from "../../shared/parse-json.ts";
import type { Candidate } from "../coordinator/contract.ts";
import type { Settings } from "../env.ts";
import { memoryPart, type Remembered } from "../memory.ts";

export interface Identity {
  readonly id: string;
  readonly kind: IdentityKind;
  readonly login: string;
  readonly secretRef: string;
  readonly installationId: number | null;
  readonly weight: number;
  readonly scopes: readonly { readonly owner: string; readonly repo: string }[];
}

/** Pools as they were loaded last, by name. */
export const rememberedPools = memoryPart(
  () => bounded<Remembered<PoolState>>(100),
  (pools) => pools.clear(),
);

export interface PoolState {
  readonly name: string;
  /** Its row exists; a pool that is only named so far has the default policy. */
  readonly stored: boolean;
  /** Undefined when the stored policy does not parse. */
  readonly policy: Policy | undefined;
  readonly policyVersion: number;
  readonly purges: Readonly<Record<string, number>>;
  /** Those that are not disabled. */
  readonly identities: readonly Identity[];
}

const identitySchema = z.object({
  id: z.string(),
  kind: z.enum(identityKinds),
  login: z.string(),
  secretRef: z.string(),
  installationId: z.number().nullable(),
  weight: z.number(),
  scopes: z.array(z.object({ owner: z.string(), repo: z.string() })),
});

const identitiesSchema = z.array(identitySchema);
const purgesSchema = z.record(z.string(), z.number());

interface PoolRow {
  readonly policy: string | null;
  readonly policyVersion: number | null;
  readonly purges: string | null;
  readonly identities: string;
}

export function poolStateOf(name: string, row: PoolRow, settings: Settings): PoolState {
  return {
    name,
    stored: row.policy !== null,
    policy: row.policy === null ? defaultPolicy(settings) : readPolicy(row.policy),
    policyVersion: row.policyVersion ?? 1,
    purges: readPurges(row.purges ?? "{}") ?? {},
    identities: identitiesSchema.parse(parseJson(row.identities)),
  };
}

export function defaultPolicy(settings: Settings): Policy {
  return {
    allowed_owners: [...settings.defaultAllowedOwners],
    allow_public_repos: true,
    allow_logs: true,
    allow_search: false,
  };
}

export function readPolicy(text: string): Policy | undefined {
  return policySchema.safeParse(parseJson(text)).data;
}

/** Undefined for marks that cannot be read: they do not count. */
export function readPurges(text: string): Record<string, number> | undefined {
  return purgesSchema.safeParse(parseJson(text)).data;
}

/** The policy, or a refusal: a policy that cannot be read allows nothing. */
export function policyOf(pool: PoolState): Policy {
  if (pool.policy) return pool.policy;
  throw new OctopoolError("pool_policy_unavailable", `The policy of pool "${pool.name}" cannot be read.`, {
    hint: "An operator can set it again with PATCH /v1/admin/pools/:pool/policy.",
  });
}

/** GitHub counts all tokens of one user as one budget, and each installation as one. */
export function budgetOwnerOf(identity: Pick<Identity, "kind" | "login" | "installationId">): string {
  if (identity.kind === "github_app") return `installation:${identity.installationId}`;
  return `user:${identity.login.toLowerCase()}`;
}

/** The identities whose scope covers a repository; routes without one need the scope `*`, or any for the account. */
export function candidatesFor(pool: PoolState, repository: { owner: string; name: string } | undefined): Identity[] {
  return pool.identities.filter((identity) =>
    identity.scopes.some((scope) => {
      if (scope.owner === "*" || repository === undefined) return true;
      if (scope.owner.toLowerCase() !== repository.owner) return false;
      return scope.repo === "" || scope.repo.toLowerCase() === repository.name;
    }),
  );
}

export function asCandidate(identity: Identity): Candidate {
  return { id: identity.id, kind: identity.kind, budgetOwner: budgetOwnerOf(identity), weight: identity.weight };
}

/** When entries of this repository or route kind were last purged, ms since the epoch; 0 when never. */
export function purgedAt(pool: PoolState, repo: string, routeKind: string): number {
  return Math.max(pool.purges[`repo:${repo}`] ?? 0, pool.purges[`route:${routeKind}`] ?? 0);
}
