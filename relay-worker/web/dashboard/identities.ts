/** Identities as operators set them up, with what the pool's coordinator knows of their budgets and cooldowns. */
import type { AdminIdentity } from "../../../shared/admin.ts";
import type { Budget, DashboardIdentity } from "../../../shared/dashboard.ts";
import type { PoolSnapshot } from "../../pool/contract.ts";
import { budgetOwnerOf } from "../../relay/pool-state.ts";

export const iso = (ms: number): string => new Date(ms).toISOString();

export function withPool(identities: readonly AdminIdentity[], snapshot: PoolSnapshot): DashboardIdentity[] {
  return identities.map((identity) => {
    const { kind, login, installation_id: installationId } = identity;
    const owner = budgetOwnerOf({ kind, login, installationId });
    const cooldowns = snapshot.cooldowns
      .filter(({ identityId, until }) => until > snapshot.now && (identityId === identity.id || identityId === owner))
      .map(({ scope, target, until, cause }) => ({ scope, target, until: iso(until), cause }));
    return { ...identity, budget_owner: owner, budgets: budgetsOf(owner, snapshot), cooldowns };
  });
}

/** Windows that still run. */
export function budgetsOf(owner: string, { budgets, now }: PoolSnapshot): Budget[] {
  return budgets
    .filter((budget) => budget.owner === owner && budget.reset > now)
    .map(({ bucket, limit, remaining, reserved, reset }) => ({
      resource: bucket,
      limit,
      remaining,
      reserved,
      reset_at: iso(reset),
    }));
}
