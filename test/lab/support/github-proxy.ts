/** A mangling proxy before the emulated GitHub: answers as GitHub, or something on the way to it, spoils them. */
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { closeServer, urlOf, wholeAnswer } from "../../support/loopback.ts";

/** A request, before GitHub sees it. */
interface Passing {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** An answer on its way back. */
export interface MangledAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** Closes the connection after so many bytes of the body. */
  readonly cut?: number;
  /** Closes the connection instead of an answer. */
  readonly drop?: true;
}

interface Mangling {
  /** Answers instead of GitHub; undefined lets the request pass. */
  instead?: (passing: Passing) => Partial<MangledAnswer> | undefined;
  /** Changes GitHub's answer; undefined leaves it as it is. */
  after?: (passing: Passing, answer: MangledAnswer) => Partial<MangledAnswer> | undefined;
}

export class GitHubProxy {
  /** The change to the traffic from now on. */
  mangling: Mangling = {};
  /** Every request that came by, oldest first. */
  readonly seen: Passing[] = [];
  readonly #server: Server;
  readonly #target: URL;

  private constructor(target: string) {
    this.#target = new URL(target);
    this.#server = createServer((incoming, outgoing) => void this.#pass(incoming, outgoing));
  }

  static async start(target: string): Promise<GitHubProxy> {
    const proxy = new GitHubProxy(target);
    await urlOf(proxy.#server);
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Lets everything pass again and forgets earlier requests. */
  reset(): void {
    this.mangling = {};
    this.seen.length = 0;
  }

  close(): Promise<void> {
    return closeServer(this.#server);
  }

  async #pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = Buffer.concat(await incoming.toArray());
    const passing = { method: incoming.method ?? "GET", path: incoming.url ?? "/", headers: incoming.headers };
    this.seen.push(passing);
    const instead = this.mangling.instead?.(passing);
    if (instead) return send(outgoing, { status: 200, headers: {}, body: Buffer.alloc(0), ...instead });
    try {
      const answer = await this.#ask(passing, body);
      send(outgoing, { ...answer, ...this.mangling.after?.(passing, answer) });
    } catch {
      outgoing.destroy();
    }
  }

  #ask({ method, path, headers }: Passing, body: Buffer): Promise<MangledAnswer> {
    const { hostname, port } = this.#target;
    return wholeAnswer({ hostname, port, method, path, headers: { ...headers } }, body);
  }
}

function send(outgoing: ServerResponse, { status, headers, body, cut, drop }: MangledAnswer): void {
  if (drop) return void outgoing.destroy();
  const { "transfer-encoding": _chunks, "content-length": _length, ...kept } = headers;
  const empty = status === 304 || status === 204;
  outgoing.writeHead(status, { ...kept, ...(empty ? {} : { "content-length": String(body.length) }) });
  if (cut === undefined) return void outgoing.end(empty ? undefined : body);
  outgoing.write(body.subarray(0, cut), () => outgoing.destroy());
}

/** An answer of this content type: for `instead`, and for the replacement of a body. */
export function bodyOf(type: string, text: string, status = 200): Partial<MangledAnswer> {
  return { status, headers: { "content-type": type }, body: Buffer.from(text) };
}
