/** Identities as operators set them up, with their budgets and cooldowns from the pool's coordinator. */
import type { AdminIdentity } from "../../../shared/admin.ts";
import type { DashboardBudget, DashboardIdentity } from "../../../shared/dashboard.ts";
import type { PoolSnapshot } from "../../coordinator/contract.ts";
import { budgetOwnerOf } from "../../pools/definition.ts";
import { type Subject, stateOf } from "../../stats/identity-state.ts";

export const iso = (ms: number): string => new Date(ms).toISOString();

export function asSubject({ id, kind, login, installation_id: installationId, disabled }: AdminIdentity): Subject {
  return { id, kind, login, installationId, disabled };
}

/** Without the coordinator's snapshot only D1's data. */
export function withPool(
  identities: readonly AdminIdentity[],
  snapshot: PoolSnapshot | undefined,
  reserve: number,
): DashboardIdentity[] {
  return identities.map((identity) => {
    const subject = asSubject(identity);
    const owner = budgetOwnerOf(subject);
    const told = { ...identity, budget_owner: owner };
    if (!snapshot) return { ...told, budgets: [], cooldowns: [], state: identity.disabled ? "disabled" : null };
    const cooldowns = snapshot.cooldowns
      .filter(({ identityId, until }) => until > snapshot.now && (identityId === identity.id || identityId === owner))
      .map(({ scope, target, until, cause }) => ({ scope, target, until: iso(until), cause }));
    return { ...told, budgets: budgetsOf(owner, snapshot), cooldowns, state: stateOf(subject, snapshot, reserve) };
  });
}

/** Windows that still run. */
export function budgetsOf(owner: string, { budgets, now }: PoolSnapshot): DashboardBudget[] {
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
