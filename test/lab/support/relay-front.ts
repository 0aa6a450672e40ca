/** Stands before a real relay and lets its answers pass, unless a mood says otherwise. */
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { closeServer, urlOf, type WholeAnswer, wholeAnswer } from "../../support/loopback.ts";

/** The input of a mood. */
export interface Exchange {
  /** Path of the read inside the request; the request's own path where it is none. */
  readonly path: string;
  /** The client's connection, to write any bytes on. */
  readonly socket: Socket;
  /** Resolves when the client has gone or the front closes: for moods that go on until then. */
  readonly gone: Promise<void>;
  /** Asks the relay behind, unpacked. */
  real(): Promise<WholeAnswer>;
}

/** Answers one request, well or badly. The table of them is `moods.ts`. */
export type Mood = (exchange: Exchange) => void | Promise<void>;

export class RelayFront {
  readonly #server: Server;
  readonly #target: URL;
  #mood: { readonly mood: Mood; readonly only: (path: string) => boolean } | undefined;
  /** Paths of the reads that came by, oldest first. */
  readonly asked: string[] = [];

  private constructor(target: string) {
    this.#target = new URL(target);
    this.#server = createServer((incoming, outgoing) => void this.#handle(incoming, outgoing));
  }

  static async start(target: string): Promise<RelayFront> {
    const front = new RelayFront(target);
    await urlOf(front.#server);
    return front;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** From now on requests whose read has such a path meet this mood; all of them if `only` is absent. */
  be(mood: Mood, only: (path: string) => boolean = () => true): void {
    this.#mood = { mood, only };
  }

  /** Lets everything pass again, ends calls in progress, and forgets earlier requests. */
  reset(): void {
    this.#mood = undefined;
    this.asked.length = 0;
    this.#server.closeAllConnections();
  }

  close(): Promise<void> {
    return closeServer(this.#server);
  }

  async #handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    try {
      const body = Buffer.concat(await incoming.toArray());
      const path = pathOf(incoming, body);
      this.asked.push(path);
      const real = () => this.#ask(incoming, body);
      // One listener for each request that a connection carries.
      incoming.socket.setMaxListeners(0);
      const gone = new Promise<void>((resolve) => incoming.socket.once("close", () => resolve()));
      const { mood, only } = this.#mood ?? {};
      if (mood && only?.(path)) return await mood({ path, socket: incoming.socket, gone, real });
      const { status, headers, body: answer } = await real();
      outgoing.writeHead(status, { ...withoutFraming(headers), "content-length": String(answer.length) }).end(answer);
    } catch {
      incoming.socket.destroy();
    }
  }

  #ask(incoming: IncomingMessage, body: Buffer): Promise<WholeAnswer> {
    const { hostname, port } = this.#target;
    const headers = { ...incoming.headers, "accept-encoding": "identity" };
    return wholeAnswer({ hostname, port, method: incoming.method ?? "GET", path: incoming.url ?? "/", headers }, body);
  }
}

/** Everything but the headers of the transfer. */
export function withoutFraming(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const { "content-length": _length, "transfer-encoding": _encoding, connection: _connection, ...rest } = headers;
  return rest;
}

function pathOf(incoming: IncomingMessage, body: Buffer): string {
  try {
    const { path } = JSON.parse(body.toString());
    if (typeof path === "string") return path;
  } catch {
    // No read.
  }
  return incoming.url ?? "/";
}
