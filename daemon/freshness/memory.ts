/**
 * What this machine knows to have been written, and when: reads of a marked repository ask GitHub until an answer is
 * younger than the mark. A mark that nobody needs any more, because the relay's own lifetimes have passed it, is dropped.
 */

/** How long a mark holds, in milliseconds: as long as the longest ordinary lifetime at the relay of what people change. */
export const markLifetimeMs = 5 * 60_000;

export class WriteMemory {
  readonly #now: () => number;
  readonly #repositories = new Map<string, number>();
  #everything = 0;
  #latest = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Something in these repositories (`owner/name`) was written; in none of them: anything may have been. */
  mark(repositories: readonly string[], time: number = this.#now()): void {
    if (repositories.length === 0) this.#everything = Math.max(this.#everything, time);
    for (const repository of repositories) {
      const key = repository.toLowerCase();
      this.#repositories.set(key, Math.max(this.#repositories.get(key) ?? 0, time));
    }
    this.#latest = Math.max(this.#latest, time);
    this.#forget();
  }

  /**
   * Time of the last write that concerns `repository`, 0 when none is known. What belongs to no repository (a search,
   * a user's page) may show any of them.
   */
  writtenAt(repository: string | undefined): number {
    if (this.#latest === 0) return 0;
    const time = repository === undefined ? this.#latest : this.#ofRepository(repository);
    return this.#now() - time < markLifetimeMs ? time : 0;
  }

  #ofRepository(repository: string): number {
    return Math.max(this.#everything, this.#repositories.get(repository) ?? 0);
  }

  #forget(): void {
    const oldest = this.#now() - markLifetimeMs;
    for (const [repository, time] of this.#repositories) if (time < oldest) this.#repositories.delete(repository);
  }
}
