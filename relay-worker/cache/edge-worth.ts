/**
 * Whether asking the data centre's cache before D1 is worth its time. Where one isolate answers everybody, the edge
 * never knows more than its memory, and each miss would wait for it in vain; so an edge that has not known anything for
 * a while is asked only now and then, until it does.
 */
import { memoryPart } from "../memory.ts";

export const trialLookups = 64;
export const askOneIn = 16;

export class EdgeWorth {
  /** Lookups in vain since the edge last knew something. */
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
