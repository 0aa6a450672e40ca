/** Seeded chance: the same seed gives the same day. */
export interface Random {
  /** 0 to 1, without 1. */
  readonly next: () => number;
  readonly range: (low: number, high: number) => number;
  /** A whole number, both ends included. */
  readonly int: (low: number, high: number) => number;
  readonly pick: <T>(items: readonly T[]) => T;
  readonly weighted: <T>(items: readonly (readonly [T, number])[]) => T;
  /** A waiting time with this mean. */
  readonly exp: (mean: number) => number;
  readonly chance: (share: number) => boolean;
}

/** Mulberry32, by Tommy Ettinger: 32 bits of state are enough for a day of work. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const range = (low: number, high: number) => low + next() * (high - low);
  const pick = <T>(items: readonly T[]): T => {
    const item = items[Math.floor(next() * items.length)];
    if (item === undefined) throw new RangeError("there is nothing to pick from");
    return item;
  };
  const weighted = <T>(items: readonly (readonly [T, number])[]): T => {
    let left = next() * items.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [item, weight] of items) {
      left -= weight;
      if (left <= 0) return item;
    }
    return pick(items)[0];
  };
  return {
    next,
    range,
    int: (low, high) => Math.floor(range(low, high + 1)),
    pick,
    weighted,
    exp: (mean) => -Math.log(1 - next()) * mean,
    chance: (share) => next() < share,
  };
}
