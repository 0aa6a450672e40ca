/** A replica that lags: reads over REST see the world as it was a moment ago, with the validators of then. */
import type { World } from "../world/model.ts";

interface Past {
  readonly since: number;
  readonly world: World;
}

export class Replicas {
  /** Milliseconds; 0: reads see the present. */
  lagMs = 0;
  readonly #now: () => number;
  #past: Past[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Call with the world as it is from now on. */
  remember(world: World): void {
    if (this.lagMs === 0) return;
    const now = this.#now();
    this.#past.push({ since: now, world: copyOf(world) });
    const needed = this.#past.findLastIndex(({ since }) => since <= now - this.lagMs);
    if (needed > 0) this.#past = this.#past.slice(needed);
  }

  /** The world that a read sees now; undefined: as it is. */
  get seen(): World | undefined {
    if (this.lagMs === 0) return undefined;
    const then = this.#now() - this.lagMs;
    const latest = this.#past.at(-1);
    if (latest === undefined || latest.since <= then) return undefined;
    return (this.#past.findLast(({ since }) => since <= then) ?? this.#past[0])?.world;
  }
}

/** Every object once, however often it is referred to; functions and bytes are shared. */
function copyOf<T>(value: T, known = new Map<unknown, unknown>()): T {
  if (typeof value !== "object" || value === null || Buffer.isBuffer(value)) return value;
  const already = known.get(value);
  if (already !== undefined) return already as T;
  if (value instanceof Map) {
    const copy = new Map<unknown, unknown>();
    known.set(value, copy);
    for (const [key, each] of value) copy.set(key, copyOf(each, known));
    return copy as T;
  }
  if (value instanceof Set) {
    const copy = new Set<unknown>();
    known.set(value, copy);
    for (const each of value) copy.add(copyOf(each, known));
    return copy as T;
  }
  const copy: object = Array.isArray(value) ? [] : Object.create(Object.getPrototypeOf(value));
  known.set(value, copy);
  for (const [key, each] of Object.entries(value)) Reflect.set(copy, key, copyOf(each, known));
  return copy as T;
}
