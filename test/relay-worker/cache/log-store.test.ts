/** Logs of completed jobs are kept for a week where there is a bucket, and asked after once an hour. */
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { budget, json, notFound } from "../support/github.ts";
import { advance, TestRelay } from "../support/relay.ts";

const job = "/repos/acme/widgets/actions/jobs/9";
const logs = `${job}/logs`;
const hour = 3_600_000;
let relay: TestRelay;

beforeEach(async () => {
  relay = await TestRelay.create({ LOGS: env.TEST_LOGS });
  const headers = { location: "https://x.blob.core.windows.net/log", ...budget() };
  relay.github
    .public("acme/widgets")
    .on(logs, () => new Response(null, { status: 302, headers }))
    .on("/log", () => new Response("line\r\n"))
    .on(job, () => json({ status: "completed" }));
});

const stored = async () => (await env.TEST_LOGS.list()).objects.length;

test("a completed job's log is read from GitHub once", async () => {
  expect(await relay.read(logs)).toMatchObject({ body: "line\r\n", relay: { cache: "miss", cacheable: true } });
  expect(await relay.read(logs)).toMatchObject({ body: "line\r\n", relay: { cache: "hit", github_calls: 0 } });
  expect((await relay.sibling().read(logs)).relay.cache).toBe("hit");
  expect([relay.github.count(logs), relay.github.count("/log")]).toEqual([1, 1]);
});

test("it is in no row of D1", async () => {
  await relay.read(logs);
  expect(await env.DB.prepare("select count(*) as n from github_cache_entries").first("n")).toBe(0);
});

test("a running job's log is not kept", async () => {
  relay.github.on(job, () => json({ status: "in_progress" }));
  await relay.read(logs);
  expect(await relay.read(logs)).toMatchObject({ relay: { cache: "miss", cacheable: false } });
  expect(await stored()).toBe(0);
});

describe("after an hour GitHub is asked whether it is still there", () => {
  beforeEach(async () => {
    await relay.read(logs);
    advance(hour);
  });

  test("a redirect is yes: the log itself is not fetched again", async () => {
    expect(await relay.read(logs)).toMatchObject({ body: "line\r\n", relay: { cache: "revalidated" } });
    expect(relay.github.count("/log")).toBe(1);
    expect((await relay.read(logs)).relay.cache).toBe("hit");
  });

  test("404 is no: it is forgotten", async () => {
    relay.github.on(logs, notFound);
    expect((await relay.read(logs)).status).toBe(404);
    expect(await stored()).toBe(0);
  });
});

test("after a week it is read anew", async () => {
  await relay.read(logs);
  advance(7 * 24 * hour);
  relay.github.on("/orgs/acme/members", () => json([{ id: 1, login: "mona" }]));
  expect((await relay.read(logs)).relay.cache).toBe("miss");
  expect(relay.github.count("/log")).toBe(2);
});

test("the guard stands before it like before any other entry", async () => {
  await relay.read(logs);
  relay.github.on("/repos/acme/widgets", () => json({ private: true, full_name: "acme/widgets", html_url: "x" }));
  advance(30_000);
  expect(await relay.refusal(logs)).toBe("424 fallback_local repo_not_public");
});
