/** The latest of many times, and how they are spread. */

interface Spread {
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly samples: number;
}

export class Latencies {
  readonly #most: number;
  readonly #samples: number[] = [];
  #next = 0;

  /** @param most how many of the latest count */
  constructor(most: number) {
    this.#most = most;
  }

  add(milliseconds: number): void {
    this.#samples[this.#next] = milliseconds;
    this.#next = (this.#next + 1) % this.#most;
  }

  /** Null before the first. */
  get spread(): Spread | null {
    const sorted = this.#samples.toSorted((a, b) => a - b);
    if (sorted.length === 0) return null;
    const at = (share: number) => Math.round((sorted[Math.floor(share * (sorted.length - 1))] ?? 0) * 100) / 100;
    return { p50: at(0.5), p95: at(0.95), p99: at(0.99), samples: sorted.length };
  }
}
