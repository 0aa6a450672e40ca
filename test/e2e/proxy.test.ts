/** A relay and its proxy on a second host: two instances of workerd, over real sockets. */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LocalRelay, startRelay } from "../../scripts/stack/relay.ts";
import { removeTree } from "../support/remove-tree.ts";

const secret = "between-relay-and-proxy";
let directory: string;
let relay: LocalRelay;
const proxies: Miniflare[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "octopool-proxy-"));
  await build({
    entryPoints: [join(import.meta.dirname, "../../relay-worker/web/proxy.ts")],
    outfile: join(directory, "proxy.mjs"),
    bundle: true,
    format: "esm",
    logLevel: "warning",
  });
  const login = { GITHUB_OAUTH_CLIENT_ID: "client", GITHUB_OAUTH_CLIENT_SECRET: "client-secret" };
  relay = await startRelay({
    githubApi: "http://127.0.0.1:9",
    bindings: { OCTOPOOL_PROXY_SECRET: secret, OCTOPOOL_ADMIN_TOKEN: "operator", ...login },
  });
});

afterAll(async () => {
  await Promise.all(proxies.map((proxy) => proxy.dispose()));
  await relay?.close();
  await removeTree(directory);
});

async function startProxy(proxySecret: string): Promise<string> {
  const proxy = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port: 0,
      cf: false,
      compatibilityDate: "2026-10-01",
      modulesRoot: directory,
      modules: [{ type: "ESModule", path: join(directory, "proxy.mjs") }],
      bindings: { OCTOPOOL_RELAY_ORIGIN: relay.url, OCTOPOOL_PROXY_SECRET: proxySecret },
    }),
  );
  proxies.push(proxy);
  return (await proxy.ready).origin;
}

test("answers on the proxy's host as that host: discovery, login, operator's API with its body", async () => {
  const origin = await startProxy(secret);
  const discovery: unknown = await (await fetch(`${origin}/.well-known/octopool`)).json();
  expect(discovery).toMatchObject({ api_base: origin, app_base: origin });
  const login = await fetch(`${origin}/login/github`, { redirect: "manual" });
  const authorize = new URL(login.headers.get("location") ?? "");
  expect(authorize.searchParams.get("redirect_uri")).toBe(`${origin}/login/github/callback`);
  const created = await fetch(`${origin}/v1/admin/callers`, {
    method: "POST",
    headers: { authorization: "Bearer operator", "content-type": "application/json" },
    body: JSON.stringify({ pool: "maintainers", github_login: "mona" }),
  });
  expect(created.status).toBe(201);
});

test("a proxy with another secret is refused, and so is every client that asserts a host without one", async () => {
  const origin = await startProxy("another");
  const refused = await fetch(`${origin}/.well-known/octopool`);
  expect([refused.status, await refused.json()]).toMatchObject([403, { error: { code: "proxy_denied" } }]);
  const forged = await fetch(`${relay.url}/.well-known/octopool`, { headers: { "x-octopool-app-host": "evil.test" } });
  expect(forged.status).toBe(403);
});
