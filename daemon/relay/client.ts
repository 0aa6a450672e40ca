/** Asks the relay for one read: patience, one short retry, the breaker, and what each kind of failure means. */
import { errorBodySchema, type RelayEnvelopeHead, relayRequestPath } from "../../shared/envelope.ts";
import { fallbackReasons, OctopoolError, transientReasons } from "../../shared/errors.ts";
import type { Connection } from "../../shared/settings/connection.ts";
import { Breaker } from "./breaker.ts";
import type { RawAnswer } from "./collect.ts";
import { openEnvelope } from "./parse-envelope.ts";
import { Semaphore } from "./semaphore.ts";
import { createTransport, mostRequests, type Transport, type TransportOptions } from "./transport.ts";

/** One read as the relay takes it. */
export interface RelayRead {
  readonly path: string;
  readonly query: Readonly<Record<string, string | string[]>>;
  readonly headers: Readonly<Record<string, string>>;
}

export interface RelayAnswer {
  readonly head: RelayEnvelopeHead;
  readonly body: Buffer;
  /** The relay's clock when it answered, in milliseconds; its dates are compared with this one, not with ours. */
  readonly relayNow: number;
}

/** The relay could not be had: it is down, too slow, or broken. */
export class RelayOutage extends Error {
  override readonly name = "RelayOutage";
}

/** The relay said no for good: its code, and for a 424 the reason. */
export class RelayRefusal extends Error {
  override readonly name = "RelayRefusal";
  readonly code: string;
  readonly reason: string;

  constructor(code: string, reason: string, message: string) {
    super(message);
    this.code = code;
    this.reason = reason;
  }
}

export interface RelayClientOptions extends TransportOptions {
  readonly now: () => number;
  /** Waits between attempts; rejects when the signal aborts. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Told of each request's time on the way, in milliseconds. */
  readonly onLatency?: (milliseconds: number) => void;
}

export interface RelayReadOptions {
  readonly signal: AbortSignal;
  /** How often a failed request is tried again. */
  readonly retries: number;
}

/** Before a failed request is tried again. */
export const outageRetryMs = 150;
/** Before a refusal that may pass is. */
export const transientRetryMs = 1_000;

/** All reads of one relay. */
export class RelayClient {
  readonly breaker: Breaker;
  readonly #options: RelayClientOptions;
  readonly #turns = new Semaphore(mostRequests);
  readonly #transport: Promise<Transport>;

  constructor(server: string, options: RelayClientOptions) {
    this.#options = options;
    this.#transport = createTransport(server, options);
    this.breaker = new Breaker(options.now);
  }

  async close(): Promise<void> {
    await (await this.#transport).close();
  }

  /** Rejects with {@link RelayOutage}, {@link RelayRefusal}, or the signal's reason. */
  async read(connection: Connection, read: RelayRead, options: RelayReadOptions): Promise<RelayAnswer> {
    let refusedOnce = false;
    for (let attempt = 0; ; attempt++) {
      const giveBack = await this.#turn(options.signal);
      try {
        const answer = await this.#once(connection, read, options.signal);
        this.breaker.succeeded();
        return answer;
      } catch (error) {
        if (options.signal.aborted) {
          this.breaker.cancelled();
          throw error;
        }
        if (error instanceof RelayRefusal) {
          this.breaker.succeeded();
          if (refusedOnce || !isTransient(error)) throw error;
          refusedOnce = true;
          giveBack();
          await this.#options.sleep(transientRetryMs, options.signal);
          continue;
        }
        this.breaker.failed();
        if (attempt >= options.retries || this.breaker.state !== "closed") throw asOutage(error);
        giveBack();
        await this.#options.sleep(outageRetryMs, options.signal);
      } finally {
        giveBack();
      }
    }
  }

  /** A turn to ask. Who had to wait for it asks no relay that has failed others meanwhile. */
  async #turn(signal: AbortSignal): Promise<() => void> {
    if (this.breaker.state === "open") throw pausing();
    const giveBack = await this.#turns.take(signal);
    if (this.breaker.tryPass()) return giveBack;
    giveBack();
    throw pausing();
  }

  async #once(connection: Connection, read: RelayRead, signal: AbortSignal): Promise<RelayAnswer> {
    const started = performance.now();
    try {
      const body = JSON.stringify({ pool: connection.pool, method: "GET", ...read });
      const headers = { authorization: `Bearer ${connection.token}` };
      return this.#open(await (await this.#transport).post(relayRequestPath, headers, body, signal));
    } finally {
      this.#options.onLatency?.(performance.now() - started);
    }
  }

  #open(answer: RawAnswer): RelayAnswer {
    if (answer.status !== 200) throw refusalOf(answer);
    const date = answer.headers.date;
    const relayNow = typeof date === "string" ? Date.parse(date) : Number.NaN;
    return { ...openEnvelope(answer), relayNow: Number.isNaN(relayNow) ? this.#options.now() : relayNow };
  }
}

function pausing(): RelayOutage {
  return new RelayOutage("the relay did not answer lately, and is given a pause");
}

function isTransient(refusal: RelayRefusal): boolean {
  const reason = fallbackReasons.find((known) => known === refusal.reason);
  return reason !== undefined && transientReasons.has(reason);
}

/** 4xx is the relay's considered word; 5xx and words that are not its own are trouble. */
function refusalOf({ status, body }: RawAnswer): RelayRefusal | RelayOutage {
  const error = parseError(body);
  if (status >= 400 && status < 500 && status !== 429 && error) {
    return new RelayRefusal(error.code, error.details?.reason ?? error.code, error.message);
  }
  return new RelayOutage(error ? `the relay is in trouble (${error.code})` : `the relay answered HTTP ${status}`);
}

function parseError(body: Buffer) {
  try {
    return errorBodySchema.parse(JSON.parse(body.toString())).error;
  } catch {
    return undefined;
  }
}

function asOutage(error: unknown): RelayOutage {
  if (error instanceof RelayOutage) return error;
  if (error instanceof OctopoolError) return new RelayOutage(error.message, { cause: error });
  const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
  return new RelayOutage(`the relay could not be reached (${code})`, { cause: error });
}
