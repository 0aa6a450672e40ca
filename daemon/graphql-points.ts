/** The points of the rate limit that an account's GraphQL queries took, by GitHub's own count between two answers. */

export class GraphqlPoints {
  readonly #used = new Map<string, number>();

  /**
   * What one answer took.
   *
   * @param account - hash that parts one account from another
   * @param header - of that answer, which tells what the account has used of its points
   */
  takenBy(account: string, header: (name: string) => string | undefined): number {
    const used = Number(header("x-ratelimit-used") ?? Number.NaN);
    const before = this.#used.get(account);
    if (Number.isNaN(used)) return 0;
    this.#used.set(account, used);
    // GitHub's clock of an hour may tell one second more or less: only a smaller count is a new one.
    return before === undefined || used < before ? 1 : used - before;
  }
}
