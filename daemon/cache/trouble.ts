/** Counts and reports the failures of the relay to answer a read. */
import type { Counters } from "../counters.ts";
import { NativeRequired } from "../reader.ts";
import type { RelayRefusal as Refusal } from "../relay/failures.ts";

export type ReadTrouble =
  | { readonly kind: "outage"; readonly message: string }
  | { readonly kind: "refusal"; readonly code: string; readonly reason: string; readonly message: string };

/** Counts and reports the error; returns the error for the command that asked. */
export function explainFailure(
  error: unknown,
  counters: Counters,
  onTrouble: ((trouble: ReadTrouble) => void) | undefined,
): unknown {
  if (isOutage(error)) {
    counters.outages++;
    onTrouble?.({ kind: "outage", message: error.message });
    return new NativeRequired(error.message);
  }
  if (!isRefusal(error)) return error;
  counters.refused++;
  const { code, reason, message } = error;
  onTrouble?.({ kind: "refusal", code, reason, message });
  return new NativeRequired(reason);
}

// By name: the classes live in a part that is loaded with the first request only.
export function isOutage(error: unknown): error is Error {
  return error instanceof Error && error.name === "RelayOutage";
}

export function isRefusal(error: unknown): error is Refusal {
  return error instanceof Error && error.name === "RelayRefusal";
}
