/**
 * Other hosts of GitHub behind the same socket, as gh sends the requests of every host to the one of its settings: a
 * tenant of ghe.com at api.TENANT.ghe.com, a GitHub Enterprise Server at /api/v3 and /api/graphql of its own name. Each
 * is an engine of its own, whose addresses become those of its host.
 */
import type { GitHubEngine } from "./engine.ts";
import type { Incoming, Outgoing } from "./wire.ts";

/** Engines by the names of their hosts. */
export type Elsewhere = Readonly<Record<string, Pick<GitHubEngine, "handle">>>;

const version = "3.17.2";

/** Answers a request to one of the hosts; undefined where it is for none of them. */
export function answerElsewhere(hosts: Elsewhere, incoming: Incoming): Promise<Outgoing | null> | undefined {
  const asked = (incoming.headers.host ?? "").toLowerCase();
  const name = Object.keys(hosts).find((host) => asked === host || (isTenant(host) && asked === `api.${host}`));
  const engine = name === undefined ? undefined : hosts[name];
  if (name === undefined || engine === undefined) return undefined;
  const url = asked === name ? pathOfServer(incoming.url) : incoming.url;
  if (url === undefined) return Promise.resolve({ status: 404, headers: {}, body: Buffer.from("Not Found") });
  return answer(engine, name, { ...incoming, url, headers: { ...incoming.headers, host: "api.github.com" } });
}

async function answer(
  engine: Pick<GitHubEngine, "handle">,
  host: string,
  incoming: Incoming,
): Promise<Outgoing | null> {
  const outgoing = await engine.handle(incoming);
  if (outgoing === null) return null;
  const here = (text: string) =>
    text
      .replaceAll("https://api.github.com", isTenant(host) ? `https://api.${host}` : `https://${host}/api/v3`)
      .replaceAll(/https:\/\/github\.com(?=["/])/g, `https://${host}`);
  const headers = Object.fromEntries(Object.entries(outgoing.headers).map(([key, value]) => [key, here(value)]));
  const told = isTenant(host) ? headers : { ...headers, "x-github-enterprise-version": version };
  const isText = /json|text/.test(headers["content-type"] ?? "");
  return { ...outgoing, headers: told, body: isText ? Buffer.from(here(outgoing.body.toString())) : outgoing.body };
}

function isTenant(host: string): boolean {
  return host.endsWith(".ghe.com");
}

/** As api.github.com would have it; gh 2.46 asks a tenant so, too. */
function pathOfServer(url: string): string | undefined {
  if (url.startsWith("/api/v3/")) return url.slice("/api/v3".length);
  return url === "/api/graphql" ? "/graphql" : undefined;
}
