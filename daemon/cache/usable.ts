/** Decides whether a kept answer may be given from memory: the one rule for answers and for their explanation. */
import type { Kept } from "./store.ts";

interface Bounds {
  /** The oldest acceptable answer, in seconds; 0 asks GitHub; undefined takes a fresh one. */
  readonly maxAge: number | undefined;
  /** When a write that may affect the repository last happened, ms since the epoch; 0 when none is known. */
  readonly writtenAt: number;
  /** The time of the last event for its dependencies, by the relay's clock; 0 without one. */
  readonly heardAt: number;
  /** ms since the epoch. */
  readonly now: number;
}

/**
 * - `fresh`: may be given.
 * - `absent`: no answer is kept.
 * - `live`: the caller wants GitHub's own answer.
 * - `written`: older than a write that this machine knows of.
 * - `changed`: an event reported a change since.
 * - `too old`: older than the caller's bound.
 * - `expired`: past its lifetime.
 */
export type LocalUsability = "fresh" | "absent" | "live" | "written" | "changed" | "too old" | "expired";

export function usability(kept: Kept | undefined, { maxAge, writtenAt, heardAt, now }: Bounds): LocalUsability {
  if (maxAge === 0) return "live";
  if (kept === undefined) return "absent";
  if (kept.createdAt < writtenAt) return "written";
  if (kept.toldAt < heardAt) return "changed";
  if (maxAge !== undefined && now - kept.createdAt > maxAge * 1000) return "too old";
  return kept.freshUntil <= now ? "expired" : "fresh";
}
