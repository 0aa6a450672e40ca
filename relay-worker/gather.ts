/** Does work that many requests need once for all that came within a moment. */
import type { Deps } from "./deps.ts";

/** A request has come, and more may, until the work is done. */
export interface Gathering {
  /** ms since the epoch; undefined when nothing waits. */
  since: number | undefined;
}

/** By then the runtime has ended the request that waits, and the next one must do the work. */
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
