/** What gh's own requests through this daemon came to, for `/status`. None of it leaves the machine. */

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
  /** Requests answered by one that was under way. */
  coalesced = 0;
  /** GraphQL queries answered by what was kept. */
  kept = 0;
  /** Requests without an answer. */
  failed = 0;
}
