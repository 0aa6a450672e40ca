/**
 * What one isolate remembers. Every part is bounded, and counts its lifetime from when the data was loaded, not from
 * its last use, so that nothing lives on by being popular. Promises are never kept here: a Worker must not await
 * another request's work.
 */
import { LRUCache } from "lru-cache";
import type { Dashboard } from "../shared/dashboard.ts";
import type { OctopoolError } from "../shared/errors.ts";
import type { FoldedPart } from "./audit/dimensions.ts";
import type { AuditRow } from "./audit/row.ts";
import type { CallerAuth } from "./auth/caller-auth.ts";
import { EdgeWorth } from "./cache/edge-worth.ts";
import type { CacheEntry } from "./cache/entry.ts";
import type { Proof } from "./guard/proof.ts";
import type { PoolState } from "./pools/definition.ts";
import type { Aggregate } from "./web/dashboard/remembered.ts";

/** Auth and pool state are looked up again after this. */
export const authMemoryMs = 30_000;
/** Entries are looked up again after this: another isolate may have refreshed them. */
export const entryMemoryMs = 10_000;

export interface Remembered<T> {
  readonly value: T;
  /** When it was read from D1, ms since the epoch. */
  readonly loadedAt: number;
}

/** An installation token of a GitHub App. */
export interface AppToken {
  readonly token: string;
  /** ms since the epoch; already earlier than GitHub's by the safety margin. */
  readonly expiresAt: number;
}

/** One read that may reach GitHub. */
export interface UnderWay {
  /** ms since the epoch. */
  readonly since: number;
}

/** Why a membership was not proven, and until when that is not asked again (ms since the epoch). */
export interface Unproven {
  readonly error: OctopoolError;
  readonly until: number;
}

/** Bytes of the entries together. */
export const entryMemoryBytes = 24 * 1024 * 1024;

export class RelayMemory {
  /** By token hash and pool. */
  readonly callers = new LRUCache<string, Remembered<CallerAuth>>({ max: 1000 });
  readonly pools = new LRUCache<string, Remembered<PoolState>>({ max: 100 });
  readonly proofs = new LRUCache<string, Proof>({ max: 5000 });
  readonly entries = new LRUCache<string, Remembered<CacheEntry>>({
    max: 5000,
    maxSize: entryMemoryBytes,
    sizeCalculation: ({ value }) => value.answer.body.length + 1024,
  });
  readonly edgeWorth = new EdgeWorth();
  readonly appTokens = new LRUCache<string, AppToken>({ max: 200 });
  /** Reads under way that may reach GitHub: client or caller → their keys. */
  readonly fills = new Map<string, Map<string, Set<UnderWay>>>();
  /** Keys that are being refreshed behind a stale answer, and since when (ms since the epoch). */
  readonly refreshing = new Map<string, number>();
  /** Callers whose membership could not be proven a moment ago. */
  readonly unproven = new LRUCache<string, Unproven>({ max: 1000 });
  /** What folded hours come to, by the first of them and the pool; D1 says with each reading whether it still holds. */
  readonly folded = new LRUCache<string, FoldedPart>({ max: 40 });
  /** The added-up part of dashboards, by pool and window. */
  readonly aggregates = new LRUCache<string, Remembered<Aggregate>>({ max: 40 });
  /** What pools' caches hold. */
  readonly cacheSizes = new LRUCache<string, Remembered<Dashboard["cache"]>>({ max: 40 });
  /** Audit rows that wait for the next batch. */
  auditRows: AuditRow[] = [];
  /** Token ids whose last use is to be written with that batch. */
  readonly usedTokens = new Map<string, number>();
  /** When the next batch was begun to be gathered, ms since the epoch; undefined when none is. */
  auditFlushDue: number | undefined;

  /** Keeps the newer of two proofs. */
  learn(proof: Proof): void {
    const known = this.proofs.get(proof.repo);
    if (!known || known.checkedAt <= proof.checkedAt) this.proofs.set(proof.repo, proof);
  }

  /** After an operator's change: the next request reads D1 again. */
  forget(): void {
    this.callers.clear();
    this.pools.clear();
    this.proofs.clear();
    this.entries.clear();
    this.folded.clear();
    this.aggregates.clear();
    this.cacheSizes.clear();
  }
}
