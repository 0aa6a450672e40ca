/**
 * The proxy Worker: answers on a second host, which may belong to another account, by asking the relay. It holds no
 * state and no credential but the secret by which the relay knows it.
 */
import { z } from "zod";
import { appHostHeader, clientAddressHeader, proxySecretHeader } from "./asserted-host.ts";

const settingsSchema = z.object({
  /** Origin of the relay. */
  OCTOPOOL_RELAY_ORIGIN: z.url(),
  OCTOPOOL_PROXY_SECRET: z.string().min(1),
});

/** What a sender may not say for itself, and what belongs to one connection only. */
const dropped = /^(x-octopool-|cf-|x-forwarded-|x-real-ip$|host$|connection$)/;

export async function forward(request: Request, env: unknown, send: typeof fetch = fetch): Promise<Response> {
  const settings = settingsSchema.safeParse(env).data;
  if (!settings)
    return refusal(503, "proxy_denied", "This proxy lacks OCTOPOOL_RELAY_ORIGIN or OCTOPOOL_PROXY_SECRET.");
  const { pathname, search, host, protocol } = new URL(request.url);
  if (protocol === "http:" && !/^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host)) {
    return new Response(null, { status: 308, headers: { location: `https://${host}${pathname}${search}` } });
  }
  const headers = new Headers([...request.headers].filter(([name]) => !dropped.test(name)));
  headers.set(proxySecretHeader, settings.OCTOPOOL_PROXY_SECRET);
  headers.set(appHostHeader, host);
  headers.set(clientAddressHeader, request.headers.get("cf-connecting-ip") ?? "unknown");
  const target = `${settings.OCTOPOOL_RELAY_ORIGIN.replace(/\/+$/, "")}${pathname}${search}`;
  try {
    return await send(new Request(target, { method: request.method, headers, body: request.body, redirect: "manual" }));
  } catch {
    return refusal(502, "relay_unreachable", "The relay does not answer. Try again soon.");
  }
}

function refusal(status: number, code: string, message: string): Response {
  const body = { error: { code, message, request_id: crypto.randomUUID() } };
  return Response.json(body, { status, headers: { "cache-control": "no-store" } });
}

export default { fetch: (request: Request, env: unknown) => forward(request, env) };
