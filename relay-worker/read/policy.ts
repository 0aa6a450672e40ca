/** Applies a pool's policy to a read. */
import type { Policy } from "../../shared/admin.ts";
import { fallbackLocal } from "../../shared/errors.ts";
import type { Plan } from "./plan.ts";

/** @throws OctopoolError fallback_local with the reason of the first rule that forbids it */
export function checkPolicy(policy: Policy, plan: Plan): void {
  const { route } = plan.classified;
  if (route.logs && !policy.allow_logs) throw fallbackLocal("logs_denied", "The pool's policy allows no job logs.");
  if (route.search && !policy.allow_search) throw fallbackLocal("search_denied", "The pool's policy allows no search.");
  if (policy.allow_public_repos) return;
  if (route.search && !plan.repository) throw fallbackLocal("search_denied", "The pool reads its own owners only.");
  const owner = plan.repository?.owner;
  const allowed = policy.allowed_owners.some((name) => name === "*" || name.toLowerCase() === owner);
  if (owner !== undefined && !allowed)
    throw fallbackLocal("owner_denied", "The pool's policy does not allow this owner.");
}
