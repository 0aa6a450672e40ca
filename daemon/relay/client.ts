/** Asks the relay for one read, with time limits, one short retry and the circuit breaker. */
import { type RelayEnvelopeHead, relayRequestPath, tooLongToRelay } from "../../shared/envelope.ts";
import type { GraphqlRequest } from "../../shared/graphql/recognise.ts";
import { relayGraphqlPath } from "../../shared/graphql/wire.ts";
import type { Connection } from "../../shared/settings/connection.ts";
import { Breaker, type Pass } from "./breaker.ts";
import type { RawAnswer } from "./collect.ts";
import { asFailure, failureOf, isTransient, RelayOutage, RelayRefusal } from "./failures.ts";
import { openEnvelope } from "./parse-envelope.ts";
import { Pulse } from "./pulse.ts";
import { createTransport, type Transport, type TransportOptions } from "./transport.ts";
import { NoTurn, type TurnLimits, Turns } from "./turns.ts";

/** One read as the relay takes it. */
export interface RelayRead {
  readonly path: string;
  readonly query: Readonly<Record<string, string | string[]>>;
  readonly headers: Readonly<Record<string, string>>;
  /** Answers that GitHub gave before this time are too old: ms since the epoch by the relay's clock. */
  readonly not_before?: number;
  /** An entry that events vouch for suffices, although the age bound is 0. */
  readonly gate?: true;
  /** Asked instead of the path. */
  readonly graphql?: GraphqlRequest;
  /** The oldest acceptable answer to a GraphQL read, in seconds. */
  readonly maxAge?: number;
  /** GitHub is not asked for a GraphQL read: refused as `not_held` where no held entry suffices. */
  readonly held?: true;
}

export interface RelayAnswer {
  readonly head: RelayEnvelopeHead;
  readonly body: Buffer;
  /** The relay's clock when it answered, in milliseconds; its dates are compared with this one, not with ours. */
  readonly relayNow: number;
}

interface RelayClientOptions extends TransportOptions {
  readonly now: () => number;
  /** Waits between attempts; rejects when the signal aborts. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Called with each request's duration, in milliseconds. */
  readonly onLatency?: (milliseconds: number) => void;
  /** Other limits than {@link relayLimits}. */
  readonly limits?: Partial<RelayLimits>;
}

interface RelayReadOptions {
  readonly signal: AbortSignal;
  /** How often a failed request is tried again. */
  readonly retries: number;
}

/** Before a failed request is tried again. */
export const outageRetryMs = 150;
/** Before a transient refusal is tried again. */
export const transientRetryMs = 1_000;

export interface RelayLimits extends TurnLimits {
  /** ms for a read in all, its retry included; the wait for a turn has limits of its own. */
  readonly wholeMs: number;
  /** ms after which an incomplete request makes the client check that the relay works; repeated at this interval. */
  readonly silenceMs: number;
  /** ms for the answer to that. */
  readonly pulseMs: number;
}

/** Longer than the relay takes at most for a read (`longestReadMs` there), so that its own error arrives. */
const relayLimits: RelayLimits = {
  wholeMs: 20_000,
  silenceMs: 5_000,
  pulseMs: 3_000,
  quick: 16,
  most: 64,
  slowAfterMs: 1_000,
  patienceMs: 3_000,
  longestWaitMs: 10_000,
};

/** All reads of one relay. */
export class RelayClient {
  readonly breaker: Breaker;
  readonly #options: RelayClientOptions;
  readonly #limits: RelayLimits;
  readonly #turns: Turns;
  readonly #transport: Promise<Transport>;
  readonly #pulse: Pulse;

  constructor(server: string, options: RelayClientOptions) {
    this.#options = options;
    this.#limits = { ...relayLimits, ...options.limits };
    this.#turns = new Turns(this.#limits);
    this.#transport = createTransport(server, options, this.#limits.most);
    this.#pulse = new Pulse(this.#transport, this.#limits.pulseMs);
    this.breaker = new Breaker(options.now);
  }

  async close(): Promise<void> {
    await (await this.#transport).close();
  }

  /** Rejects with {@link RelayOutage}, {@link RelayRefusal}, or the signal's reason. */
  async read(connection: Connection, read: RelayRead, options: RelayReadOptions): Promise<RelayAnswer> {
    if (tooLongToRelay(read.path, read.query)) {
      throw new RelayRefusal("fallback_local", "route_denied", "The address of this read is too long to be relayed.");
    }
    const deadline = new Deadline(options.signal, this.#limits.wholeMs);
    let refusedOnce = false;
    try {
      for (let attempt = 0; ; attempt++) {
        const failure = await this.#attempt(connection, read, options.signal, deadline);
        if (!(failure instanceof Error)) return failure;
        if (isTransient(failure) && !refusedOnce) {
          refusedOnce = true;
          await this.#pause(transientRetryMs, deadline, failure);
        } else if (this.#isWorthRetrying(failure, deadline) && attempt < options.retries) {
          await this.#pause(outageRetryMs, deadline, failure);
        } else throw failure;
      }
    } finally {
      deadline.end();
    }
  }

  /** A request that timed out, or that the relay itself refused, is not tried again. */
  #isWorthRetrying(failure: RelayOutage | RelayRefusal, deadline: Deadline): boolean {
    const isBroken = failure instanceof RelayOutage && !failure.lives && !failure.late;
    return isBroken && !deadline.signal.aborted && this.breaker.state === "closed";
  }

  /** The wait between two attempts ends with the read's time; the earlier failure is then the reason. */
  async #pause(milliseconds: number, deadline: Deadline, failure: Error): Promise<void> {
    try {
      await this.#options.sleep(milliseconds, deadline.signal);
    } catch {
      deadline.caller.throwIfAborted();
      throw failure;
    }
  }

  async #attempt(
    connection: Connection,
    read: RelayRead,
    caller: AbortSignal,
    deadline: Deadline,
  ): Promise<RelayAnswer | RelayOutage | RelayRefusal> {
    const { pass, giveBack } = await this.#turn(caller);
    try {
      deadline.begin();
      const answer = await this.#once(connection, read, deadline.signal);
      pass.succeeded();
      return answer;
    } catch (error) {
      if (caller.aborted) {
        pass.cancelled();
        throw error;
      }
      const failure = asFailure(error);
      const lives = failure instanceof RelayRefusal || failure.lives;
      if (lives) pass.succeeded();
      else pass.failed();
      return failure;
    } finally {
      giveBack();
    }
  }

  /** A turn to ask. A read that had to wait for it does not ask a relay that has failed other reads meanwhile. */
  async #turn(signal: AbortSignal): Promise<{ readonly pass: Pass; readonly giveBack: () => void }> {
    if (this.breaker.state === "open") throw pausing();
    const giveBack = await this.#turns.take(signal).catch((error: unknown) => {
      throw error instanceof NoTurn ? busy() : error;
    });
    const pass = this.breaker.tryPass();
    if (pass) return { pass, giveBack };
    giveBack();
    throw pausing();
  }

  async #once(connection: Connection, read: RelayRead, signal: AbortSignal): Promise<RelayAnswer> {
    const started = performance.now();
    const dead = new AbortController();
    const watch = setInterval(() => void this.#watch(dead), this.#limits.silenceMs);
    watch.unref();
    try {
      const { path, body } = requestOf(connection.pool, read);
      const headers = { authorization: `Bearer ${connection.token}` };
      const transport = await this.#transport;
      const either = AbortSignal.any([signal, dead.signal]);
      return this.#open(await transport.post(path, headers, JSON.stringify(body), either));
    } finally {
      clearInterval(watch);
      this.#options.onLatency?.(performance.now() - started);
    }
  }

  /** A relay that is slow but answers the pulse may go on with this request. */
  async #watch(dead: AbortController): Promise<void> {
    if (await this.#pulse.beats()) return;
    dead.abort(new RelayOutage("the relay does not answer", { late: true }));
  }

  #open(answer: RawAnswer): RelayAnswer {
    if (answer.status === 204) throw new RelayRefusal("not_held", "not_held", "The relay holds no such answer.");
    if (answer.status !== 200) throw failureOf(answer);
    const opened = openEnvelope(answer);
    return { ...opened, relayNow: this.#relayTime(opened.head, answer) };
  }

  /** The time in the envelope; else its Date header, which a proxy may have written; else this machine's time. */
  #relayTime({ relay }: RelayEnvelopeHead, { headers }: RawAnswer): number {
    const said = [relay.answered_at, headers.date].map((text) =>
      typeof text === "string" ? Date.parse(text) : Number.NaN,
    );
    return said.find((time) => !Number.isNaN(time)) ?? this.#options.now();
  }
}

/** The time of one read, from its first turn on. */
class Deadline {
  readonly caller: AbortSignal;
  readonly signal: AbortSignal;
  readonly #milliseconds: number;
  readonly #over = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(caller: AbortSignal, milliseconds: number) {
    this.caller = caller;
    this.signal = AbortSignal.any([caller, this.#over.signal]);
    this.#milliseconds = milliseconds;
  }

  begin(): void {
    this.#timer ??= setTimeout(
      () => this.#over.abort(new RelayOutage("the relay took too long", { late: true })),
      this.#milliseconds,
    );
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

/** The relay's route for a read, and its body. */
function requestOf(pool: string, { graphql, maxAge, held, ...read }: RelayRead) {
  if (!graphql) return { path: relayRequestPath, body: { pool, method: "GET", ...read } };
  const { query, variables, operationName: operation_name } = graphql;
  const { not_before } = read;
  return {
    path: relayGraphqlPath,
    body: { pool, query, variables, operation_name, max_age: maxAge, not_before, held },
  };
}

function pausing(): RelayOutage {
  return new RelayOutage("the relay did not answer lately, and is given a pause", { late: true });
}

function busy(): RelayOutage {
  return new RelayOutage("too many reads of this machine wait for the relay", { late: true });
}
