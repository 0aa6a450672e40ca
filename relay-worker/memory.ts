/**
 * The memory of one isolate. Each module declares the part it owns; every part is bounded, and counts its lifetime
 * from when the data was loaded, not from its last use, so that a popular entry expires like any other. Promises are
 * never kept here: a Worker must not await another request's work.
 */

/** Auth and pool state are looked up again after this. */
export const authMemoryMs = 30_000;
/** Entries are looked up again after this: another isolate may have refreshed them. */
export const entryMemoryMs = 10_000;

export interface Remembered<T> {
  readonly value: T;
  /** When it was read from D1, ms since the epoch. */
  readonly loadedAt: number;
}

export class RelayMemory {
  readonly #forgetters: (() => void)[] = [];

  /** Registers `forgetter` for each {@link forget}. */
  onForget(forgetter: () => void): void {
    this.#forgetters.push(forgetter);
  }

  /** After an operator's change: the next request reads D1 again. */
  forget(): void {
    for (const forgetter of this.#forgetters) forgetter();
  }
}

/**
 * Declares a part of the memory, which is made when it is first used.
 * @param forget the effect of an operator's change on the part; none if absent
 */
export function memoryPart<T extends object>(
  create: (memory: RelayMemory) => T,
  forget?: (part: T) => void,
): (memory: RelayMemory) => T {
  const parts = new WeakMap<RelayMemory, T>();
  return (memory) => {
    const known = parts.get(memory);
    if (known) return known;
    const part = create(memory);
    parts.set(memory, part);
    if (forget) memory.onForget(() => forget(part));
    return part;
  };
}
