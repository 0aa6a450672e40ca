/** `GET /v1/pools/:pool/health`: what the pool could still do. */
import type { PoolHealth } from "../../shared/stats.ts";
import type { PoolSnapshot } from "../pool/contract.ts";
import type { RelayContext } from "../relay/context.ts";
import { coordinatorOf } from "../relay/coordinator.ts";
import { budgetOwnerOf, type Identity, type PoolState } from "../relay/pool-state.ts";
import { flushAudit } from "./audit.ts";
import { recentErrors } from "./stats.ts";

const errorSpanMs = 3_600_000;
/** What GitHub gives where it has not said yet. */
const assumed = { core: 5000, search: 30 } as const;

export async function poolHealth(context: RelayContext, pool: PoolState): Promise<PoolHealth> {
  const { deps, env } = context;
  await flushAudit(deps, env);
  const snapshot = await coordinatorOf(env, pool.name).snapshot();
  const owners = new Set(pool.identities.map(budgetOwnerOf));
  const current = snapshot.budgets.filter(({ owner, reset }) => owners.has(owner) && reset > snapshot.now);
  return {
    pool: pool.name,
    identities_total: pool.identities.length,
    identities_healthy: pool.identities.filter((identity) => isHealthy(identity, snapshot)).length,
    remaining_by_resource: remaining([...owners], current),
    reset_windows: current.map(({ owner, bucket, limit, remaining: left, reset }) => ({
      budget: owner,
      resource: bucket,
      limit,
      remaining: left,
      reset_at: new Date(reset).toISOString(),
    })),
    recent_errors: await recentErrors(context, pool.name, errorSpanMs),
    policy_version: pool.policyVersion,
  };
}

/** Able to serve core reads now. */
function isHealthy(identity: Identity, { now, budgets, cooldowns }: PoolSnapshot): boolean {
  const owner = budgetOwnerOf(identity);
  const cooling = cooldowns.some(({ identityId, scope, target, until }) => {
    if (until <= now) return false;
    if (scope === "identity") return identityId === identity.id;
    return identityId === owner && (scope === "owner" || (scope === "bucket" && target === "core"));
  });
  const spent = budgets.some((it) => it.owner === owner && it.bucket === "core" && it.reset > now && it.remaining <= 0);
  return !cooling && !spent;
}

function remaining(owners: readonly string[], current: PoolSnapshot["budgets"]): Record<string, number> {
  const resources = new Set<string>([...Object.keys(assumed), ...current.map(({ bucket }) => bucket)]);
  const left = (owner: string, resource: string) => {
    const known = current.find((budget) => budget.owner === owner && budget.bucket === resource);
    return known?.remaining ?? (resource === "core" ? assumed.core : resource === "search" ? assumed.search : 0);
  };
  return Object.fromEntries(
    [...resources].map((resource) => [resource, owners.reduce((total, owner) => total + left(owner, resource), 0)]),
  );
}
