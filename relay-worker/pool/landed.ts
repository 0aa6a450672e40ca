/**
 * Keys whose fill has just been answered. A caller looks into the cache before it begins, so a fill may end between the
 * two: such a caller becomes an owner, and is told to look once more before it asks GitHub again.
 * Kept in memory only: an eviction at the wrong moment costs one call, not a wrong answer.
 */

/** No caller takes longer from its look into the cache to its turn. */
const memoryMs = 10_000;
const maxKeys = 10_000;

export class Landed {
  /** In the order of their time. */
  readonly #at = new Map<string, number>();

  note(key: string, now: number): void {
    this.#at.delete(key);
    this.#at.set(key, now);
    const [oldest] = this.#at.keys();
    if (this.#at.size > maxKeys && oldest !== undefined) this.#at.delete(oldest);
  }

  has(key: string, now: number): boolean {
    const at = this.#at.get(key);
    return at !== undefined && now < at + memoryMs;
  }

  prune(now: number): void {
    for (const [key, at] of this.#at) {
      if (now < at + memoryMs) return;
      this.#at.delete(key);
    }
  }
}
