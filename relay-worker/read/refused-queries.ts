/** GraphQL reads that GitHub refused or could not finish: for a while they are not sent again. */
import { bounded } from "../../shared/bounded.ts";
import { memoryPart } from "../memory.ts";

class RefusedQueries {
  readonly #until = bounded<number>(2_000);

  /** @param now ms since the epoch */
  has(key: string, now: number): boolean {
    return (this.#until.get(key) ?? 0) > now;
  }

  add(key: string, until: number): void {
    this.#until.set(key, until);
  }
}

/** Of this isolate, by cache key. */
export const refusedLately = memoryPart(() => new RefusedQueries());
