/**
 * Decides by cost: an answer from many reads against the one query, or the few requests, that the caller's own gh would
 * make. A kept or free read counts as 0, a shared one as a part, a paid one in full.
 */
import type { Price } from "../../../shared/explanation.ts";
import { pageSize } from "../reads/paging.ts";

/** The cost of an answer's reads. */
interface Reckoning {
  /** That leave this machine. */
  readonly requests: number;
  /** Of these: GitHub only confirms the held answer. */
  readonly free: number;
  /** Of these: the pool's. */
  readonly shared: number;
  /** Of these: the caller's own. */
  readonly paid: number;
}

export function reckon(prices: readonly Price[]): Reckoning {
  const count = (price: Price) => prices.filter((each) => each === price).length;
  const [free, shared, paid] = [count("free"), count("shared"), count("paid")];
  return { requests: free + shared + paid, free, shared, paid };
}

/** How many reads of commands one paid read of the pool answers: counted by the bench of a team. */
export const looksPerSharedRead = 3;

/** Pages in which gh asks for so many items. */
export function pagesOfGh(limit: number): number {
  return Math.max(1, Math.ceil(limit / pageSize));
}

/** How many requests more than gh a command may take before gh is started for it: gh's requests are not shared. */
export const startOfGh = 10;

/** The cost of an answer for the caller. */
function costOf({ shared, paid }: Reckoning): number {
  return paid + shared / looksPerSharedRead;
}

/** Whether gh itself, with so many requests, would cost so much less that it is started. */
export function isDearerThanGh(reckoning: Reckoning, gh: number): boolean {
  return costOf(reckoning) > gh + startOfGh;
}

interface OwnQuery {
  /** Of the caller's rate limit, each time. */
  readonly points: number;
  /** How often it was asked in the last minutes. */
  readonly asked: number;
}

/**
 * Whether gh's own query is cheaper than the reads. It is never free, so it is for a single look: a repeated look
 * follows a change, and continues with reads whose repetition is free.
 */
export function isQueryCheaper({ paid, shared }: Reckoning, { points, asked }: OwnQuery): boolean {
  return shared === 0 && paid > points * (1 + asked);
}
