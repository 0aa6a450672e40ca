/** Every row of the route table, through the relay: its reader, and how long it is kept. */
import { beforeAll, describe, expect, test } from "vitest";
import { type Route, routes } from "../../../shared/routes/index.ts";
import { json, sampleAt } from "../support/github.ts";
import { startOfTime, TestRelay } from "../support/relay.ts";

const samples: Readonly<Record<string, string>> = {
  owner: "acme",
  repo: "widgets",
  org: "acme",
  login: "mona",
  id: "5",
  number: "7",
  attempt: "1",
  sha: "0123456789abcdef0123456789abcdef01234567",
  ref: "main",
  branch: "main",
  tag: "v1",
  label: "bug",
  workflow: "ci.yml",
  license: "mit",
  template: "Go",
  gist: "abc123",
  basehead: "main...topic",
  "path+": "src/index.ts",
  "ref_path+": "heads/main",
};
const sample = (pattern: string) =>
  pattern.replace(/:([\w]+\+?)/g, (_, name: string) => samples[name] ?? `no sample for ${name}`);
const rows = routes.flatMap((route) => route.paths.map((pattern) => [route.kind, sample(pattern), route] as const));
const query = (route: Route) => (route.search ? { q: "repo:acme/widgets crash" } : {});

let relay: TestRelay;

/** One for each group: its rows have nothing in common but the repository. */
async function freshRelay(): Promise<void> {
  relay = await TestRelay.create();
  await relay.admin("/pools/maintainers/policy", "PATCH", { allow_search: true });
  relay.github.public("acme/widgets").otherwise(({ url }) => {
    if (url.pathname.startsWith("/gists/")) return json({ id: "abc123", public: true });
    if (url.pathname.endsWith("/logs") && url.hostname === "api.github.com") {
      return new Response(null, { status: 302, headers: { location: "https://x.blob.core.windows.net/log" } });
    }
    return url.pathname === "/log" ? new Response("log") : sampleAt(url.pathname);
  });
}

const callsFor = (path: string) => relay.github.calls.filter(({ url }) => url.pathname === path);

describe("rows that are never relayed", () => {
  beforeAll(freshRelay);
  const native = rows.filter(([, , route]) => route.class === "native");
  test.each(native)("%s %s", async (_kind, path) => {
    expect(await relay.refusal(path)).toBe("424 fallback_local local_credentials_required");
    expect(relay.github.calls).toEqual([]);
  });
});

describe("rows that spend an identity", () => {
  beforeAll(freshRelay);
  const pooled = rows.filter(([, , route]) => route.class === "pool");
  test.each(pooled)("%s %s", async (kind, path, route) => {
    const told = await relay.read(path, { query: query(route) });
    const relayed = { route_kind: kind, backend: "github_identity" };
    expect(told).toMatchObject({ status: 200, identity: { id: "pat_one" }, relay: relayed });
    expect(new Set(callsFor(path).map(({ token }) => token))).toEqual(new Set(["pat-one"]));
  });
});

describe("rows that are read without a credential", () => {
  beforeAll(freshRelay);
  const anonymous = rows.filter(([, , route]) => route.class.startsWith("anon"));
  test.each(anonymous)("%s %s", async (kind, path, route) => {
    const told = await relay.read(path, { query: query(route) });
    const relayed = { route_kind: kind, backend: "github_anonymous" };
    expect(told).toMatchObject({ status: 200, identity: null, relay: relayed });
    expect(callsFor(path).map(({ token }) => token)).toEqual([null]);
  });

  test("never with an identity when that budget is gone", async () => {
    await freshRelay();
    const limited = { "x-ratelimit-remaining": "0" };
    relay.github.otherwise(({ token, url }) =>
      token ? sampleAt(url.pathname) : json({ message: "limited" }, { status: 403, headers: limited }),
    );
    for (const [kind, path, route] of anonymous) {
      if (route.class !== "anon" || route.draftsRemoved) continue;
      expect(await relay.refusal(path, { query: query(route) }), kind).toBe("424 fallback_local web_only_unavailable");
    }
    expect(new Set(relay.github.calls.map(({ token }) => token))).toEqual(new Set([null]));
  });
});

describe("lifetimes that do not depend on the body", () => {
  beforeAll(freshRelay);
  const fixed = rows.filter(
    ([, , { cache }]) => cache && "fresh" in cache && "stale" in cache && typeof cache.fresh === "number",
  );
  test.each(fixed)("%s %s", async (_kind, path, route) => {
    const told = await relay.read(path, { query: query(route) });
    const fresh = route.cache && "fresh" in route.cache ? Number(route.cache.fresh) : 0;
    expect(told.relay.cacheable).toBe(true);
    expect(Date.parse(told.relay.cache_expires_at ?? "") - startOfTime).toBe(fresh * 1000);
    expect((await relay.sibling().read(path, { query: query(route) })).relay.cache).toBe("hit");
  });
});
