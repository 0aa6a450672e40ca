/**
 * When a stale answer is better than none: in an outage or exhaustion, never against the guard or the caller's bound.
 * Credentials that are misconfigured are neither: an answer would hide what an operator must mend.
 */
import { OctopoolError, outageReasons } from "../../shared/errors.ts";
import { reasonOf } from "./fill/single-flight.ts";

export function isOutage(error: unknown): boolean {
  if (!(error instanceof OctopoolError)) return false;
  if (error.code === "github_unreachable") return true;
  const reason = reasonOf(error);
  return reason !== undefined && outageReasons.has(reason);
}
