/** The cost of reads that are not made yet. */
import type { Price } from "../../../shared/explanation.ts";
import type { Context } from "../context.ts";
import type { ReadOptions } from "../reads/options.ts";
import { isDearerThanGh, reckon } from "./reckoning.ts";

/** A read as it will be made. */
export type Planned = readonly [path: string, options: ReadOptions];

/** Each read once. */
export async function pricesOf(context: Context, reads: readonly Planned[]): Promise<readonly Price[]> {
  const once = new Map(reads.map((read) => [JSON.stringify(read), read]));
  return Promise.all([...once.values()].map(([path, options]) => context.reads.price(path, options)));
}

/** Leaves the command to gh where the reads cost much more than gh's own requests. */
export function requireWorth(context: Context, prices: readonly Price[], gh: number): void {
  const reckoning = reckon(prices);
  if (isDearerThanGh(reckoning, gh)) context.native(`${reckoning.requests} requests, where gh makes ${gh}`);
}
