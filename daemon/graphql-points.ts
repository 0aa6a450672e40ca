/** The points of the rate limit that an account's GraphQL queries took, by GitHub's own count between two answers. */

export class GraphqlPoints {
  readonly #used = new Map<string, number>();

  /**
   * Counts the points of one answer.
   *
   * @param account - hash that distinguishes accounts
   * @param header - of that answer, which has the account's used points
   */
  takenBy(account: string, header: (name: string) => string | undefined): number {
    const used = Number(header("x-ratelimit-used") ?? Number.NaN);
    const before = this.#used.get(account);
    if (Number.isNaN(used)) return 0;
    this.#used.set(account, used);
    // The reset time may differ by a second: only a smaller count begins a new window.
    return before === undefined || used < before ? 1 : used - before;
  }
}
