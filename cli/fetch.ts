/** One request as commands make it, through the proxy of the environment where there is one. */

import * as http from "node:http";
import { isLoopback } from "../shared/loopback.ts";
import { type Environment, environmentText } from "../shared/settings/environment.ts";
import { askDirectly, type Fetch } from "./fetch-direct.ts";

/** The proxy for an address, from the environment's variables; a relay on this machine is never reached through one. */
export function proxyFor(env: Environment, url: URL): string | undefined {
  if (isLoopback(url.hostname)) return undefined;
  const name = url.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  return environmentText(env, name) ?? (env[name.toLowerCase()] || undefined);
}

/** This Node's plain requests take a proxy, too. */
const hasProxyAgents = "setGlobalProxyFromEnv" in http;

/** Node 22 knows proxies only from its start: `NODE_USE_ENV_PROXY=1`. */
export function canUseProxy(env: Environment): boolean {
  return hasProxyAgents || env.NODE_USE_ENV_PROXY === "1";
}

/**
 * A plain request where redirects are answers: to load Node's fetch takes more of the processor than all else that a
 * short command does. An older Node knows proxies only in fetch. The proxy is set for the whole process, with the first
 * request that needs one.
 */
export function environmentFetch(env: Environment): Fetch {
  let ready = false;
  return (input, init = {}) => {
    const url = new URL(input);
    const proxied = proxyFor(env, url) !== undefined;
    if (proxied && hasProxyAgents && !ready) {
      http.setGlobalProxyFromEnv({ ...env });
      ready = true;
    }
    if (init.redirect === "manual" && (hasProxyAgents || !proxied)) return askDirectly(url, init);
    // fetch has no option for certificates, and Node would follow this variable: see shared/certificates.ts.
    delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    return fetch(url, init);
  };
}
