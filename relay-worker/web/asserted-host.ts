/**
 * A second host, in another account, whose requests reach this relay through a proxy Worker. The proxy states the host
 * and the sender's address that a request was meant for, authenticated by the shared secret. No other sender may state
 * them.
 */
import { OctopoolError } from "../../shared/errors.ts";
import { equalSecrets } from "../auth/tokens.ts";
import { type Env, settingsOf } from "../env.ts";

export const proxySecretHeader = "x-octopool-proxy-secret";
export const appHostHeader = "x-octopool-app-host";
export const clientAddressHeader = "x-octopool-client-address";

const ours = [proxySecretHeader, appHostHeader, clientAddressHeader] as const;
const hostPattern = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/;

/**
 * The request as its sender meant it; the proxy's headers go no further.
 * @throws OctopoolError proxy_denied when the host is asserted without the shared secret
 */
export async function asAsserted(request: Request, env: Env): Promise<Request> {
  if (!ours.some((name) => request.headers.has(name))) return request;
  const { proxySecret } = settingsOf(env);
  const host = request.headers.get(appHostHeader)?.toLowerCase() ?? "";
  const given = request.headers.get(proxySecretHeader) ?? "";
  if (!proxySecret || !(await equalSecrets(given, proxySecret)) || !hostPattern.test(host)) {
    throw new OctopoolError("proxy_denied", "This host may be asserted by its proxy only.", {
      hint: "OCTOPOOL_PROXY_SECRET must be the same secret on both Workers.",
    });
  }
  const headers = new Headers(request.headers);
  const address = headers.get(clientAddressHeader);
  for (const name of ours) headers.delete(name);
  if (address) headers.set("cf-connecting-ip", address);
  const url = new URL(request.url);
  // The scheme stays: it is this relay's own connection that must be secure.
  url.host = host;
  if (!host.includes(":")) url.port = "";
  return new Request(url, new Request(request, { headers }));
}
