/** Chooses calls; a property that is left out matches everything. */
interface CallMatch {
  method?: string | undefined;
  /** A path, or the beginning of one when it ends in `*`. */
  path?: string | undefined;
  token?: string | undefined;
}

/** A call that is being answered. */
interface CallSubject {
  method: string;
  path: string;
  token: string;
}

/** One call GitHub would have seen. */
interface CountedCall {
  method: string;
  path: string;
  query: string;
  /** The route's pattern, `recorded`, `web`, or `unknown`. */
  route: string;
  /** `login`, `installation 12`, `app 3` or `anonymous`. */
  viewer: string;
  status: number;
  resource: string;
  /** It carried a validator. */
  conditional: boolean;
}

interface CallSummary {
  total: number;
  routes: Record<string, number>;
  viewers: Record<string, number>;
  statuses: Record<string, number>;
}

type Fault = { match: CallMatch; left: number } & (
  | { kind: "status"; status: number }
  | { kind: "drop" }
  | { kind: "secondary"; retryAfter: number | null }
);

interface Hold {
  match: CallMatch;
  released: Promise<void>;
  release(): void;
  waiting: number;
  arrived: (() => void)[];
}

interface HeldCalls {
  /** Calls waiting now. */
  waiting(): number;
  /** Resolves as soon as `count` calls wait. */
  arrived(count: number): Promise<void>;
  /** Lets all of them go, and those that come later. */
  release(): void;
}

/** So many calls are kept one by one; the summary counts all. */
const mostKept = 20_000;

function emptySummary(): CallSummary {
  return { total: 0, routes: {}, viewers: {}, statuses: {} };
}

/** The handle's switches: slow, held, broken, limited, and the calls. */
export class Control {
  /** The newest calls, oldest first. */
  calls: CountedCall[] = [];
  #summary = emptySummary();
  #delays: { match: CallMatch; milliseconds: number }[] = [];
  #holds: Hold[] = [];
  #faults: Fault[] = [];
  #awaited: { match: CallMatch; done: () => void }[] = [];

  count(call: CountedCall): void {
    for (const each of this.#awaited.filter(({ match }) => matches(match, { ...call, token: "" }))) {
      this.#awaited.splice(this.#awaited.indexOf(each), 1);
      each.done();
    }
    if (this.calls.length >= 2 * mostKept) this.calls = this.calls.slice(-mostKept);
    this.calls.push(call);
    this.#summary.total += 1;
    increase(this.#summary.routes, call.route);
    increase(this.#summary.viewers, call.viewer);
    increase(this.#summary.statuses, String(call.status));
  }

  /** Resolves once the next call of a method or path is answered. */
  answered(match: Pick<CallMatch, "method" | "path">): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#awaited.push({ match, done: resolve });
    return promise;
  }

  summary(): CallSummary {
    return structuredClone(this.#summary);
  }

  /** Forgets the calls counted so far. */
  resetCalls(): void {
    this.calls = [];
    this.#summary = emptySummary();
  }

  /** Ends every delay, hold and fault, and forgets the calls. */
  reset(): void {
    for (const hold of this.#holds) hold.release();
    this.#delays = [];
    this.#holds = [];
    this.#faults = [];
    this.resetCalls();
  }

  delay(milliseconds: number, match: CallMatch = {}): void {
    this.#delays.push({ match, milliseconds });
  }

  /** Ends every delay. */
  hurry(): void {
    this.#delays = [];
  }

  /** Keeps matching calls unanswered until they are released: for tests of the time meanwhile. */
  hold(match: CallMatch = {}): HeldCalls {
    const { promise, resolve } = Promise.withResolvers<void>();
    const hold: Hold = { match, released: promise, release: resolve, waiting: 0, arrived: [] };
    this.#holds.push(hold);
    return {
      waiting: () => hold.waiting,
      arrived: async (count) => {
        while (hold.waiting < count) await new Promise<void>((done) => hold.arrived.push(done));
      },
      release: () => {
        this.#holds = this.#holds.filter((each) => each !== hold);
        hold.release();
      },
    };
  }

  /** Releases every hold. */
  release(): void {
    for (const hold of this.#holds) hold.release();
    this.#holds = [];
  }

  /** The next `times` matching calls get this status with GitHub's error body, or lose their connection. */
  fail(fault: number | "drop", match: CallMatch = {}, times = Number.POSITIVE_INFINITY): void {
    this.#faults.push(
      fault === "drop" ? { kind: "drop", match, left: times } : { kind: "status", status: fault, match, left: times },
    );
  }

  /** The next `times` matching calls meet the secondary limit; `retryAfter` in seconds, `null` for no such header. */
  secondaryLimit(match: CallMatch = {}, retryAfter: number | null = 60, times = Number.POSITIVE_INFINITY): void {
    this.#faults.push({ kind: "secondary", retryAfter, match, left: times });
  }

  /** The fault for this call, if there is one. */
  takeFault(call: CallSubject): Fault | undefined {
    const fault = this.#faults.find((each) => each.left > 0 && matches(each.match, call));
    if (fault) fault.left -= 1;
    return fault;
  }

  /** Waits as long as this call is to be delayed or held. */
  async wait(call: CallSubject): Promise<void> {
    for (const delay of this.#delays) {
      if (matches(delay.match, call)) await new Promise((done) => setTimeout(done, delay.milliseconds));
    }
    for (const hold of this.#holds.filter((each) => matches(each.match, call))) {
      hold.waiting += 1;
      for (const notify of hold.arrived.splice(0)) notify();
      await hold.released;
      hold.waiting -= 1;
    }
  }

  get idle(): boolean {
    return this.#delays.length === 0 && this.#holds.length === 0;
  }
}

function increase(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

function matches(match: CallMatch, call: CallSubject): boolean {
  if (match.method !== undefined && match.method !== call.method) return false;
  if (match.token !== undefined && match.token !== call.token) return false;
  if (match.path === undefined) return true;
  return match.path.endsWith("*") ? call.path.startsWith(match.path.slice(0, -1)) : call.path === match.path;
}
