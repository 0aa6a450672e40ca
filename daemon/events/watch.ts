/** Waits for a change: for an event where events arrive, and at most for the polling interval. */
import type { Family } from "../../shared/events/families.ts";
import type { EventTag } from "../../shared/events/tags.ts";
import type { HeardMarks } from "../freshness/heard.ts";

interface WaitBounds {
  /** The least, for any number of events, ms: looks cost the pool calls. */
  readonly atLeast: number;
  /** The polling interval, ms, where events do not arrive. */
  readonly otherwise: number;
  /** In any case, ms. */
  readonly atMost?: number;
}

export interface Watch {
  /**
   * Waits for the next change, or for its time.
   * @returns whether an event came since the last wait
   */
  wait(bounds: WaitBounds, signal: AbortSignal): Promise<boolean>;
  /** From now on only changes of these wake; earlier events still do. */
  narrow(tags: readonly EventTag[]): void;
  close(): void;
}

/** The polling interval while events arrive, ms: silence proves nothing. */
const heardLookMs = 300_000;
/** How often a wait checks that events still arrive, ms. */
const checkMs = 10_000;

interface WatchOptions {
  readonly heard: HeardMarks;
  readonly now: () => number;
  readonly login: string;
  readonly repository: string;
  readonly tags: readonly EventTag[];
  readonly families?: readonly Family[];
  /** Whether events about this would arrive now. */
  readonly hears: () => boolean;
  /** Waits by the clock `now`, and ends early when the signal aborts. */
  readonly pause?: Pause | undefined;
}

export type Pause = (milliseconds: number, signal: AbortSignal) => Promise<void>;

export function watchMarks({ heard, now, login, repository, tags, hears, pause = pauseByTimer }: WatchOptions): Watch {
  let marked = false;
  let wake = (): void => undefined;
  const onMark = () => {
    marked = true;
    wake();
  };
  let listened = tags.join(" ");
  let stop = heard.onMark(login, repository, tags, onMark);
  return {
    wait: async ({ atLeast, otherwise, atMost = Number.POSITIVE_INFINITY }, signal) => {
      const began = now();
      if (marked) await pause(atLeast, signal);
      while (!marked) {
        const until = began + Math.min(atMost, hears() ? Math.max(heardLookMs, otherwise) : otherwise);
        const left = until - now();
        if (left <= 0) break;
        const woken = new AbortController();
        wake = () => woken.abort();
        const either = AbortSignal.any([signal, woken.signal]);
        await pause(Math.min(left, checkMs), either);
        signal.throwIfAborted();
      }
      const early = atLeast - (now() - began);
      if (marked && early > 0) await pause(early, signal);
      signal.throwIfAborted();
      const was = marked;
      marked = false;
      return was;
    },
    narrow: (narrower) => {
      if (narrower.join(" ") === listened) return;
      listened = narrower.join(" ");
      stop();
      stop = heard.onMark(login, repository, narrower, onMark);
    },
    close: () => stop(),
  };
}

function pauseByTimer(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener("abort", end);
  });
}
