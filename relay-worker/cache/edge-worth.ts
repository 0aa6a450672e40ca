/**
 * Whether asking the data centre's cache before D1 is worth its time. Where one isolate answers every request, the edge
 * never has more than its memory, and each miss would wait for it in vain. So an edge that has had no entry for a while
 * is asked only now and then, until it has one.
 */
import { memoryPart } from "../memory.ts";

export const trialLookups = 64;
export const askOneIn = 16;

export class EdgeWorth {
  /** Misses since the edge last had an entry. */
  #inVain = 0;
  #skipped = 0;

  /** Whether to ask this time. */
  ask(): boolean {
    if (this.#inVain < trialLookups) return true;
    this.#skipped += 1;
    return this.#skipped % askOneIn === 0;
  }

  tell(known: boolean): void {
    this.#inVain = known ? 0 : this.#inVain + 1;
  }
}

/** This isolate's measurements of its edge cache. */
export const edgeWorth = memoryPart(() => new EdgeWorth());
