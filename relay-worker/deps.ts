/** The Worker's dependencies, passed in so that tests control the clock and the memory. */
import { RelayMemory } from "./memory.ts";

/** Milliseconds since the epoch. */
type Clock = () => number;

export interface Deps {
  readonly clock: Clock;
  /** This isolate's memory between requests. */
  readonly memory: RelayMemory;
  readonly fetch: (request: Request) => Promise<Response>;
  /** Waits that many milliseconds; the audit gathers rows meanwhile. */
  readonly pause: (ms: number) => Promise<void>;
}

export function defaultDeps(): Deps {
  return {
    clock: () => Date.now(),
    memory: new RelayMemory(),
    fetch: (request) => fetch(request),
    pause: (ms) => scheduler.wait(ms),
  };
}
