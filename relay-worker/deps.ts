/** What the Worker needs from outside: handed in, so that tests hold the clock and see the memory. */
import { RelayMemory } from "./memory.ts";

/** Milliseconds since the epoch. */
export type Clock = () => number;

export interface Deps {
  readonly clock: Clock;
  /** What this isolate remembers between requests. */
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
