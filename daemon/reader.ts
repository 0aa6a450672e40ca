/** The gh engine's interface to GitHub's resources. The daemon implements it with its cache over the relay. */
import type { Price } from "../shared/explanation.ts";
import type { GraphqlRequest, SharedRead } from "../shared/graphql/recognise.ts";
import type { Host } from "./hosts.ts";

/** A GraphQL query that may be shared, with the recogniser's findings. */
export interface GraphqlRead extends GraphqlRequest {
  readonly read: SharedRead;
}

/** A moment by two clocks: the later one of both counts. */
export interface Since {
  /** By this machine's clock, ms since the epoch. */
  readonly began: number;
  /** By the relay's, from its answers; 0 where none has it. */
  readonly told: number;
}

/** One read of GitHub's REST API, or of its GraphQL API. */
export interface ReadRequest {
  /** Another host than github.com: only the caller's own token reads there. */
  readonly host?: Host;
  /** Decoded only where GitHub would decode it: `/repos/o/r/pulls/7`, always with a leading slash, no query. */
  readonly path: string;
  /** In order; a repeated key is allowed. */
  readonly query?: readonly (readonly [string, string])[];
  /** Lower-case names: `accept`, `x-github-api-version`, `if-none-match`, `if-modified-since`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The oldest acceptable answer, in seconds; 0 asks GitHub; absent takes any cached answer. */
  readonly maxAge?: number;
  /**
   * Others decide by it, and GitHub is asked; but an entry that events vouch for suffices where the pool's policy says
   * so. Only with a {@link maxAge} of 0.
   */
  readonly vouched?: true;
  /** With a {@link maxAge} of 0: an answer for which GitHub was asked since then suffices, from any caller. */
  readonly since?: Since;
  /** Why only the caller's own token can read this, in one line: the answer depends on the account. */
  readonly viewer?: string;
  /** The needed part of the answer cannot change: a cached answer of any age suffices. */
  readonly anyAge?: true;
  /** Asked instead of the path, which is then `/graphql`: of the pool alone. */
  readonly graphql?: GraphqlRead;
  /**
   * Asked instead of the path, which is then `/graphql`, with the caller's own token: a query that the caller's gh would
   * ask itself. Together with {@link viewer}.
   */
  readonly own?: GraphqlRequest;
  readonly signal?: AbortSignal;
}

/** The source of an answer: this machine's memory, the relay's caches, or GitHub. */
type AnsweredBy = "local" | "relay" | "github";

/** GitHub's answer, its body byte for byte. A status of 400 or more is an answer too. */
export interface ReadAnswer {
  readonly status: number;
  /** Lower-case names; only those that the relay lets through. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /**
   * Fields that some callers may not see were removed, beyond those that are always removed from repositories and
   * profiles. A reduced list has no link to its next page: its first page would look like the whole list.
   */
  readonly reduced?: true;
  readonly answeredBy: AnsweredBy;
  /** It does not yet show an event that GitHub sent. */
  readonly unsettled?: true;
  /** Served past its lifetime: GitHub or the relay could not be asked, or is being asked meanwhile. */
  readonly stale: boolean;
  /** When GitHub gave it, milliseconds since the epoch. */
  readonly createdAt: number;
  /** When GitHub was asked for it, by the relay's clock; 0 or absent where the relay did not report it. */
  readonly toldAt?: number;
  /** GitHub gave it to the caller's own token: the caller's own gh would get the same. */
  readonly own?: true;
  /** The pool's identity that GitHub gave it to. */
  readonly identity?: string;
}

/** The daemon cannot answer this read: the real gh must run the whole command. */
export class NativeRequired extends Error {
  override readonly name = "NativeRequired";
  /** One line for `OCTOPOOL_VERBOSE=1`; for a relay's refusal its reason, such as `repo_not_public`. */
  readonly reason: string;

  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }

  /** By name: the daemon and the engine may be bundles of their own, each with a copy of this class. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === "NativeRequired";
  }
}

/** Reads GitHub for one command. Rejects with {@link NativeRequired} when only the user's own gh can answer. */
export interface GitHubReader {
  read(request: ReadRequest): Promise<ReadAnswer>;
  /**
   * This machine's last answer, of any age, without a request: for guessing which reads will be needed, and for data
   * that cannot change.
   */
  held?(request: ReadRequest): Pick<ReadAnswer, "status" | "headers" | "body" | "createdAt"> | undefined;
  /** Whether this machine would give it from memory. Sends no request. */
  isHere?(request: ReadRequest): boolean;
  /** Whether the relay may answer it with an entry that events vouch for. Sends no request. */
  isPushed?(request: ReadRequest): boolean;
  /**
   * An answer that is here or at the relay and within its {@link ReadRequest.maxAge}, even past its own lifetime;
   * GitHub is not asked.
   */
  recent?(request: ReadRequest): Promise<ReadAnswer | undefined>;
  /** Whether the caller's own token reads it, as far as that is known: the pool is not asked. */
  isOwn?(request: ReadRequest): boolean;
  /** Its price as far as it is known without a request; absent: the pool's. */
  price?(request: ReadRequest): Promise<Price>;
  /** As {@link held}, of the caller's own token's answers where the pool is not asked. */
  recall?(request: ReadRequest): Promise<Pick<ReadAnswer, "status" | "headers" | "body"> | undefined>;
  /** How often the same query was asked with the caller's own token in the last minutes. */
  asked?(request: ReadRequest): Promise<number>;
  /** One item from a fresh list in memory: its fields, not GitHub's bytes. Sends no request. */
  listed?(request: ReadRequest): Promise<ReadAnswer | undefined>;
}
