/**
 * Single-flight: identical reads share one request. A live read may only join a request that began after the read, so
 * while one request is in progress later reads gather for a second one; two requests serve any number of reads. A
 * request is cancelled when its last reader has left.
 */

interface Flight<T> {
  readonly promise: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
  settled: boolean;
  cancelled: boolean;
}

interface Lane<T> {
  current: Flight<T>;
  /** Begins when `current` has landed. */
  next: Flight<T> | undefined;
}

interface Joined<T> {
  readonly value: T;
  /** Another read had sent the request already. */
  readonly coalesced: boolean;
}

interface FlightOptions {
  /** Requests that began earlier do not count. */
  readonly live: boolean;
  readonly signal: AbortSignal | undefined;
}

export class Flights<T> {
  readonly #lanes = new Map<string, Lane<T>>();

  get size(): number {
    return this.#lanes.size;
  }

  /** Joins a request for `key`, or begins it. Rejects with the signal's reason as soon as it aborts. */
  async fly(key: string, options: FlightOptions, begin: (signal: AbortSignal) => Promise<T>): Promise<Joined<T>> {
    const lane = this.#lanes.get(key);
    if (lane === undefined || (lane.current.cancelled && lane.next === undefined)) {
      const current = launch(begin);
      this.#lanes.set(key, { current, next: undefined });
      void this.#land(key, current);
      return { value: await wait(current, options.signal), coalesced: false };
    }
    if (!options.live) return { value: await wait(lane.current, options.signal), coalesced: true };
    const coalesced = lane.next !== undefined && !lane.next.cancelled;
    if (lane.next === undefined || lane.next.cancelled) lane.next = this.#after(key, lane.current, begin);
    return { value: await wait(lane.next, options.signal), coalesced };
  }

  #after(key: string, previous: Flight<T>, begin: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const next = launch(async (signal) => {
      await previous.promise.catch(() => undefined);
      signal.throwIfAborted();
      return begin(signal);
    });
    void this.#land(key, next);
    return next;
  }

  /** Clears the lane, or moves the next flight up. */
  async #land(key: string, flight: Flight<T>): Promise<void> {
    await flight.promise.catch(() => undefined);
    flight.settled = true;
    const lane = this.#lanes.get(key);
    if (lane === undefined) return;
    if (lane.next === flight) lane.next = undefined;
    if (lane.current !== flight) return;
    if (lane.next) {
      lane.current = lane.next;
      lane.next = undefined;
    } else this.#lanes.delete(key);
  }
}

function launch<T>(begin: (signal: AbortSignal) => Promise<T>): Flight<T> {
  const controller = new AbortController();
  return { promise: begin(controller.signal), controller, waiting: 0, settled: false, cancelled: false };
}

/** Waits for the flight unless the caller leaves first; the last one to leave cancels it. */
async function wait<T>(flight: Flight<T>, signal: AbortSignal | undefined): Promise<T> {
  signal?.throwIfAborted();
  flight.waiting++;
  const gone = Promise.withResolvers<never>();
  const leave = () => gone.reject(signal?.reason);
  signal?.addEventListener("abort", leave, { once: true });
  try {
    return await Promise.race([flight.promise, gone.promise]);
  } finally {
    signal?.removeEventListener("abort", leave);
    flight.waiting--;
    if (flight.waiting === 0 && !flight.settled) {
      flight.cancelled = true;
      flight.controller.abort(new Error("all waiting callers have gone"));
    }
  }
}
