/**
 * The D1 reads of statistics and of a view of the dashboard, as docs/relay.md tells them: every row of its table is
 * counted here.
 */
import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { insert, request } from "../audit/trail.ts";
import { rowsRead } from "../support/counted-rows.ts";
import type { TestRelay } from "../support/relay.ts";
import { advance, startOfTime } from "../support/relay.ts";
import { Browser, makeOperator, signInRelay } from "./support.ts";

const day = 86_400_000;
const now = startOfTime + 34 * 60_000;
let relay: TestRelay;
let browser: Browser;

beforeEach(async () => {
  relay = await signInRelay();
  browser = new Browser(relay);
  await browser.signIn();
  await makeOperator(relay);
  const routes = ["pr_view", "issue_list", "repo_view"];
  await insert(
    Array.from({ length: 2000 }, (_, n) =>
      request(now - Math.floor((n * day) / 2000), {
        pool: n % 2 ? "maintainers" : "bots",
        callerId: `caller_${n % 3}`,
        routeKind: routes[n % 5] ?? "pr_view",
        ...(n % 50 === 1
          ? { status: 424, cache: null, errorCode: "fallback_local", fallbackReason: "route_denied" }
          : {}),
      }),
    ),
  );
  advance(now - startOfTime);
});

/** Its rows name the question, so that they are not those of the relay's own route. */
const [, section = ""] = /\n### Statistics and the dashboard\n([\s\S]*?)\n## /.exec(env.TEST_RELAY_PAGE) ?? [];
const table = [...section.matchAll(/^\| (`.*?) \| ([\d,]+) \|$/gm)].map(([, label = "", rows = ""]) => ({
  label,
  rows: Number(rows.replaceAll(",", "")),
}));

async function fold(): Promise<void> {
  for (let run = 0; run < 3; run += 1) await relay.scheduled();
}

interface Asked {
  readonly path: string;
  /** The isolate's earlier requests, and their age. */
  readonly before?: { readonly path: string; readonly ms: number };
}

/** Rows read for one answer of an isolate of its own. */
async function rowsOf({ path, before }: Asked): Promise<number> {
  const { DB, counter } = rowsRead();
  const isolate = relay.sibling({ DB });
  const other = new Browser(isolate);
  for (const [name, cookie] of browser.cookies) other.cookies.set(name, cookie);
  const ask = (asked: string) =>
    asked.startsWith("/v1/pools")
      ? isolate.fetch(asked, { headers: { authorization: `Bearer ${relay.token}` } })
      : other.go(asked);
  if (before) {
    expect((await ask(before.path)).status).toBe(200);
    advance(before.ms);
  }
  counter.statements.length = 0;
  expect((await ask(path)).status).toBe(200);
  return counter.by();
}

const stats = "/v1/pools/maintainers/stats";
const view = "/v1/dashboard";
const again = (path: string, ms: number): Asked => ({ path, before: { path, ms } });

/** By the row's first cell. */
const scenarios: Record<string, () => Promise<number>> = {
  "`octopool stats`": async () => {
    await fold();
    return rowsOf({ path: stats });
  },
  "`octopool stats` again, the hours' sums being remembered": async () => {
    await fold();
    return rowsOf(again(stats, 60_000));
  },
  "`octopool stats --client ci-1`": async () => {
    await fold();
    return rowsOf({ path: `${stats}?client=desk` });
  },
  "`/dashboard`": async () => {
    await fold();
    return rowsOf({ path: view });
  },
  "`/dashboard` of 30 days": async () => {
    await fold();
    return rowsOf({ path: `${view}?since=30d` });
  },
  "`/dashboard` of an hour": async () => {
    await fold();
    return rowsOf({ path: `${view}?since=1h` });
  },
  "`/dashboard` again, after half a minute": async () => {
    await fold();
    return rowsOf(again(view, 30_000));
  },
  "`/dashboard` again, within half a minute": async () => {
    await fold();
    return rowsOf(again(view, 29_000));
  },
  "`/dashboard` where nothing is folded yet": () => rowsOf({ path: view }),
};

test("every row of the page is counted here, and every count is on the page", () => {
  expect(table.map(({ label }) => label)).toEqual(Object.keys(scenarios));
});

test.each(Object.entries(scenarios))("%s", async (label, measure) => {
  const told = table.find((row) => row.label === label)?.rows ?? 0;
  const rows = await measure();
  expect(rows).toBeLessThanOrEqual(told);
  expect(rows, "the page exaggerates").toBeGreaterThan(told * 0.8);
});

test("a big cache is looked through no oftener than its size allows: a hundred entries a second", async () => {
  await env.DB.prepare(
    `with recursive n(i) as (select 1 union all select i + 1 from n where i < 2000)
     insert into github_cache_entries (key, pool, route_kind, repo, status, headers, encoding, bytes, reduced, backend,
       created_at, proven_at, expires_at, stale_until)
     select 'key' || i, 'maintainers', 'pr_view', '', 200, '{}', 'json', 10, 0, 'none', 0, 0, 9e12, 9e12 from n`,
  ).run();
  const looked = async (ms: number) => {
    const { DB, counter } = rowsRead();
    const isolate = relay.sibling({ DB });
    const ask = () => isolate.ask(stats, { headers: { authorization: `Bearer ${relay.token}` } });
    await ask();
    advance(ms);
    counter.statements.length = 0;
    await ask();
    return counter.by(/github_cache_entries/);
  };
  expect(await looked(19_000)).toBe(0);
  expect(await looked(20_000)).toBeGreaterThanOrEqual(2000);
});

test("an open tab costs fewer than 300 rows each time, the list's page apart", async () => {
  await fold();
  const rows = await rowsOf(again(view, 30_000));
  expect(rows).toBeGreaterThan(0);
  expect(rows).toBeLessThan(300 + 25);
});
