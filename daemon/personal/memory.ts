/** Answers to the caller's own requests, kept for their ETags: in memory only, bounded by their bytes. */
import { LRUCache } from "lru-cache";

/** One answer of GitHub's to one account. */
export interface OwnAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** GitHub's name for this state of the resource. */
  readonly etag: string;
  /**
   * Until then it may be given without a request, milliseconds since the epoch; 0 for all but objects named by a hash.
   */
  readonly keptUntil: number;
  /** When GitHub gave or confirmed it to this account, milliseconds since the epoch. */
  readonly confirmedAt: number;
}

/** Bytes of answers, and the share of them that one answer may take. */
const ownCapacity = 64 * 1024 * 1024;
const largestShare = 1 / 4;
/** The size of an entry beside its body. */
const overhead = 1024;

/** A query that is repeated within this time counts as polled. */
const polledSeconds = 600;
const mostQueries = 300;

export class OwnMemory {
  readonly #answers: LRUCache<string, OwnAnswer>;
  /** How often a query, whose answer has no ETag, was asked lately. */
  readonly #queries: LRUCache<string, number>;

  /** @param now - milliseconds since the epoch */
  constructor(now: () => number, capacity = ownCapacity) {
    this.#answers = new LRUCache({ maxSize: capacity, maxEntrySize: Math.max(1, Math.floor(capacity * largestShare)) });
    this.#queries = new LRUCache({ max: mostQueries, ttl: polledSeconds * 1000, perf: { now } });
  }

  /** How often the query was asked with no pause longer than {@link polledSeconds}. */
  asked(key: string): number {
    return this.#queries.get(key) ?? 0;
  }

  noteQuery(key: string): void {
    this.#queries.set(key, this.asked(key) + 1);
  }

  get(key: string): OwnAnswer | undefined {
    return this.#answers.get(key);
  }

  set(key: string, answer: OwnAnswer): void {
    this.#answers.set(key, answer, { size: answer.body.length + key.length + overhead });
  }

  delete(key: string): void {
    this.#answers.delete(key);
  }

  /** All answers to one account. */
  forget(accountHash: string): void {
    const isTheirs = (key: string) => key.startsWith(`${accountHash} `);
    for (const key of this.#answers.keys()) if (isTheirs(key)) this.#answers.delete(key);
    for (const key of this.#queries.keys()) if (isTheirs(key)) this.#queries.delete(key);
  }

  get entries(): number {
    return this.#answers.size;
  }

  get bytes(): number {
    return this.#answers.calculatedSize;
  }
}
