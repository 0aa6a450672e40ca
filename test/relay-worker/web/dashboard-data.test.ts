/** The dashboard's JSON with problems, with many rows and on repetition, and the reads that it costs. */
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { walkedRows } from "../../../relay-worker/audit/list.ts";
import { dashboardSchema } from "../../../shared/dashboard.ts";
import { poolStatsSchema } from "../../../shared/stats.ts";
import { insert, request } from "../audit/trail.ts";
import { rowsRead } from "../support/counted-rows.ts";
import { advance, startOfTime, type TestRelay } from "../support/relay.ts";
import { Browser, makeOperator, signInRelay } from "./support.ts";

const minute = 60_000;
const hour = 60 * minute;
let relay: TestRelay;
let browser: Browser;

beforeEach(async () => {
  relay = await signInRelay();
  browser = new Browser(relay);
  await browser.signIn();
  await makeOperator(relay);
});

/** The same person's browser, at another isolate. */
function at(vars: Record<string, unknown> = {}): Browser {
  const other = new Browser(relay.sibling(vars));
  for (const [name, cookie] of browser.cookies) other.cookies.set(name, cookie);
  return other;
}

const data = async (query = "", from = browser) =>
  dashboardSchema.parse(await (await from.go(`/v1/dashboard${query}`)).json());
const refusal = async (query: string) => {
  const response = await browser.go(`/v1/dashboard${query}`);
  const { error } = (await response.json()) as { error: { code: string; message: string } };
  return [response.status, error.code, error.message];
};
const objects = async () => (await env.DB.prepare("select name from pools order by name").all()).results;

/** A coordinator that cannot be reached. */
const pool = {
  idFromName: (name: string) => env.POOL.idFromName(name),
  get: () => ({ snapshot: () => Promise.reject(new Error("gone")) }),
};

describe("in trouble", () => {
  test("a coordinator that does not answer costs the figures that only it knows", async () => {
    await relay.admin("/pools/maintainers/identities/pat_one", "PATCH", { disabled: true });
    await relay.identity({ id: "pat_two", login: "bot-two", secret_ref: "PAT_TWO" });
    const told = await data("", at({ POOL: pool }));
    expect(told.troubles).toEqual(["coordinator_unavailable"]);
    expect(told.health).toMatchObject({ identities_total: 1, identities_healthy: null, remaining_by_resource: {} });
    expect(told.identities.map(({ id, state }) => [id, state])).toEqual([
      ["pat_one", "disabled"],
      ["pat_two", null],
    ]);
    expect((await at({ POOL: pool }).go("/dashboard")).status).toBe(200);
  });

  test("a caller who asks for the pool's health is told that it is overloaded", async () => {
    const headers = { authorization: `Bearer ${relay.token}` };
    expect(await relay.sibling({ POOL: pool }).ask("/v1/pools/maintainers/health", { headers })).toMatchObject({
      status: 503,
      body: { error: { code: "relay_overloaded" } },
    });
  });

  test("the coordinator is asked once", async () => {
    let snapshots = 0;
    const counting = {
      ...pool,
      get: (id: DurableObjectId) => ({
        snapshot: () => {
          snapshots += 1;
          return env.POOL.get(id).snapshot();
        },
      }),
    };
    expect((await data("", at({ POOL: counting }))).troubles).toEqual([]);
    expect(snapshots).toBe(1);
  });

  test.each([
    ["policy", "policy_unreadable"],
    ["purges", "purges_unreadable"],
  ])("a %s that cannot be read is told", async (column, trouble) => {
    await env.DB.prepare(`update pools set ${column} = '{"half'`).run();
    expect((await data()).troubles).toEqual([trouble]);
  });

  test("purge marks that cannot be read do not stand in the way of a purge", async () => {
    await env.DB.prepare(`update pools set purges = '{"half'`).run();
    expect((await relay.admin("/pools/maintainers/cache?repo=acme/tool", "DELETE")).status).toBe(200);
    expect((await data()).troubles).toEqual([]);
  });
});

describe("a pool that does not exist", () => {
  test("is not shown, nor made by being asked for", async () => {
    const before = await objects();
    expect(await refusal("?pool=typo")).toEqual([404, "not_found", 'There is no pool "typo".']);
    expect((await browser.go("/dashboard?pool=typo")).status).toBe(404);
    expect(await objects()).toEqual(before);
  });

  test("is not made by a purge", async () => {
    const before = await objects();
    const { status, body } = await relay.admin("/pools/typo/cache?repo=acme/tool", "DELETE");
    expect([status, body]).toMatchObject([404, { error: { code: "not_found" } }]);
    expect(await objects()).toEqual(before);
  });

  test("is a page when it is the default one, which comes into being when first named", async () => {
    const fresh = at({ DEFAULT_LOGIN_POOL: "newcomers" });
    expect(await data("", fresh)).toMatchObject({ pool: "newcomers", pools: ["maintainers"], identities: [] });
  });
});

test.each([
  ["?cache=hot", "cache", "hit, stale, miss, bypass, revalidated"],
  ["?result=bad", "result", "ok, fallback, error"],
])("%s is refused with the allowed values", async (query, name, allowed) => {
  const [status, code, message] = await refusal(query);
  expect([status, code]).toEqual([400, "invalid_request"]);
  expect(message).toContain(name);
  expect(message).toContain(allowed);
});

describe("callers", () => {
  const callersOf = (count: number) =>
    env.DB.batch([
      env.DB.prepare(
        `with recursive n(i) as (select 1 union all select i + 1 from n where i < ?)
         insert into callers (id, name, github_login, org_login, verified_at, created_at)
         select printf('caller_%04d', i), 'c', 'login-' || i, 'acme', 1, 1 from n`,
      ).bind(count),
      env.DB.prepare(
        "insert into caller_pools select id, 'maintainers' from callers where id like 'caller_0%' and length(id) = 11",
      ),
    ]);

  test("are the active ones, the busiest first, then operators, then others; fifty, and how many there are", async () => {
    await callersOf(300);
    const asked = (id: string, times: number) =>
      Array.from({ length: times }, (_, n) => request(startOfTime - n, { callerId: id }));
    await insert([...asked("caller_0299", 3), ...asked("caller_0290", 5)]);
    const { callers, callers_total: total } = await data();
    expect(callers.slice(0, 3).map(({ id, github_login: login, requests }) => [id, login, requests])).toEqual([
      ["caller_0290", "login-290", 5],
      ["caller_0299", "login-299", 3],
      [expect.any(String), "ada", 0],
    ]);
    expect(callers[2]?.dashboard_role).toBe("admin");
    // And mona, who has a token, and ada.
    expect([callers.length, new Set(callers.map(({ id }) => id)).size, total]).toEqual([50, 50, 302]);
  });

  test("even when more have asked than are shown", async () => {
    await callersOf(60);
    const all = Array.from({ length: 60 }, (_, n) => `caller_${String(n + 1).padStart(4, "0")}`);
    await insert(all.flatMap((id, n) => Array.from({ length: n + 1 }, () => request(startOfTime, { callerId: id }))));
    const { callers } = await data();
    expect(callers.map(({ id }) => id)).toEqual(all.toReversed().slice(0, 50));
  });

  test("are shown with the number of machines that hold a token of theirs", async () => {
    for (const name of ["laptop", "runner"]) await relay.caller("rio", { name });
    const { callers } = await data();
    const machines = new Map(callers.map((each) => [each.github_login, each.machines]));
    const { results } = await env.DB.prepare(
      "select github_login as login, count(t.id) as n from callers c left join caller_tokens t on t.caller_id = c.id group by c.id",
    ).all<{ login: string; n: number }>();
    expect(machines.get("rio")).toBe(2);
    expect([...machines].toSorted()).toEqual(results.map(({ login, n }) => [login, n] as const).toSorted());
  });

  test("have their logins beside requests and changes that name them, and no other account has", async () => {
    await callersOf(3);
    await insert([request(startOfTime, { callerId: "caller_0002" })]);
    const { callers, logins, changes } = await data();
    const mona = callers.find(({ github_login: login }) => login === "mona")?.id ?? "";
    expect(changes.some(({ target }) => target === mona)).toBe(true);
    expect(Object.values(logins).toSorted()).toEqual(["ada", "login-2", "mona"]);
  });
});

describe("a sum of the dashboard", () => {
  test("stays for half a minute in an isolate, and says how old it is; the rest is of now", async () => {
    await data();
    await insert([request(startOfTime)]);
    advance(29_000);
    const kept = await data();
    expect(kept).toMatchObject({ until: "2026-03-01T12:00:00.000Z", now: "2026-03-01T12:00:29.000Z" });
    expect([kept.stats.until, kept.stats.totals.requests, kept.requests.events.length]).toEqual([kept.until, 0, 1]);
    advance(1000);
    expect((await data()).stats.totals.requests).toBe(1);
  });

  test("is forgotten after an operator's change, and never stood for a caller's statistics", async () => {
    await data();
    await insert([request(startOfTime)]);
    const headers = { authorization: `Bearer ${relay.token}` };
    const { body } = await relay.ask("/v1/pools/maintainers/stats", { headers });
    expect(poolStatsSchema.parse(body).totals.requests).toBe(1);
    await relay.admin("/pools/maintainers/cache?repo=acme/tool", "DELETE");
    expect((await data()).stats.totals.requests).toBe(1);
  });

  test("has slots at round times, the last of them with rows that another clock dates ahead", async () => {
    advance(34 * minute);
    await insert([request(Date.now() - 24 * hour), request(Date.now() + 40 * minute)]);
    const { timeline, refresh_seconds: refresh } = await data();
    expect([timeline.length, refresh]).toEqual([25, 30]);
    expect([timeline[0], timeline.at(-1)]).toMatchObject([
      { from: "2026-02-28T12:00:00.000Z", requests: 1 },
      { from: "2026-03-01T12:00:00.000Z", requests: 1 },
    ]);
  });
});

describe("its list of requests", () => {
  test("is in order of time, for any order of arrival, and goes on within one moment", async () => {
    const ats = Array.from({ length: 60 }, (_, n) => startOfTime - (n % 3) * minute);
    await insert(ats.map((at, n) => request(at, { durationMs: n })));
    const seen = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const { requests }: Awaited<ReturnType<typeof data>> = await data(`?cursor=${cursor}`);
      seen.push(...requests.events);
      cursor = requests.next_cursor;
    }
    expect(seen.map(({ at }) => Date.parse(at))).toEqual(ats.toSorted((a, b) => b - a));
    expect(new Set(seen.map(({ duration_ms: n }) => n)).size).toBe(60);
  });

  test.each(["42", "x", "1-2-3", "-1-2"])("the cursor %s is refused with the remedy", async (cursor) => {
    const [status, code, message] = await refusal(`?cursor=${cursor}`);
    expect([status, code]).toEqual([400, "invalid_request"]);
    expect(message).toContain(`"${cursor}"`);
    expect((await relay.admin(`/audit?cursor=${cursor}`)).status).toBe(400);
  });

  test("looks at a bounded number of rows for a filter that few match, and Older goes on from there", async () => {
    const rows = Array.from({ length: walkedRows + 10 }, (_, n) => request(startOfTime - n * 1000));
    await insert([...rows, request(startOfTime - 20 * hour, { callerId: "caller_rare" })]);
    const { counter, DB } = rowsRead();
    const first = await data("?caller=caller_rare", at({ DB }));
    expect(first.requests).toEqual({ events: [], next_cursor: expect.any(String) });
    expect(counter.by(/"walked"|offset/)).toBeGreaterThan(walkedRows);
    expect(counter.by(/"walked"|offset/)).toBeLessThanOrEqual(3 * walkedRows + 100);
    const second = await data(`?caller=caller_rare&cursor=${first.requests.next_cursor}`);
    expect([second.requests.events.length, second.requests.next_cursor]).toEqual([1, null]);
  });
});
