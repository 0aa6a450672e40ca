/** Answers in memory, bounded by their bytes: nothing of GitHub's is ever on this machine's disk. */
import { constants, zstdCompress, zstdDecompressSync } from "node:zlib";
import { LRUCache } from "lru-cache";
import type { EventTag } from "../../shared/events/tags.ts";
import type { RouteKind } from "../../shared/routes/table.ts";

/** One kept answer. All times are this machine's, in milliseconds since the epoch. */
export interface Kept {
  readonly kind: RouteKind;
  readonly repository: string | undefined;
  /** Its dependencies, as tags. */
  readonly tags: readonly EventTag[];
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Has less than the caller's own gh would get; see {@link ReadAnswer.reduced}. */
  readonly reduced?: true;
  /** The pool's identity that GitHub gave it to. */
  readonly identity?: string;
  /** See {@link ReadAnswer.unsettled}; never kept. */
  readonly unsettled?: true;
  /** When this machine asked the relay: an answer to a later request replaces one to an earlier request. */
  readonly askedAt: number;
  /** When GitHub was asked for it, at the latest: it reflects every write that had ended by then. */
  readonly createdAt: number;
  /** The same by the relay's clock, as it reported it: for comparison with events. 0: it did not report it. */
  readonly toldAt: number;
  readonly freshUntil: number;
  /** In an outage it may be given until then. */
  readonly staleUntil: number;
}

/** Memory for answers unless a setting says otherwise, in bytes. */
export const defaultCapacity = 64 * 1024 * 1024;

/** Of the capacity that one answer may take: it never evicts everything else. */
export const largestShare = 1 / 4;

/** The size of an entry beside its body: headers, key, bookkeeping. */
const overhead = 1024;

/**
 * Bodies from here on are kept packed: GitHub's JSON shrinks to a tenth, and a warm read of it costs a millisecond
 * more.
 */
const packFrom = 32 * 1024;
const quick = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

export class Store {
  readonly #cache: LRUCache<string, Kept>;

  /** @param capacity - bytes of answers as GitHub gave them; they take less here. */
  constructor(capacity: number = defaultCapacity) {
    this.#cache = new LRUCache({ maxSize: capacity, maxEntrySize: Math.max(1, Math.floor(capacity * largestShare)) });
  }

  /** The answer; its `body` is unpacked when it is read. */
  get(key: string): Kept | undefined {
    return this.#cache.get(key);
  }

  /** The answer, without counting as a use of it. */
  peek(key: string): Kept | undefined {
    return this.#cache.peek(key);
  }

  set(key: string, kept: Kept): void {
    const size = kept.body.length + key.length + overhead;
    this.#cache.set(key, kept, { size });
    if (kept.body.length >= packFrom) this.#pack(key, kept, size);
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

  /** On another thread; until it is done, and where it cannot be, the answer stays as it is. */
  #pack(key: string, kept: Kept, size: number): void {
    zstdCompress(kept.body, quick, (error, packed) => {
      if (error || packed.length >= kept.body.length || this.#cache.peek(key) !== kept) return;
      this.#cache.set(key, packedKept(kept, packed), { size });
    });
  }
}

function packedKept({ body: _body, ...rest }: Kept, packed: Buffer): Kept {
  const bytes = Buffer.allocUnsafeSlow(packed.length);
  packed.copy(bytes);
  // An own, enumerable getter: a copy of the object has the body itself.
  return {
    ...rest,
    get body() {
      return zstdDecompressSync(bytes);
    },
  };
}
