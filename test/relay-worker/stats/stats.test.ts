import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { auditBatch, flushAudit } from "../../../relay-worker/audit/write.ts";
import { poolHealthSchema, poolStatsSchema } from "../../../shared/stats.ts";
import { recordingDatabase } from "../support/counting.ts";
import { budget, json } from "../support/github.ts";
import { advance, TestRelay } from "../support/relay.ts";

const path = "/repos/acme/widgets/pulls/7";
const minute = 60_000;
let relay: TestRelay;

beforeEach(async () => {
  relay = await TestRelay.create();
  relay.github.public("acme/widgets").on(path, () => json({ number: 7, state: "open" }, { headers: { etag: '"1"' } }));
});

const get = (what: string, token = relay.token) =>
  relay.ask(`/v1/pools/maintainers/${what}`, { headers: { authorization: `Bearer ${token}` } });
const stats = async (query = "") => poolStatsSchema.parse((await get(`stats${query}`)).body);

describe("stats", () => {
  test("count each outcome once, coalesced answers apart, and the calls of GitHub", async () => {
    const desk = await relay.caller("mona", { name: "desk" });
    await relay.read(path);
    await relay.read(path);
    await relay.read(path, { token: desk.token });
    await relay.read(path, { headers: { "if-none-match": '"x"' } });
    await relay.refusal("/repos/acme/widgets/rulesets");
    relay.github.on(
      "/repos/acme/widgets/contents/a",
      () => new Response(null, { status: 302, headers: { location: "/x" } }),
    );
    await relay.refusal("/repos/acme/widgets/contents/a");
    advance(20 * minute);
    relay.github.on(path, () => new Response(null, { status: 304 }));
    await relay.read(path);
    const { totals, clients, callers, routes, fallback_reasons, cache } = await stats();
    expect(totals).toEqual({
      requests: 7,
      service_errors: 1,
      local_fallbacks: 1,
      hits: 2,
      stale: 0,
      misses: 1,
      bypass: 1,
      revalidated: 1,
      coalesced: 0,
      github_calls: 6,
      eligible: 4,
      pushed: 0,
      hit_rate: 2 / 7,
      eligible_hit_rate: 0.5,
    });
    expect(clients.map(({ client, requests }) => [client, requests])).toEqual([
      ["admin", 6],
      ["desk", 1],
    ]);
    expect(callers).toEqual([expect.objectContaining({ github_login: "mona", requests: 7 })]);
    expect(routes[0]).toMatchObject({ route_kind: "pr_view", requests: 5, hits: 2 });
    expect(fallback_reasons).toEqual([{ reason: "local_credentials_required", count: 1 }]);
    expect(cache.entries).toBe(1);
    expect((await stats("?client=desk")).totals).toMatchObject({ requests: 1, hits: 1 });
  });

  test("look back as far as they are asked to", async () => {
    await relay.read(path);
    advance(61 * minute);
    expect((await stats("?since=1")).totals.requests).toBe(0);
    expect((await stats("?since=90m")).totals.requests).toBe(1);
    expect((await stats("?since=30d")).window_seconds).toBe(30 * 86_400);
  });

  test.each(["0", "31d", "721", "-1h", "1w", "h", "1.5h", "43201m"])("since=%s is an invalid_window", async (since) => {
    expect(await get(`stats?since=${since}`)).toMatchObject({
      status: 400,
      body: { error: { code: "invalid_window" } },
    });
  });

  test("need a caller of that pool", async () => {
    expect(await relay.ask("/v1/pools/maintainers/stats")).toMatchObject({
      status: 401,
      body: { error: { code: "missing_auth" } },
    });
    expect(await get("stats", "op_x")).toMatchObject({ status: 401, body: { error: { code: "invalid_auth" } } });
    const { token } = await relay.caller("hubot", { pool: "bots" });
    expect(await get("stats", token)).toMatchObject({ status: 401, body: { error: { code: "invalid_auth" } } });
  });
});

describe("health", () => {
  test("tells identities, budgets, recent failures and the policy's version", async () => {
    await relay.identity({ id: "pat_two", login: "bot-two", secret_ref: "PAT_TWO" });
    await relay.admin("/pools/maintainers/policy", "PATCH", { allow_logs: false });
    await relay.read(path);
    await relay.refusal("/repos/acme/widgets/rulesets");
    const health = poolHealthSchema.parse((await get("health")).body);
    expect(health).toMatchObject({
      pool: "maintainers",
      identities_total: 2,
      identities_healthy: 2,
      remaining_by_resource: { core: 9999, search: 60 },
      reset_windows: [{ resource: "core", limit: 5000, remaining: 4999 }],
      recent_errors: [{ code: "fallback_local", reason: "local_credentials_required", count: 1 }],
      policy_version: 2,
    });
  });

  test("counts the budget of a revalidation and of a further page", async () => {
    const left = async () => poolHealthSchema.parse((await get("health")).body).remaining_by_resource.core;
    await relay.read(path);
    relay.github.on(path, () => new Response(null, { status: 304, headers: budget(4321) }));
    await relay.read(path, { headers: { "cache-control": "max-age=0" } });
    expect(await left()).toBe(4321);
    relay.github.on("/repos/acme/widgets/pulls", () => json([], { headers: budget(4242) }));
    await relay.read("/repos/acme/widgets/pulls", { query: { page: "2" } });
    expect(await left()).toBe(4242);
  });

  test("an identity that cools down or has nothing left is not healthy", async () => {
    relay.github.on(path, () => json({ message: "Bad credentials" }, { status: 401 }));
    await relay.refusal(path);
    expect(poolHealthSchema.parse((await get("health")).body).identities_healthy).toBe(0);
  });
});

describe("the audit's writing", () => {
  test("gathers many rows into one statement", async () => {
    const { DB, statements: rows } = recordingDatabase();
    const isolate = relay.sibling({ DB });
    auditBatch(isolate.memory).since = Date.now();
    for (let times = 0; times < 30; times += 1) await isolate.read(path);
    expect(auditBatch(isolate.memory).rows).toHaveLength(30);
    rows.length = 0;
    await flushAudit({ memory: isolate.memory, clock: () => Date.now() } as never, isolate.env);
    expect(rows.filter((sql) => sql.includes("audit_events"))).toHaveLength(1);
    expect(await env.DB.prepare("select count(*) as n from audit_events where action = 'request'").first("n")).toBe(30);
  });

  test("goes on when the request that gathered was broken off", async () => {
    const isolate = relay.sibling();
    auditBatch(isolate.memory).since = Date.now();
    await isolate.read(path);
    expect(auditBatch(isolate.memory).rows).toHaveLength(1);
    advance(10_000);
    await isolate.read(path);
    expect(auditBatch(isolate.memory).rows).toHaveLength(0);
  });

  test("in trouble it costs rows, not answers", async () => {
    const isolate = relay.sibling();
    await isolate.read(path);
    await env.DB.prepare("drop table audit_events").run();
    expect((await isolate.read(path)).relay.cache).toBe("hit");
  });
});
