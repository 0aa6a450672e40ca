/** Rows that a read writes in D1, which D1 bills: as docs/operations.md tells them. */
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { countedRows } from "../support/counted-rows.ts";
import { json } from "../support/github.ts";
import { advance, TestRelay } from "../support/relay.ts";

const path = "/repos/acme/widgets/pulls/7";
const [, audit, added, renewed] =
  /an audit row writes (\d+) \(.*?\), a new cache entry (\d+), a renewed one (\d+)/.exec(
    env.TEST_OPERATIONS_PAGE.replace(/\n */g, " "),
  ) ?? [];

test("an audit row, a new entry and a renewed one write as many rows as the page says", async () => {
  const relay = await TestRelay.create();
  relay.github.public("acme/widgets").on(path, () => json({ number: 7, state: "open" }));
  await relay.read("/repos/acme/widgets");
  const { DB, counter } = countedRows("rows_written");
  const isolate = relay.sibling({ DB });
  await isolate.read(path);
  expect(counter.by(/insert into "?github_cache/i)).toBe(Number(added));
  expect(counter.by(/insert into "?audit_events/i)).toBe(Number(audit));
  advance(3_600_000);
  counter.statements.length = 0;
  await isolate.read(path);
  expect(counter.by(/insert into "?github_cache/i)).toBe(Number(renewed));
});
