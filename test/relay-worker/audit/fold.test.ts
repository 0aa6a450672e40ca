import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { SQLiteAsyncDialect } from "drizzle-orm/sqlite-core";
import fc from "fast-check";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { foldHour, foldHours, maxHours } from "../../../relay-worker/audit/fold.ts";
import type { AuditRow } from "../../../relay-worker/audit/row.ts";
import { audit, auditBatch, flushAudit } from "../../../relay-worker/audit/write.ts";
import { database } from "../../../relay-worker/db/client.ts";
import { type UsageRequest, usage, usageStatements } from "../../../relay-worker/stats/usage.ts";
import { recordingDatabase } from "../support/counting.ts";
import { advance, startOfTime } from "../support/relay.ts";
import { emptyStorage } from "../support/storage.ts";
import { emptyTables, makeTables } from "../support/tables.ts";
import { countsOf, hour, insert, isolate, request, scan } from "./trail.ts";

const minute = 60_000;
/** 12:00 is a full hour. */
const now = startOfTime;
const pool = "maintainers";

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now });
  await emptyStorage();
  await makeTables(emptyTables());
  await env.DB.prepare(
    `insert into callers (id, name, github_login, org_login, verified_at, created_at)
     select 'caller_' || value, value, value, 'acme', 1, 1 from json_each('["a","b"]')`,
  ).run();
});

const fold = () => foldHours(isolate().deps, env);
const dimensions = ["caller", "client", "route", "reason", "source"] as const;
const folded = async () => (await env.DB.prepare("select until from audit_folds").first<number>("until")) ?? 0;
const hours = async () => (await env.DB.prepare("select * from audit_hours order by 1, 2, 3, 4, 5").all()).results;

/** The statistics, in the form of {@link scan}. */
async function told(asked: Omit<UsageRequest, "pool">, context = isolate()) {
  const { totals, by, slots } = await usage(context, { pool, ...asked });
  const named = dimensions.map((dimension) => [
    dimension,
    Object.fromEntries(
      by(dimension).map(({ key, detail, ...counts }) => [dimension === "client" ? `${key} ${detail}` : key, counts]),
    ),
  ]);
  return { totals, slots: Object.fromEntries(slots), ...Object.fromEntries(named) };
}

/** The same from the rows themselves. */
function scanned(all: readonly AuditRow[], { since, client, slotMs }: Omit<UsageRequest, "pool">) {
  const rows = all.filter(
    (row) =>
      row.pool === pool &&
      row.action === "request" &&
      row.at >= since &&
      (client === undefined || row.clientName === client),
  );
  const slots = Object.groupBy(rows, ({ at }) => (slotMs ? Math.floor(at / slotMs) * slotMs : 0));
  return {
    totals: countsOf(rows),
    slots: Object.fromEntries(Object.entries(slots).map(([slot, group = []]) => [slot, countsOf(group)])),
    ...Object.fromEntries(dimensions.map((dimension) => [dimension, scan(rows, dimension)])),
  };
}

const span = 7 * hour;
const anyRow: fc.Arbitrary<AuditRow> = fc
  .record({
    age: fc.integer({ min: 0, max: span }),
    pool: fc.constantFrom(pool, pool, pool, "bots", null),
    action: fc.constantFrom("request", "request", "request", "stats"),
    callerId: fc.constantFrom("caller_a", "caller_b", null),
    clientName: fc.constantFrom("desk", "lap top", null),
    routeKind: fc.constantFrom("pr_view", "issue_list", null),
    fallbackReason: fc.constantFrom(null, null, "route_denied"),
    status: fc.constantFrom(200, 200, 404, 424, 503),
    cache: fc.constantFrom("hit", "miss", "stale", "bypass", "revalidated", null),
    backend: fc.constantFrom("memory", "github_identity", null),
    coalesced: fc.boolean(),
    githubCalls: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ age, ...more }) => request(now - age, more));

const anyWindow = fc.record({
  since: fc.oneof(
    fc.integer({ min: 0, max: span + hour }).map((age) => now - age),
    fc.integer({ min: 0, max: 7 }).map((ago) => now - ago * hour),
  ),
  client: fc.constantFrom(undefined, undefined, "desk"),
  slotMs: fc.constantFrom(undefined, 2 * minute, hour, 3 * hour),
});

test("statistics are those of the rows, with any rows folded at any time, in every isolate", async () => {
  const foldAges = fc.array(fc.integer({ min: 0, max: span }), { maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyRow, { maxLength: 60 }),
      fc.array(anyWindow, { minLength: 1, maxLength: 3 }),
      foldAges,
      fc.array(anyRow, { maxLength: 3 }),
      async (rows, windows, ages, late) => {
        await env.DB.batch(
          ["audit_events", "audit_hours", "audit_folds"].map((t) => env.DB.prepare(`delete from ${t}`)),
        );
        await insert(rows);
        const warm = isolate();
        const check = async (all: readonly AuditRow[]) => {
          for (const window of windows) {
            expect(await told(window, warm)).toEqual(scanned(all, window));
            expect(await told(window)).toEqual(scanned(all, window));
          }
        };
        for (const age of ages.toSorted((a, b) => b - a)) {
          vi.setSystemTime(now - age);
          await fold();
          await check(rows);
        }
        vi.setSystemTime(now);
        auditBatch(warm.deps.memory).rows.push(...late);
        await flushAudit(warm.deps, env);
        await check([...rows, ...late]);
      },
    ),
    { numRuns: 40 },
  );
}, 120_000);

describe("the fold", () => {
  test("takes hours that ended a quarter of an hour ago, once", async () => {
    await insert([request(now - 90 * minute), request(now - 30 * minute), request(now + minute)]);
    advance(14 * minute);
    await fold();
    expect(await folded()).toBe(now - hour);
    advance(minute);
    await fold();
    expect(await folded()).toBe(now);
    const once = await hours();
    await fold();
    await env.DB.prepare("delete from audit_folds").run();
    await fold();
    expect(await hours()).toEqual(once);
    expect(once).toHaveLength(2 * 5);
  });

  test("works off a backlog a bounded number of hours at a time, oldest first, and skips silent ones", async () => {
    await insert(Array.from({ length: maxHours + 3 }, (_, ago) => request(now - (2 * ago + 1) * hour)));
    advance(17 * minute);
    await fold();
    expect(await folded()).toBe(now - (2 * 2 + 1) * hour - hour);
    await fold();
    expect(await folded()).toBe(now);
  });

  test("begun and broken off, it leaves an hour whole or not at all", async () => {
    await insert([request(now - 90 * minute)]);
    advance(17 * minute);
    await env.DB.prepare("drop table audit_folds").run();
    await expect(fold()).rejects.toThrow();
    expect(await hours()).toEqual([]);
  });

  test("reads each row of the hour once", async () => {
    await insert(Array.from({ length: 500 }, (_, n) => request(now - hour + n)));
    const { sql, params } = new SQLiteAsyncDialect().sqlToQuery(foldHour(env, now - hour));
    const { meta } = await env.DB.prepare(sql)
      .bind(...params)
      .run();
    // Once, and once more where it is sorted into its group.
    expect(meta.rows_read).toBeGreaterThanOrEqual(2 * 500);
    expect(meta.rows_read).toBeLessThan(2 * 500 + 50);
  });

  test("a row that comes after its hour was folded is counted all the same, where sums are remembered too", async () => {
    await insert([request(now - 90 * minute)]);
    advance(17 * minute);
    await fold();
    const [warm, other] = [isolate(), isolate()];
    const window = { since: now - 3 * hour };
    expect((await told(window, warm)).totals).toMatchObject({ requests: 1 });
    audit(other.deps, env, () => {}, request(now - 100 * minute));
    await flushAudit(other.deps, env);
    expect((await told(window, warm)).totals).toMatchObject({ requests: 2 });
    expect(await env.DB.prepare("select revision from audit_folds").first("revision")).toBe(1);
  });

  test("rows that come in time cost no statement more", async () => {
    const { DB, statements } = recordingDatabase();
    const context = isolate({ DB });
    auditBatch(context.deps.memory).rows.push(request(now - 9 * minute));
    await flushAudit(context.deps, context.env);
    expect(statements).toHaveLength(1);
  });
});

test("no statement of statistics scans a table: each goes by an index, and reads nothing that is remembered", async () => {
  const nothing = { until: -1, revision: -1, sums: [], hours: [] };
  for (const client of [undefined, "laptop"]) {
    const [mark, ...statements] = usageStatements(database(env), { pool, since: now - hour, client }, nothing);
    expect(mark.toSQL().sql).toContain("audit_folds");
    for (const statement of statements) {
      const { sql, params } = statement.toSQL();
      const { results } = await env.DB.prepare(`explain query plan ${sql}`)
        .bind(...params)
        .all<{ detail: string }>();
      const plan = results.map(({ detail }) => detail);
      const searched = client
        ? /^SEARCH audit_(events USING INDEX audit_events_pool_client_at|hours)/
        : /^SEARCH audit_(events USING INDEX audit_events_pool_at|hours)/;
      expect(
        plan.some((step) => searched.test(step)),
        plan.join("; "),
      ).toBe(true);
      expect(
        plan.filter((step) => /^SCAN (?!audit_folds)/.test(step)),
        sql,
      ).toEqual([]);
    }
  }
});

test("rows of an earlier release survive the migration, and its code goes on writing", async () => {
  await emptyStorage();
  const [first, ...later] = env.TEST_MIGRATIONS;
  if (!first) throw new Error("no migration");
  await applyD1Migrations(env.DB, [first]);
  const rows = [request(now - 3 * hour), request(now - minute)];
  await insert(rows, { first: true });
  await applyD1Migrations(env.DB, [first, ...later]);
  await insert(rows, { first: true });
  expect((await told({ since: now - 5 * hour })).totals).toMatchObject({ requests: 4 });
});
