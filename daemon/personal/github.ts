/** Requests to GitHub's API with the caller's own token, by the way that the caller's gh takes. */
import { getCACertificates } from "node:tls";
import type { Dispatcher } from "undici";
import Pool from "undici/lib/dispatcher/pool.js";
import { checksCertificates } from "../../shared/certificates.ts";
import { addressOf, apiOf, githubCom, type Host } from "../hosts.ts";
import { collect, type RawAnswer } from "../relay/collect.ts";
import type { OwnAccount } from "./account.ts";

/** One request, its target with the query, as a path of the API. */
interface PersonalRequest {
  readonly account: OwnAccount;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A GraphQL request; without it the request is a `GET`. */
  readonly body?: string | undefined;
  readonly signal: AbortSignal;
}

/** Sends one request. Rejects with the system's error, or the signal's reason. */
export type AskGitHub = (request: PersonalRequest) => Promise<RawAnswer>;

interface OwnGitHubOptions {
  readonly userAgent: string;
  /** Opens the way to an address; a pool of connections where absent. */
  readonly open?: (origin: string, options: Pool.Options) => Dispatcher;
  /** PEM certificates of the authorities that the system trusts; its own where absent. */
  readonly authorities?: () => readonly string[];
}

/** GitHub limits concurrent requests, too: gh itself never has more than a few. */
const mostConnections = 8;
const connectTimeoutMs = 5_000;
const answerTimeoutMs = 20_000;
/** Reads often repeat within a minute: a new connection costs two round trips. */
const keepAliveMs = 60_000;

/** Connections to GitHub, one pool for each host and way there. */
export class OwnGitHub {
  readonly #options: OwnGitHubOptions;
  readonly #ways = new Map<string, Promise<Dispatcher>>();

  constructor(options: OwnGitHubOptions) {
    this.#options = options;
  }

  readonly ask: AskGitHub = async ({ account, target, headers, body, signal }) => {
    const address = addressOf(account.host, target);
    const { host, origin } = new URL(address);
    const dispatcher = await this.#way(account);
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(answerTimeoutMs)]);
    return collect(
      dispatcher,
      {
        origin: originOf(account),
        path: address.slice(origin.length),
        method: body === undefined ? "GET" : "POST",
        body: body ?? null,
        headers: {
          host,
          "user-agent": this.#options.userAgent,
          authorization: authorizationOf(account),
          ...headers,
        },
      },
      bounded,
    );
  };

  async close(): Promise<void> {
    await Promise.all([...this.#ways.values()].map(async (way) => (await way).close()));
  }

  #way(account: OwnAccount): Promise<Dispatcher> {
    const key = `${originOf(account)} ${account.socket}`;
    const known = this.#ways.get(key);
    if (known) return known;
    const way = this.#open(account);
    this.#ways.set(key, way);
    return way;
  }

  async #open(account: OwnAccount): Promise<Dispatcher> {
    const { socket: socketPath } = account;
    const origin = originOf(account);
    const limits: Pool.Options = {
      connections: mostConnections,
      headersTimeout: answerTimeoutMs,
      bodyTimeout: answerTimeoutMs,
      keepAliveTimeout: keepAliveMs,
    };
    // gh closes each connection to a socket after one request; a server may rely on that.
    if (socketPath !== "") return new Pool(origin, { ...limits, connect: { socketPath } });
    const { open = (at: string, options: Pool.Options) => new Pool(at, options) } = this.#options;
    return open(origin, {
      ...limits,
      allowH2: true,
      connect: { timeout: connectTimeoutMs, ...checksCertificates, ...this.#trust(account.host) },
    });
  }

  /** A server's certificate is often its owner's own: the system knows such an authority, as gh does; Node does not. */
  #trust({ name }: Host): { readonly ca?: string[] } {
    if (name === githubCom.name) return {};
    const { authorities = () => getCACertificates("system") } = this.#options;
    const ca = [...authorities()];
    return ca.length > 0 ? { ca } : {};
  }
}

/** As gh sends it. */
export function authorizationOf({ token }: OwnAccount): string {
  return `token ${token}`;
}

/** gh sends plain HTTP to a unix socket. */
function originOf({ host, socket }: { readonly host: Host; readonly socket: string }): string {
  const { origin } = new URL(apiOf(host));
  return socket === "" ? origin : origin.replace(/^https:/, "http:");
}
