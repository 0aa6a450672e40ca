/**
 * The proxy Worker: answers on a second host, which may belong to another account, by asking the relay. It holds no
 * state and no credential but the secret by which the relay knows it.
 */
import * as z from "zod";
import { isLoopback } from "../../shared/loopback.ts";
import { equalSecrets } from "../auth/tokens.ts";
import { appHostHeader, clientAddressHeader, proxySecretHeader } from "./asserted-host.ts";

const settingsSchema = z.object({
  /** Origin of the relay: https, so that the secret is not sent in clear. */
  OCTOPOOL_RELAY_ORIGIN: z.url().transform((text, issues) => {
    const { origin, protocol, hostname, pathname, search } = new URL(text);
    const safe = protocol === "https:" || (protocol === "http:" && isLoopback(hostname));
    if (!safe || pathname !== "/" || search !== "") issues.addIssue("an https origin without a path");
    return origin;
  }),
  OCTOPOOL_PROXY_SECRET: z.string().min(1),
});

/** Headers that a sender may not set, and those that belong to one connection only. */
const dropped = /^(x-octopool-|cf-|x-forwarded-|x-real-ip$|host$|connection$)/;

export async function forward(request: Request, env: unknown, send: typeof fetch = fetch): Promise<Response> {
  const settings = settingsSchema.safeParse(env).data;
  if (!settings) {
    const wanted = "OCTOPOOL_RELAY_ORIGIN, the relay's https origin without a path, and OCTOPOOL_PROXY_SECRET";
    return refusal(request, 503, "proxy_unconfigured", `This proxy is not set up: it needs ${wanted}.`);
  }
  const { OCTOPOOL_RELAY_ORIGIN: relay, OCTOPOOL_PROXY_SECRET: secret } = settings;
  const { pathname, search, host, hostname, protocol } = new URL(request.url);
  if (protocol === "http:" && !isLoopback(hostname)) {
    return new Response(null, { status: 308, headers: { location: `https://${host}${pathname}${search}` } });
  }
  // A request with the secret comes from this proxy itself: the relay's address leads back to it.
  if (await equalSecrets(request.headers.get(proxySecretHeader) ?? "", secret)) {
    return refusal(request, 508, "proxy_loop", "OCTOPOOL_RELAY_ORIGIN leads back to this proxy.");
  }
  const headers = new Headers([...request.headers].filter(([name]) => !dropped.test(name)));
  headers.set(proxySecretHeader, secret);
  headers.set(appHostHeader, host);
  headers.set(clientAddressHeader, request.headers.get("cf-connecting-ip") ?? "unknown");
  // A request without accept-encoding gets an uncompressed answer.
  if (!headers.has("accept-encoding")) headers.set("accept-encoding", "identity");
  const { method, body } = request;
  try {
    // The sender keeps it for five minutes: under the relay's address it could be another host's.
    return await send(relay + pathname + search, { method, headers, body, redirect: "manual", cache: "no-store" });
  } catch {
    return refusal(request, 502, "relay_unreachable", "The relay does not answer. Try again soon.");
  }
}

/** In the relay's form; a sentence for browsers. */
function refusal(request: Request, status: number, code: string, message: string): Response {
  const headers = { "cache-control": "no-store", "x-content-type-options": "nosniff" };
  if (request.headers.get("accept")?.includes("text/html")) return new Response(`${message}\n`, { status, headers });
  const body = { error: { code, message, request_id: crypto.randomUUID() } };
  return Response.json(body, { status, headers });
}

export default { fetch: (request: Request, env: unknown) => forward(request, env) };
