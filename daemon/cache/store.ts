/** Answers in memory, bounded by their bytes: nothing of GitHub's is ever on this machine's disk. */
import { LRUCache } from "lru-cache";
import type { RouteKind } from "../../shared/routes/table.ts";

/** One kept answer. All times are this machine's, in milliseconds since the epoch. */
export interface Kept {
  readonly kind: RouteKind;
  readonly repository: string | undefined;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** When GitHub was asked for it, at the latest: it reflects every write that had ended by then. */
  readonly createdAt: number;
  readonly freshUntil: number;
  /** In an outage it may be given until then. */
  readonly staleUntil: number;
}

/** Memory for answers unless a setting says otherwise, in bytes. */
export const defaultCapacity = 64 * 1024 * 1024;

/** What an entry costs beside its body: headers, key, bookkeeping. */
const overhead = 1024;

export class Store {
  readonly #cache: LRUCache<string, Kept>;

  constructor(capacity: number = defaultCapacity) {
    // One answer never pushes everything else out.
    this.#cache = new LRUCache({ maxSize: capacity, maxEntrySize: Math.max(1, Math.floor(capacity / 4)) });
  }

  get(key: string): Kept | undefined {
    return this.#cache.get(key);
  }

  set(key: string, kept: Kept): void {
    this.#cache.set(key, kept, { size: kept.body.length + key.length + overhead });
  }

  delete(key: string): void {
    this.#cache.delete(key);
  }

  get entries(): number {
    return this.#cache.size;
  }

  get bytes(): number {
    return this.#cache.calculatedSize;
  }
}
