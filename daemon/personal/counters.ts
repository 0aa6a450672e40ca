/** The cost of reads with the caller's own token, for `/status`. None of it leaves the machine. */
import type { RawAnswer } from "../relay/collect.ts";

export class OwnCounters {
  /** Answers that GitHub confirmed unchanged (304): they cost no budget. */
  unchanged = 0;
  /** Answers that took one request of the account's budget. */
  paid = 0;
  /** Reads that joined one already under way. */
  coalesced = 0;
  /** Reads of what a hash names, given without asking. */
  kept = 0;
  /** Requests without an answer. */
  failed = 0;

  count({ status }: RawAnswer): void {
    if (status === 304) this.unchanged++;
    else this.paid++;
  }
}
