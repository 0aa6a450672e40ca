/** One connection pool to one relay: keep-alive, HTTP/2 where offered, compressed, bounded in number and in time. */
import { promisify } from "node:util";
import { brotliDecompress, gunzip } from "node:zlib";
import type { Dispatcher } from "undici";
import Pool from "undici/lib/dispatcher/pool.js";
import { collect, largestAnswer, type RawAnswer } from "./collect.ts";

/** Connections to a relay that speaks HTTP/1.1; over HTTP/2 one connection carries all of them. */
const mostConnections = 8;
/** Requests of this machine that the relay works on at a time. */
export const mostRequests = 16;
const connectTimeoutMs = 3_000;
/** Longer than the relay's own limit for a request to GitHub (15 s), so that its answer is heard. */
const answerTimeoutMs = 20_000;
const keepAliveMs = 60_000;

export interface Transport {
  post(path: string, headers: Record<string, string>, body: string, signal: AbortSignal): Promise<RawAnswer>;
  close(): Promise<void>;
}

export interface TransportOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Certificates to trust instead of the system's. */
  readonly ca?: string;
}

const unpack = { br: promisify(brotliDecompress), gzip: promisify(gunzip) } as const;

/** Proxy variables of the environment are honoured as curl honours them. */
export async function createTransport(server: string, options: TransportOptions): Promise<Transport> {
  const dispatcher = await dispatcherFor(server, options);
  return {
    async post(path, headers, body, signal) {
      const own = { "content-type": "application/json", "accept-encoding": "br, gzip" };
      const request = { origin: server, path, method: "POST", headers: { ...own, ...headers }, body } as const;
      const answer = await collect(dispatcher, request, signal);
      return { ...answer, body: await unpacked(answer.body, answer.headers) };
    },
    close: () => dispatcher.close(),
  };
}

async function dispatcherFor(server: string, { env, ca }: TransportOptions): Promise<Dispatcher> {
  const limits = {
    connections: mostConnections,
    allowH2: true,
    maxConcurrentStreams: mostRequests,
    headersTimeout: answerTimeoutMs,
    bodyTimeout: answerTimeoutMs,
    keepAliveTimeout: keepAliveMs,
    connect: { timeout: connectTimeoutMs, ...(ca && { ca }) },
  };
  if (!proxied(server, env)) return new Pool(server, limits);
  const { default: EnvHttpProxyAgent } = await import("undici/lib/dispatcher/env-http-proxy-agent.js");
  return new EnvHttpProxyAgent({ ...limits, ...proxiesOf(env) });
}

async function unpacked(body: Buffer, headers: RawAnswer["headers"]): Promise<Buffer> {
  const encoding = headers["content-encoding"];
  if (encoding !== "br" && encoding !== "gzip") return body;
  return unpack[encoding](body, { maxOutputLength: largestAnswer });
}

function proxiesOf(env: Readonly<Record<string, string | undefined>>) {
  const of = (name: string) => env[name.toLowerCase()] ?? env[name];
  const [httpProxy, httpsProxy, noProxy] = [of("HTTP_PROXY"), of("HTTPS_PROXY"), of("NO_PROXY")];
  return {
    ...(httpProxy && { httpProxy }),
    ...(httpsProxy && { httpsProxy }),
    ...(noProxy && { noProxy }),
  };
}

/** A relay on this machine is never reached through a proxy. */
function proxied(server: string, env: Readonly<Record<string, string | undefined>>): boolean {
  const { hostname } = new URL(server);
  if (hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.")) return false;
  const { httpProxy, httpsProxy } = proxiesOf(env);
  return Boolean(server.startsWith("https:") ? httpsProxy : httpProxy);
}
