import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { batchRows } from "../../relay-worker/cron.ts";
import { recordingDatabase } from "./support/counting.ts";
import { json } from "./support/github.ts";
import { advance, TestRelay } from "./support/relay.ts";

const path = "/repos/acme/widgets/pulls/7";
const day = 86_400_000;
let relay: TestRelay;

beforeEach(async () => {
  relay = await TestRelay.create();
  relay.github.public("acme/widgets").on(path, () => json({ number: 7, state: "open" }));
  await relay.read(path);
});

const count = (table: string) => env.DB.prepare(`select count(*) as n from ${table}`).first<number>("n");

describe("the hourly cleaning", () => {
  test("leaves rows that are still of use", async () => {
    advance(3_600_000);
    await relay.scheduled();
    expect([await count("github_cache_entries"), await count("github_public_repos")]).toEqual([1, 1]);
    expect(await count("audit_events")).toBe(3);
  });

  test("deletes entries past their stale deadline, and audit rows after thirty days", async () => {
    advance(30 * day);
    await relay.scheduled();
    expect([await count("github_cache_entries"), await count("github_public_repos")]).toEqual([0, 0]);
    expect(await count("audit_events")).toBe(3);
    advance(1);
    await relay.scheduled();
    expect(await count("audit_events")).toBe(0);
  });

  test("keeps the mark of a purge as long as anything older could be answered: a log lives a week", async () => {
    await relay.admin("/pools/maintainers/cache?repo=acme/widgets", "DELETE");
    const marks = () => env.DB.prepare("select purges from pools").first<string>("purges");
    advance(7 * day);
    await relay.scheduled();
    expect(await marks()).toContain("repo:acme/widgets");
    advance(2 * day);
    await relay.scheduled();
    expect(await marks()).toBe("{}");
  });

  test("deletes sessions and login attempts that are over", async () => {
    await env.DB.batch([
      env.DB.prepare(
        "insert into web_sessions (hash, caller_id, created_at, expires_at) select 'h', id, 1, 2 from callers limit 1",
      ),
      env.DB.prepare("insert into login_attempts (address, window_start, attempts) values ('a', 1, 3)"),
    ]);
    await relay.scheduled();
    expect([await count("web_sessions"), await count("login_attempts")]).toEqual([0, 0]);
  });

  test("works in bounded batches along indexes", async () => {
    const rows = batchRows * 2 + 1;
    await env.DB.prepare(
      `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${rows})
       insert into audit_events (at, action, request_id, status) select 1, 'request', 'r' || i, 200 from n`,
    ).run();
    const { DB, statements } = recordingDatabase();
    await relay.sibling({ DB }).scheduled();
    const deletions = statements.filter((sql) => sql.startsWith("delete"));
    expect(deletions.filter((sql) => sql.includes("audit_events"))).toHaveLength(3);
    for (const sql of deletions) {
      const values = sql.match(/\?/g)?.map(() => 1) ?? [];
      const { results } = await env.DB.prepare(`explain query plan ${sql}`)
        .bind(...values)
        .all<{ detail: string }>();
      const plan = results.map(({ detail }) => detail).join("; ");
      expect(plan, sql).not.toMatch(/SCAN (?!LIST)/);
    }
  });
});
