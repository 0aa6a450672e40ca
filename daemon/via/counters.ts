/** Counters of gh's own requests through this daemon, for `/status`. None of it leaves the machine. */

export class ViaCounters {
  /** Requests of gh's. */
  requests = 0;
  /** Passed on untouched. */
  passed = 0;
  /** REST answers that GitHub confirmed unchanged (304): they cost no budget. */
  unchanged = 0;
  /** REST answers that took one request of the budget. */
  paid = 0;
  /** GraphQL queries that GitHub was asked. */
  queries = 0;
  /** The rate limit that those used, by GitHub's own count between two answers to one account. */
  points = 0;
  /** Requests answered by one that was under way. */
  coalesced = 0;
  /** GraphQL queries answered by what was kept. */
  kept = 0;
  /** Requests without an answer. */
  failed = 0;
  readonly #used = new Map<string, number>();

  /** @param credential - hash of the account's token; the headers tell what it has used of its points */
  spent(credential: string, header: (name: string) => string | undefined): void {
    const used = Number(header("x-ratelimit-used") ?? Number.NaN);
    const before = this.#used.get(credential);
    if (Number.isNaN(used)) return;
    // GitHub's clock of an hour may tell one second more or less: only a smaller count is a new one.
    this.points += before === undefined || used < before ? 1 : used - before;
    this.#used.set(credential, used);
  }
}
