/** Requests to GitHub's API with the caller's own token, by the way that the caller's gh takes. */
import type { Dispatcher } from "undici";
import Pool from "undici/lib/dispatcher/pool.js";
import { collect, type RawAnswer } from "../relay/collect.ts";
import type { Account } from "./account.ts";

/** One request, its target with the query. */
export interface PersonalRequest {
  readonly account: Account;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A GraphQL request; without it the request is a `GET`. */
  readonly body?: string | undefined;
  readonly signal: AbortSignal;
}

/** Sends one request. Rejects with the system's error, or the signal's reason. */
export type AskGitHub = (request: PersonalRequest) => Promise<RawAnswer>;

export interface OwnGitHubOptions {
  readonly userAgent: string;
  /** A proxy for api.github.com from the environment; undefined for none. */
  readonly proxied?: (limits: Pool.Options) => Promise<Dispatcher | undefined>;
}

const host = "api.github.com";
/** GitHub counts requests at a time, too: gh itself never has more than a few. */
const mostConnections = 8;
const connectTimeoutMs = 5_000;
const answerTimeoutMs = 20_000;
/** People read again within a minute: a new connection costs two round trips. */
const keepAliveMs = 60_000;

/** Connections to GitHub, one pool for each way there. */
export class OwnGitHub {
  readonly #options: OwnGitHubOptions;
  readonly #ways = new Map<string, Promise<Dispatcher>>();

  constructor(options: OwnGitHubOptions) {
    this.#options = options;
  }

  readonly ask: AskGitHub = async ({ account, target, headers, body, signal }) => {
    const dispatcher = await this.#way(account.socket);
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(answerTimeoutMs)]);
    return collect(
      dispatcher,
      {
        origin: originOf(account.socket),
        path: target,
        method: body === undefined ? "GET" : "POST",
        body: body ?? null,
        headers: {
          host,
          "user-agent": this.#options.userAgent,
          authorization: `token ${account.token}`,
          ...headers,
        },
      },
      bounded,
    );
  };

  async close(): Promise<void> {
    await Promise.all([...this.#ways.values()].map(async (way) => (await way).close()));
  }

  #way(socket: string): Promise<Dispatcher> {
    const known = this.#ways.get(socket);
    if (known) return known;
    const way = this.#open(socket);
    this.#ways.set(socket, way);
    return way;
  }

  async #open(socketPath: string): Promise<Dispatcher> {
    const limits: Pool.Options = {
      connections: mostConnections,
      headersTimeout: answerTimeoutMs,
      bodyTimeout: answerTimeoutMs,
      keepAliveTimeout: keepAliveMs,
    };
    // gh closes each connection to a socket after one request; a server may count on that.
    if (socketPath !== "") return new Pool(originOf(socketPath), { ...limits, connect: { socketPath } });
    const own = { ...limits, allowH2: true, connect: { timeout: connectTimeoutMs } };
    return (await this.#options.proxied?.(own)) ?? new Pool(originOf(""), own);
  }
}

/** gh speaks plain HTTP to a unix socket. */
function originOf(socket: string): string {
  return socket === "" ? `https://${host}` : `http://${host}`;
}
