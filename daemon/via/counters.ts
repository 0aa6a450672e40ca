/** Counters of gh's own requests through this daemon, for `/status`. None of it leaves the machine. */
import type { GraphqlPoints } from "../graphql-points.ts";

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
  /** Requests answered by one in progress. */
  coalesced = 0;
  /** GraphQL queries answered by a kept answer. */
  kept = 0;
  /** Requests without an answer. */
  failed = 0;
  readonly #points: GraphqlPoints;

  /** @param points - shared with the other sender of queries of the same accounts */
  constructor(points: GraphqlPoints) {
    this.#points = points;
  }

  /** @param credential - hash of the account's token; the headers have its used points */
  spent(credential: string, header: (name: string) => string | undefined): void {
    this.points += this.#points.takenBy(credential, header);
  }
}
