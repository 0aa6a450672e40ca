/** fetch, through the proxy of the environment where there is one. */

import * as http from "node:http";
import { isLoopback } from "../shared/loopback.ts";
import { type Environment, environmentText } from "../shared/settings/environment.ts";

/** The proxy for an address, as its variables say; a relay on this machine is never reached through one. */
export function proxyFor(env: Environment, url: URL): string | undefined {
  if (isLoopback(url.hostname)) return undefined;
  const name = url.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  return environmentText(env, name) ?? (env[name.toLowerCase()] || undefined);
}

/** Node 22 knows proxies only from its start: `NODE_USE_ENV_PROXY=1`. */
export function canUseProxy(env: Environment): boolean {
  return "setGlobalProxyFromEnv" in http || env.NODE_USE_ENV_PROXY === "1";
}

/** Node's own fetch. The proxy is set for the whole process, with the first request that needs one. */
export function environmentFetch(env: Environment): typeof fetch {
  let ready = false;
  return (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (!ready && proxyFor(env, url) !== undefined && "setGlobalProxyFromEnv" in http) {
      http.setGlobalProxyFromEnv({ ...env });
      ready = true;
    }
    return fetch(input, init);
  };
}
