/**
 * Keys whose fill has just been answered. A caller reads the cache before it begins, so a fill may end between the two:
 * such a caller becomes an owner, and reads the cache once more before it asks GitHub. Kept in memory only: an eviction
 * at the wrong moment costs one call, not a wrong answer.
 */

/** No caller takes longer from reading the cache to its turn. */
const memoryMs = 10_000;
const maxKeys = 10_000;

export class Landed {
  /** In the order of their time. */
  readonly #at = new Map<string, { readonly landedAt: number; readonly startedAt: number }>();

  /** `startedAt`: when the fill's answer may have been asked for at the earliest. */
  note(key: string, now: number, startedAt: number): void {
    this.#at.delete(key);
    this.#at.set(key, { landedAt: now, startedAt });
    const [oldest] = this.#at.keys();
    if (this.#at.size > maxKeys && oldest !== undefined) this.#at.delete(oldest);
  }

  /** When the fill that landed a moment ago had begun; undefined when there is none. */
  startOf(key: string, now: number): number | undefined {
    const known = this.#at.get(key);
    return known !== undefined && now < known.landedAt + memoryMs ? known.startedAt : undefined;
  }

  prune(now: number): void {
    for (const [key, { landedAt }] of this.#at) {
      if (now < landedAt + memoryMs) return;
      this.#at.delete(key);
    }
  }
}
