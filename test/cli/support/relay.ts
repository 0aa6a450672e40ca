/**
 * The relay's contract for the client's commands, over a real socket, with the answers that a test sets. It keeps every
 * request it got, so that a test can tell the receiver of each.
 */
import { createServer, type IncomingMessage } from "node:http";
import { onTestFinished } from "vitest";
import { closeServer, urlOf } from "../../support/loopback.ts";

interface Received {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, unless it is a string. */
  readonly body: unknown;
}

export type StandInRoute = (request: Received) => Reply | undefined;

interface ScriptedRelay {
  readonly url: string;
  readonly received: readonly Received[];
}

export const token = `op_${"t".repeat(43)}`;

/** Answers by the first route that knows the request; else as {@link standardRoutes}. */
export async function startScriptedRelay(...routes: readonly StandInRoute[]): Promise<ScriptedRelay> {
  const received: Received[] = [];
  let url = "";
  const server = createServer(async (incoming, response) => {
    const request = await read(incoming);
    received.push(request);
    const reply = [...routes, standardRoutes(url)].map((route) => route(request)).find((found) => found !== undefined);
    const { status, headers, body } = reply ?? failure(404, "not_found", "There is nothing here.");
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  url = await urlOf(server);
  onTestFinished(() => closeServer(server));
  return { url, received };
}

export function failure(status: number, code: string, message: string, details?: Record<string, unknown>): Reply {
  return { status, body: { error: { code, message, request_id: "req-1", ...(details && { details }) } } };
}

/** One route by method and path; the query does not matter. */
export function on(method: string, path: string, reply: Reply | ((request: Received) => Reply)): StandInRoute {
  return (request) => {
    if (request.method !== method || request.path.split("?")[0] !== path) return undefined;
    return typeof reply === "function" ? reply(request) : reply;
  };
}

export const discoveryOf = (url: string) => ({
  service: "octopool",
  version: 1,
  api_base: url,
  app_base: url,
  default_pool: "maintainers",
  allowed_org: "acme",
  auth: { cli_github_token: true, web_login: true },
  min_cli_version: "0.1.0",
});

export const health = {
  pool: "maintainers",
  identities_total: 2,
  identities_healthy: 2,
  remaining_by_resource: { core: 9000 },
  reset_windows: [
    { budget: "user:bot", resource: "core", limit: 5000, remaining: 4000, reset_at: "2026-01-01T01:00:00Z" },
  ],
  recent_errors: [],
  policy_version: 1,
};

const counters = {
  requests: 10,
  service_errors: 0,
  local_fallbacks: 1,
  hits: 6,
  stale: 0,
  misses: 2,
  bypass: 0,
  revalidated: 1,
  coalesced: 1,
  github_calls: 3,
};

/** The relay's answer to a read: the envelope with GitHub's bytes as its last member. */
export function envelope(body: string, relay: Readonly<Record<string, unknown>> = {}): Reply {
  const now = Date.now();
  const head = {
    status: 200,
    headers: { "content-type": "application/json; charset=utf-8" },
    body_encoding: "json",
    identity: { id: "bot1", kind: "pat" },
    relay: {
      pool: "maintainers",
      request_id: "req-1",
      cacheable: true,
      cache: "miss",
      stale_ok: false,
      route_kind: "pr_view",
      lease_reason: "highest_remaining",
      backend: "github_identity",
      coalesced: false,
      cache_created_at: new Date(now).toISOString(),
      cache_expires_at: new Date(now + 60_000).toISOString(),
      github_calls: 1,
      ...relay,
    },
  };
  const start = `${JSON.stringify(head).slice(0, -1)},"body":`;
  const headers = { "x-octopool-body-offset": String(Buffer.byteLength(start)), date: new Date(now).toUTCString() };
  return { status: 200, headers, body: `${start}${body}}` };
}

export const stats = {
  pool: "maintainers",
  since: "2026-01-01T00:00:00Z",
  until: "2026-01-02T00:00:00Z",
  window_seconds: 86_400,
  client: null,
  totals: { ...counters, eligible: 9, hit_rate: 0.6, eligible_hit_rate: 0.67 },
  callers: [{ caller: "c1", github_login: "mona", ...counters }],
  clients: [{ client: "laptop", github_login: "mona", ...counters }],
  routes: [{ route_kind: "pr_view", ...counters }],
  fallback_reasons: [{ reason: "repo_not_public", count: 1 }],
  cache: { entries: 4, bytes: 2048 },
};

function standardRoutes(url: string): StandInRoute {
  const routes: readonly StandInRoute[] = [
    on("GET", "/.well-known/octopool", { status: 200, body: discoveryOf(url) }),
    on("POST", "/v1/login/github-cli", logInReply),
    on("DELETE", "/v1/session", authorised({ status: 204, body: "" })),
    on("GET", "/v1/pools/maintainers/health", authorised({ status: 200, body: health })),
    on("GET", "/v1/pools/maintainers/stats", authorised({ status: 200, body: stats })),
  ];
  return (request) => routes.map((route) => route(request)).find((reply) => reply !== undefined);
}

function authorised(reply: Reply) {
  return (request: Received): Reply => {
    if (request.authorization === `Bearer ${token}`) return reply;
    if (request.authorization === undefined) return failure(401, "missing_auth", "No token.");
    return failure(401, "invalid_auth", "The token is not known here.");
  };
}

function logInReply({ body }: Received): Reply {
  const sent = typeof body === "object" && body !== null ? body : {};
  const clientName = "client_name" in sent ? sent.client_name : "unnamed";
  const pool = "pool" in sent ? sent.pool : "maintainers";
  const caller = { id: "c1", name: "mona", github_login: "mona", org_login: "acme", pool, client_name: clientName };
  return { status: 201, body: { caller, token } };
}

async function read(incoming: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  const text = Buffer.concat(chunks).toString();
  return {
    method: incoming.method ?? "",
    path: incoming.url ?? "",
    authorization: incoming.headers.authorization,
    body: text === "" ? undefined : JSON.parse(text),
  };
}
