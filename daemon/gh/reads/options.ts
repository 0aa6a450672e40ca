/** The options of one read of a command. */
import type { GraphqlRequest } from "../../../shared/graphql/recognise.ts";
import type { GraphqlRead } from "../../reader.ts";

export type ReadQuery = readonly (readonly [string, string])[];

/**
 * Whether GitHub is asked, ignoring the caches, because others decide by the answer. `here`: an answer for which GitHub
 * was asked since this command, or this look of a watch, began suffices, from any caller. `vouched`: also an answer
 * that events vouch for, where the pool's policy says so.
 */
export type Live = boolean | "here" | "vouched";

export interface ReadOptions {
  readonly query?: ReadQuery;
  readonly headers?: Readonly<Record<string, string>>;
  readonly live?: Live;
  /** The oldest acceptable answer, in seconds; OCTOPOOL_FRESH overrides it. */
  readonly within?: number;
  /** Why the answer depends on the account: it is read with the caller's own token. */
  readonly viewer?: string | undefined;
  /** The needed part of it cannot change. */
  readonly anyAge?: boolean;
  /** Only fields of it are used: a fresh list that has it suffices. */
  readonly orListed?: boolean;
  /** Asked instead of the path. */
  readonly graphql?: GraphqlRead;
  /** Asked instead of the path, with the caller's own token. */
  readonly own?: GraphqlRequest;
}
