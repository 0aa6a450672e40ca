/** How one read of a command is to be answered. */
import type { GraphqlRequest } from "../../../shared/graphql/recognise.ts";
import type { GraphqlRead } from "../../reader.ts";

export type ReadQuery = readonly (readonly [string, string])[];

/**
 * Whether GitHub is asked, whatever the caches hold, since others gate on the answer. `here`: what GitHub was asked for
 * since this command began, or this look of a watch, need not be asked again, whoever asked. `vouched`: nor what events
 * vouch for, where the pool's policy says so.
 */
export type Live = boolean | "here" | "vouched";

export interface ReadOptions {
  readonly query?: ReadQuery;
  readonly headers?: Readonly<Record<string, string>>;
  readonly live?: Live;
  /** Oldest answer that will do, in seconds; OCTOPOOL_FRESH goes before it. */
  readonly within?: number;
  /** Why the answer depends on who asks: it is read with the caller's own token. */
  readonly viewer?: string | undefined;
  /** The needed part of it cannot change. */
  readonly anyAge?: boolean;
  /** Only fields of it are looked at: a fresh list that has it will do. */
  readonly orListed?: boolean;
  /** Asked instead of the path. */
  readonly graphql?: GraphqlRead;
  /** Asked instead of the path, with the caller's own token. */
  readonly own?: GraphqlRequest;
}
