/** What a read with the caller's own token would cost, told without a request. */
import type { Price } from "../../shared/explanation.ts";
import type { ReadRequest } from "../reader.ts";
import type { OwnAnswer } from "./memory.ts";

/** How long what a hash names is given unasked: GitHub may meanwhile have taken the caller's right to see it. */
export const unchangingSeconds = 600;

/** Milliseconds since the epoch: now, and when this machine last wrote anything. */
export interface Moments {
  readonly now: () => number;
  readonly writtenAt: () => number;
}

/** Whether it is given unasked. */
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
