/**
 * When a stale answer may be given: in an outage or when the pool is exhausted, within the guard's rule and the
 * caller's bound. Misconfigured credentials do not count as an outage: an answer would hide a fault that an operator
 * must repair.
 */
import { OctopoolError, outageReasons } from "../../shared/errors.ts";
import { reasonOf } from "./fill/single-flight.ts";

export function isOutage(error: unknown): boolean {
  if (!(error instanceof OctopoolError)) return false;
  if (error.code === "github_unreachable") return true;
  const reason = reasonOf(error);
  return reason !== undefined && outageReasons.has(reason);
}
