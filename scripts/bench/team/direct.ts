/** A machine without a relay, which keeps GitHub's validators and answers by itself: the comparison. */
import type { Asker } from "../../../daemon/cache/reads.ts";
import type { GitHub } from "../../../test/github-emulator/index.ts";
import { queryText } from "./machines.ts";

interface Held {
  readonly etag: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const kept = new Set(["content-type", "etag", "last-modified", "link"]);

/** Asks GitHub with `login`'s own token. */
export function directAsk(github: GitHub, login: string, now: () => number): Asker["ask"] {
  const held = new Map<string, Held>();
  return async ({ path, query, headers }) => {
    const url = `${path === "/user" ? `/users/${login}` : path}${queryText(query)}`;
    const key = `${url} ${headers.accept ?? ""}`;
    const known = held.get(key);
    const { "cache-control": _bound, ...sent } = headers;
    const answer = await github.engine.handle({
      method: "GET",
      url,
      headers: {
        host: "api.github.com",
        authorization: `token token-${login}`,
        ...sent,
        ...(known && { "if-none-match": known.etag }),
      },
      body: "",
      address: "127.0.0.1",
    });
    if (answer === null) throw new Error(`no answer to ${url}`);
    const isSame = answer.status === 304 && known !== undefined;
    const own = Object.fromEntries(Object.entries(answer.headers).filter(([name]) => kept.has(name)));
    const said = isSame ? known : { etag: own.etag ?? "", status: answer.status, headers: own, body: answer.body };
    if (said.etag !== "" && said.status === 200) held.set(key, said);
    const date = new Date(now()).toISOString();
    const cache = isSame ? ("revalidated" as const) : ("miss" as const);
    const relay = {
      pool: "none",
      request_id: "none",
      cacheable: true,
      cache,
      stale_ok: false,
      route_kind: "none",
      lease_reason: null,
      backend: "github_identity" as const,
      coalesced: false,
      cache_created_at: date,
      cache_expires_at: date,
      github_calls: 1,
    };
    const head = {
      status: said.status,
      headers: { ...said.headers },
      body_encoding: "json" as const,
      identity: null,
      relay,
    };
    return { head, body: said.body, relayNow: now() };
  };
}
