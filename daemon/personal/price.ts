/** The cost of a read with the caller's own token, computed without a request. */
import type { Price } from "../../shared/explanation.ts";
import type { ReadRequest } from "../reader.ts";
import type { OwnAnswer } from "./memory.ts";

/**
 * How long an object named by a hash is given without a request: GitHub may meanwhile have revoked the caller's access.
 */
export const unchangingSeconds = 600;

/** Milliseconds since the epoch: now, and this machine's last write. */
export interface Moments {
  readonly now: () => number;
  readonly writtenAt: () => number;
}

/** Whether it is given without a request. */
export function isKept(
  { keptUntil, confirmedAt }: OwnAnswer,
  { anyAge, own, maxAge = Number.POSITIVE_INFINITY }: ReadRequest,
  { now, writtenAt }: Moments,
): boolean {
  const time = now();
  if (maxAge === 0) return false;
  if (own) return Math.min(keptUntil, confirmedAt + maxAge * 1000) > time && confirmedAt > writtenAt();
  return keptUntil > time || (anyAge === true && confirmedAt + unchangingSeconds * 1000 > time);
}

/** A query's answer has no ETag. */
export function priceOf(kept: OwnAnswer | undefined, request: ReadRequest, moments: Moments): Price {
  if (kept && isKept(kept, request, moments)) return "kept";
  return kept && !request.own ? "free" : "paid";
}
