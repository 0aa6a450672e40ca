/** Load on one route, and figures of the rates. */
import type { Client } from "./relay-runtime.ts";

export interface Load {
  readonly path: string;
  /** JSON of the next POST; a GET without. */
  readonly body?: () => string;
  /** Sends it, in place of the bench's usual one. */
  readonly client?: Client;
}

/** Requests in flight at once. */
const concurrency = 32;

/** Answers a second; throws when any is not a 200. */
export async function throughput(client: Client, load: Load, ms: number): Promise<number> {
  const start = performance.now();
  let answered = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() - start < ms) {
      await (load.client ?? client).send(load.path, load.body?.());
      answered += 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return (answered / (performance.now() - start)) * 1000;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Median of the rounds' ratios: each round measured both within seconds of each other. */
export function ratioOf(values: readonly number[], references: readonly number[]): number {
  return median(values.map((value, round) => value / (references[round] ?? Number.NaN)));
}
