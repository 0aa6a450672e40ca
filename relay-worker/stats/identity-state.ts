/** The state of an identity, as the pool's selection would treat it; shared by health and dashboard. */
import type { IdentityState } from "../../shared/dashboard.ts";
import { spendable } from "../coordinator/budgets.ts";
import type { PoolSnapshot } from "../coordinator/contract.ts";
import { budgetOwnerOf, type Identity } from "../pools/definition.ts";

export type Subject = Pick<Identity, "id" | "kind" | "login" | "installationId"> & { readonly disabled: boolean };

/** @param reserve part of a budget, 0 to 1, that the pool leaves to its owner */
export function stateOf(identity: Subject, { now, budgets, cooldowns }: PoolSnapshot, reserve: number): IdentityState {
  if (identity.disabled) return "disabled";
  const owner = budgetOwnerOf(identity);
  const subjects: Readonly<Record<string, string>> = {
    identity: identity.id,
    route: identity.id,
    owner,
    bucket: owner,
  };
  const running = cooldowns.filter((each) => each.until > now && subjects[each.scope] === each.identityId);
  const bars = running.filter(({ scope, target }) => scope !== "route" && (scope !== "bucket" || target === "core"));
  if (bars.some(({ cause }) => cause !== "exhausted")) return "cooling";
  const spent = budgets.filter((each) => each.owner === owner && each.reset > now && spendable(each, reserve) < 1);
  if (bars.length > 0 || spent.some(({ bucket }) => bucket === "core")) return "exhausted";
  return running.length > 0 || spent.length > 0 ? "limited" : "ready";
}

/** Able to serve core reads now. */
export const isHealthy = (state: IdentityState): boolean => state === "ready" || state === "limited";
