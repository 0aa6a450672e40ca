/** The cost of reads with the caller's own token, for `/status`. None of it leaves the machine. */
import { createHash } from "node:crypto";
import type { GraphqlPoints } from "../graphql-points.ts";
import { githubCom } from "../hosts.ts";
import type { RawAnswer } from "../relay/collect.ts";
import type { OwnAccount } from "./account.ts";

export class OwnCounters {
  /** Answers that GitHub confirmed unchanged (304): they cost no budget. */
  unchanged = 0;
  /** Answers that took one request of the account's budget. */
  paid = 0;
  /** Reads that joined one already in progress. */
  coalesced = 0;
  /** Reads that were answered without a request: objects named by a hash, and queries that were asked seconds ago. */
  kept = 0;
  /** Requests without an answer. */
  failed = 0;
  /** GraphQL queries that GitHub was asked. */
  queries = 0;
  /** The points of the rate limit that those took, by GitHub's own count. */
  points = 0;
  readonly #points: GraphqlPoints;

  /** @param points - shared with the other sender of queries of the same accounts */
  constructor(points: GraphqlPoints) {
    this.#points = points;
  }

  count({ status }: RawAnswer): void {
    if (status === 304) this.unchanged++;
    else this.paid++;
  }

  countQuery({ host, token }: OwnAccount, { headers }: RawAnswer): void {
    this.queries++;
    // The same name of an account as for gh's own requests: a hash of the credential.
    const account = createHash("sha256").update(`token ${token}`).digest("hex");
    const budget = host.name === githubCom.name ? account : `${host.name} ${account}`;
    this.points += this.#points.takenBy(budget, (name) => headers[name]?.toString());
  }
}
