/**
 * When a stale answer is better than none: in an outage or exhaustion, never against the guard or the caller's bound.
 * Credentials that are misconfigured are neither: an answer would hide what an operator must mend.
 */
import { type FallbackReason, OctopoolError } from "../../shared/errors.ts";
import { reasonOf } from "./fill/single-flight.ts";

const exhaustion: ReadonlySet<FallbackReason> = new Set<FallbackReason>([
  "no_identity",
  "identities_cooling_down",
  "identity_pool_depleted",
  "github_identity_unauthorized",
  "github_rate_limited",
  "github_identity_depleted",
  "web_only_unavailable",
  "relay_overloaded",
  "relay_storage_unavailable",
]);

export function isOutage(error: unknown): boolean {
  if (!(error instanceof OctopoolError)) return false;
  if (error.code === "github_unreachable") return true;
  const reason = reasonOf(error);
  return reason !== undefined && exhaustion.has(reason);
}
