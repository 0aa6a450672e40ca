/** The memory's entry for a read, and whether it may be given: the one rule for answers, prices and explanations. */
import type { EventTag } from "../../shared/events/tags.ts";
import type { Price } from "../../shared/explanation.ts";
import type { RouteKind } from "../../shared/routes/table.ts";
import type { ReadRequest, Since } from "../reader.ts";
import type { RelayClocks } from "./relay-clocks.ts";
import type { Resource } from "./resource.ts";
import type { Kept, Store } from "./store.ts";
import { type LocalUsability, usability } from "./usable.ts";

export interface StandingOptions {
  readonly store: Store;
  readonly now: () => number;
  /** When data that an answer of this kind may show was last written, ms; 0 when no write is known. */
  readonly writtenAt: (repository: string | undefined, kind: RouteKind, tags: readonly EventTag[]) => number;
  /** The time of the last event for an answer with these tags, by the relay's clock; 0 without one. */
  readonly heardAt?: (askerId: string, repository: string | undefined, tags: readonly EventTag[]) => number;
}

interface Changes {
  readonly writtenAt: number;
  readonly heardAt: number;
}

export interface Standing extends Changes {
  readonly kept: Kept | undefined;
  /** `conditional`: the read has a condition of its own, at which the relay looks. */
  readonly usable: LocalUsability | "conditional";
  /**
   * Where the read names a moment: an answer for which GitHub was asked since then, by the relay's clock in ms,
   * suffices. Absent: GitHub is asked.
   */
  readonly notBefore?: number;
}

/** The parts of a read that decide which answer suffices. */
export type Wanted = Pick<ReadRequest, "since" | "headers"> & { readonly maxAge?: number | undefined };

const conditions = ["if-none-match", "if-modified-since"] as const;

export class Standings {
  readonly #options: StandingOptions;
  readonly #clocks: RelayClocks;

  constructor(options: StandingOptions, clocks: RelayClocks) {
    this.#options = options;
    this.#clocks = clocks;
  }

  /** @param use - counts as a use of the entry */
  of({ maxAge, since, headers }: Wanted, resource: Resource, askerId: string, use = false): Standing {
    const { store, now } = this.#options;
    const key = memoryKey(resource, askerId);
    const kept = use ? store.get(key) : store.peek(key);
    const changes = this.changesTo(kept ?? resource, askerId);
    if (conditions.some((name) => headers?.[name] !== undefined)) return { kept, usable: "conditional", ...changes };
    const notBefore = since && this.#notBefore(since, resource, askerId, changes);
    if (notBefore === undefined)
      return { kept, usable: usability(kept, { maxAge, ...changes, now: now() }), ...changes };
    const isNew = kept !== undefined && kept.toldAt >= notBefore && kept.freshUntil > now();
    return { kept, usable: isNew ? "fresh" : "live", ...changes, notBefore };
  }

  /** A stored answer has more dependencies than its address shows. */
  changesOf(resource: Resource, askerId: string): Changes {
    return this.changesTo(this.#options.store.peek(memoryKey(resource, askerId)) ?? resource, askerId);
  }

  changesTo({ kind, repository, tags }: Pick<Kept, "kind" | "repository" | "tags">, askerId: string): Changes {
    const { writtenAt, heardAt } = this.#options;
    return {
      writtenAt: writtenAt(repository, kind, tags),
      heardAt: heardAt?.(askerId, repository, tags) ?? 0,
    };
  }

  /** Whether this machine wrote anything to its repository. */
  isWritten({ repository, kind }: Resource): boolean {
    return this.#options.writtenAt(repository, kind, []) > 0;
  }

  /** Undefined where the relay's clock is not known, and where this machine wrote. */
  #notBefore({ began, told }: Since, resource: Resource, askerId: string, { heardAt }: Changes): number | undefined {
    const ahead = this.#clocks.ahead(askerId);
    if (ahead === undefined || this.isWritten(resource)) return undefined;
    const notBefore = Math.max(began + ahead, told, heardAt);
    return Number.isFinite(notBefore) ? notBefore : undefined;
  }
}

/** The name of an answer in the store: separates the answers of one login from those of another. */
export function memoryKey({ key }: Resource, askerId: string): string {
  return `${askerId} ${key}`;
}

/** A kept answer is free to confirm: the relay has a validator for every read that was ever made here. */
export function priceOf({ kept, usable }: Standing): Price {
  if (kept === undefined) return "shared";
  return usable === "fresh" ? "kept" : "free";
}

/** Whether a caller got it within the bound, although its own lifetime may be over. */
export function isRecent({ usable }: Standing): boolean {
  return usable === "fresh" || usable === "expired";
}
