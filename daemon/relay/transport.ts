/** One connection pool to one relay: keep-alive, HTTP/2 where offered, compressed, bounded in number and in time. */
import type { Dispatcher } from "undici";
import Pool from "undici/lib/dispatcher/pool.js";
import { checksCertificates } from "../../shared/certificates.ts";
import { isLoopback } from "../../shared/loopback.ts";
import { collect, type RawAnswer } from "./collect.ts";
import { trustOf } from "./trust.ts";
import { unpacked } from "./unpack.ts";

const connectTimeoutMs = 3_000;
/** Between two pieces of an answer. The limits for a whole request are its signal's. */
const pieceTimeoutMs = 30_000;
const keepAliveMs = 60_000;

export interface Transport {
  post(path: string, headers: Record<string, string>, body: string, signal: AbortSignal): Promise<RawAnswer>;
  /** Without a credential. */
  get(path: string, signal: AbortSignal): Promise<RawAnswer>;
  close(): Promise<void>;
}

export interface TransportOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Certificates to trust instead of the system's. */
  readonly ca?: string;
}

/**
 * Proxy variables of the environment are honoured as curl honours them.
 * @param mostRequests requests at a time: over HTTP/2 one connection carries them, over HTTP/1.1 each needs its own
 */
export async function createTransport(
  server: string,
  options: TransportOptions,
  mostRequests: number,
): Promise<Transport> {
  const dispatcher = await dispatcherFor(server, options, mostRequests);
  const packed = { "accept-encoding": "br, gzip" };
  const send = async (request: Dispatcher.DispatchOptions, signal: AbortSignal) => {
    const answer = await collect(dispatcher, { origin: server, ...request }, signal);
    return { ...answer, body: await unpacked(answer) };
  };
  return {
    post: (path, headers, body, signal) => {
      const own = { "content-type": "application/json", ...packed };
      return send({ path, method: "POST", headers: { ...own, ...headers }, body }, signal);
    },
    get: (path, signal) => send({ path, method: "GET", headers: packed }, signal),
    close: () => dispatcher.close(),
  };
}

export async function dispatcherFor(
  server: string,
  { env, ca }: TransportOptions,
  mostRequests: number,
): Promise<Dispatcher> {
  const secureContext = trustOf(env);
  const tls = { ...checksCertificates, ...(ca && { ca }), ...(secureContext && { secureContext }) };
  const limits = {
    // One more, for the pulse.
    connections: mostRequests + 1,
    allowH2: true,
    maxConcurrentStreams: mostRequests + 1,
    headersTimeout: pieceTimeoutMs,
    bodyTimeout: pieceTimeoutMs,
    keepAliveTimeout: keepAliveMs,
    connect: { timeout: connectTimeoutMs, ...tls },
  };
  if (!proxied(server, env)) return new Pool(server, limits);
  const { default: EnvHttpProxyAgent } = await import("undici/lib/dispatcher/env-http-proxy-agent.js");
  return new EnvHttpProxyAgent({ ...limits, requestTls: tls, proxyTls: tls, ...proxiesOf(env) });
}

function proxiesOf(env: Readonly<Record<string, string | undefined>>) {
  const of = (name: string) => env[name.toLowerCase()] ?? env[name];
  // Empty texts where there are none: undici would look into this process's own environment, which is its starter's.
  const [httpProxy = "", httpsProxy = "", noProxy = ""] = [of("HTTP_PROXY"), of("HTTPS_PROXY"), of("NO_PROXY")];
  return { httpProxy, httpsProxy, noProxy };
}

/** A relay on this machine is never reached through a proxy. */
function proxied(server: string, env: Readonly<Record<string, string | undefined>>): boolean {
  if (isLoopback(new URL(server).hostname)) return false;
  const { httpProxy, httpsProxy } = proxiesOf(env);
  return Boolean(server.startsWith("https:") ? httpsProxy : httpProxy);
}
