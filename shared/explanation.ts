/** The daemon's explanation of a command that it does not run: `POST /explain`, with the body of `POST /gh`. */

export const explainPath = "/explain";

/**
 * `fresh`: in memory. `own`: revalidated at GitHub with the caller's own token. `expired`, `live`: in memory, but
 * GitHub or the relay would be asked again. `pushed`: the relay would answer if events vouch for its entry, and ask
 * GitHub otherwise.
 */
export const readStates = ["fresh", "expired", "live", "pushed", "unknown", "own", "refused"] as const;
type ReadState = (typeof readStates)[number];

/**
 * The cost of a read. `kept`: none, this machine answers it from memory. `free`: a request that GitHub does not charge
 * while the held answer is unchanged. `shared`: the pool pays, once for all its callers. `paid`: a request of the
 * caller's own budget, for a read that was never made here, or for a GraphQL query.
 */
export const readPrices = ["kept", "free", "shared", "paid"] as const;
export type Price = (typeof readPrices)[number];

export interface ExplainedRead {
  /** As GitHub's API names it. */
  readonly path: string;
  /** Without a question mark; empty when there is none. */
  readonly query: string;
  /** Kind of its row in the route table; null for a path that has none. */
  readonly kind: string | null;
  readonly state: ReadState;
  /** Age of the answer in memory, in seconds. */
  readonly age: number | null;
  /** Seconds that it stays fresh. */
  readonly freshFor: number | null;
  /** The reason why it is read live, or refused. */
  readonly reason: string | null;
  /** Null for a refused read. */
  readonly price: Price | null;
}

/** The reads by their costs, and the requests that the caller's own gh would make. */
interface ExplainedCost {
  /** That leave this machine. */
  readonly requests: number;
  readonly free: number;
  readonly shared: number;
  readonly paid: number;
  /** Requests of gh itself; null where they are not known. More where a command reads as many as there are. */
  readonly gh: { readonly requests: number; readonly orMore: boolean } | null;
}

export interface Explanation {
  /** The daemon would answer, or the real gh would have to. */
  readonly outcome: "read" | "native";
  /** The reason why it is native; empty for a read. */
  readonly reason: string;
  /** In the order in which they would be asked. */
  readonly reads: readonly ExplainedRead[];
  /** Null where the daemon was not asked. */
  readonly cost: ExplainedCost | null;
  /**
   * The reason why its bytes are those of the caller's gh; absent for a native command, or where that gh is not known.
   */
  readonly proven?: { readonly gh: string; readonly by: "release" | "machine" } | undefined;
  /** False when further reads depend on answers that are not known yet. */
  readonly complete: boolean;
}
