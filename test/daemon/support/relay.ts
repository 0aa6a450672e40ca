/**
 * A relay by its contract only: it gives a test's answers, counts, and can be slow, broken or absent. The relay itself
 * has tests of its own.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { closeServer, urlOf } from "../../support/loopback.ts";

interface RelayedRead {
  readonly path: string;
  readonly query: Record<string, string | string[]>;
  readonly headers: Record<string, string>;
  readonly pool: string;
  readonly authorization: string | undefined;
}

export interface RelayReply {
  readonly body?: string | Buffer;
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly cache?: "hit" | "stale" | "miss" | "bypass" | "revalidated";
  readonly cacheable?: boolean;
  readonly reduced?: boolean;
  /** Seconds since GitHub said it, and until it expires at the relay. */
  readonly age?: number;
  readonly fresh?: number;
  readonly encoding?: "json" | "text" | "base64";
  /** An answer that is not an envelope: its HTTP status and its error. */
  readonly refusal?: { readonly http: number; readonly code: string; readonly reason?: string };
  /** Any bytes, as they are, with this HTTP status. */
  readonly raw?: string;
  readonly http?: number;
  /** Members of the envelope's `relay`, over the usual ones; undefined leaves one out. */
  readonly relay?: Record<string, unknown>;
  /** Changes the envelope's bytes on their way. */
  readonly mangle?: (envelope: Buffer) => Buffer;
  /** Response headers over the usual ones. */
  readonly wire?: Record<string, string>;
}

type Answer = (asked: RelayedRead, count: number) => RelayReply | Promise<RelayReply>;

export class RelayStandIn {
  readonly asked: RelayedRead[] = [];
  answer: Answer = () => ({ body: "{}" });
  readonly #server: Server;
  readonly #waiting: { count: number; resolve: () => void }[] = [];
  /** Requests whose client went away before the answer. */
  cancelled = 0;
  readonly #cancelWaiting: (() => void)[] = [];

  private constructor() {
    this.#server = createServer((request, response) => void this.#handle(request, response));
  }

  static async start(): Promise<RelayStandIn> {
    const relay = new RelayStandIn();
    await urlOf(relay.#server);
    return relay;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get port(): number {
    const address = this.#server.address() as AddressInfo;
    return address.port;
  }

  /** Settings of a caller that is logged in here. */
  get env(): Record<string, string> {
    return { OCTOPOOL_URL: this.url, OCTOPOOL_TOKEN: testToken, OCTOPOOL_POOL: "maintainers" };
  }

  /** Its answer to a health check. */
  pulse: (response: ServerResponse) => void = (response) => void response.end('{"service":"octopool"}');

  /** Resolves when so many requests have arrived in all. */
  async arrived(count: number): Promise<void> {
    if (this.asked.length >= count) return;
    await new Promise<void>((resolve) => this.#waiting.push({ count, resolve }));
  }

  async someCancelled(): Promise<void> {
    if (this.cancelled === 0) await new Promise<void>((resolve) => this.#cancelWaiting.push(resolve));
  }

  stop(): Promise<void> {
    return closeServer(this.#server);
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = Buffer.concat(await request.toArray()).toString();
    if (request.method === "GET") return this.pulse(response);
    const read = JSON.parse(text);
    const asked = { query: {}, headers: {}, ...read, authorization: request.headers.authorization };
    this.asked.push(asked);
    for (const waiter of this.#waiting) if (this.asked.length >= waiter.count) waiter.resolve();
    response.once("close", () => {
      if (response.writableFinished) return;
      this.cancelled++;
      for (const resolve of this.#cancelWaiting.splice(0)) resolve();
    });
    send(response, await this.answer(asked, this.asked.length), read.pool);
  }
}

export const testToken = `op_${"t".repeat(43)}`;

function send(response: ServerResponse, reply: RelayReply, pool: string): void {
  if (reply.raw !== undefined) return void response.writeHead(reply.http ?? 200).end(reply.raw);
  if (reply.refusal) {
    const { http, code, reason } = reply.refusal;
    const details = reason === undefined ? {} : { details: { reason } };
    const error = { code, message: `refused: ${code}`, request_id: "r", ...details };
    return void response.writeHead(http, { "content-type": "application/json" }).end(JSON.stringify({ error }));
  }
  const { head, body } = envelope(reply, pool);
  const offset = { "x-octopool-body-offset": String(Buffer.byteLength(head)) };
  const whole = Buffer.concat([Buffer.from(head), body, Buffer.from("}")]);
  response.writeHead(200, { "content-type": "application/json", ...offset, ...reply.wire });
  response.end(reply.mangle?.(whole) ?? whole);
}

function envelope(reply: RelayReply, pool: string) {
  const {
    body = "{}",
    encoding = "json",
    age = 0,
    fresh = 300,
    cache = "miss",
    cacheable = true,
    reduced = false,
  } = reply;
  const now = Date.now();
  const bytes = Buffer.from(body);
  const encoded =
    encoding === "json" ? bytes : Buffer.from(JSON.stringify(bytes.toString(encoding === "text" ? "utf8" : "base64")));
  const head = {
    status: reply.status ?? 200,
    headers: { "content-type": "application/json; charset=utf-8", ...reply.headers },
    body_encoding: encoding,
    identity: { id: "pat_one", kind: "pat" },
    relay: {
      pool,
      request_id: "r",
      cacheable,
      ...(reduced && { reduced }),
      cache,
      stale_ok: false,
      route_kind: "any",
      lease_reason: "highest_remaining",
      backend: "github_identity",
      coalesced: false,
      cache_created_at: new Date(now - age * 1000).toISOString(),
      cache_expires_at: new Date(now + fresh * 1000).toISOString(),
      github_calls: cache === "hit" || cache === "stale" ? 0 : 1,
      answered_at: new Date(now).toISOString(),
      body_length: encoded.length,
      ...reply.relay,
    },
  };
  return { head: `${JSON.stringify(head).slice(0, -1)},"body":`, body: encoded };
}
