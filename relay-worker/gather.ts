/** What many requests leave behind is done once for all that came within a moment. */
import type { Deps } from "./deps.ts";

/** The first has come, and more may, until the work is done. */
export interface Gathering {
  /** ms since the epoch; undefined when nothing waits. */
  since: number | undefined;
}

/** By then the request that waits was broken off by the runtime, and the next one must. */
const brokenOffMs = 10_000;

/**
 * Has `flush` run `ms` after the first that came.
 *
 * @param background keeps the Worker alive
 */
export function gather(
  { clock, pause }: Deps,
  background: (work: Promise<unknown>) => void,
  gathering: Gathering,
  ms: number,
  flush: () => Promise<unknown>,
): void {
  const now = clock();
  if (gathering.since !== undefined && now - gathering.since < brokenOffMs) return;
  gathering.since = now;
  background(
    pause(ms).then(() => {
      gathering.since = undefined;
      return flush();
    }),
  );
}
