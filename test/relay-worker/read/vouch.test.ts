/** Reads that others decide by: those that events vouch for under the pool's policy, and those that are asked live. */
import { beforeEach, describe, expect, test } from "vitest";
import { auditPageSchema } from "../../../shared/admin.ts";
import type { GatePolicy } from "../../../shared/events/gates.ts";
import { poolHealthSchema, poolStatsSchema } from "../../../shared/stats.ts";
import { agree, deliver, eventRelay, hearAll, repository } from "../events/support.ts";
import { json } from "../support/github.ts";
import { advance, type TestRelay } from "../support/relay.ts";

const sha = "a".repeat(40);
const repo = "/repos/acme/widgets";
const pullPath = `${repo}/pulls/7`;
const runsPath = `${repo}/commits/${sha}/check-runs`;
const statusPath = `${repo}/commits/${sha}/status`;
const begun = "2026-03-01T11:00:00Z";

let relay: TestRelay;
let pull: Record<string, unknown>;
let run: Record<string, unknown>;

const setGates = (gates: GatePolicy) => relay.admin("/pools/maintainers/policy", "PATCH", { gates });

beforeEach(async () => {
  relay = await eventRelay();
  pull = { number: 7, state: "open", updated_at: begun, head: { sha }, merged: false, base: { ref: "main" } };
  run = { id: 5, status: "completed", conclusion: "success", started_at: begun, completed_at: begun };
  relay.github
    .on(pullPath, () => json(pull, { headers: { etag: '"p"' } }))
    .on(runsPath, () => json({ total_count: 1, check_runs: [run] }, { headers: { etag: '"r"' } }))
    .on(statusPath, () => json({ total_count: 0, statuses: [], state: "success" }, { headers: { etag: '"s"' } }))
    .on(`${repo}/issues/7`, () => json({ number: 7, state: "open", updated_at: begun }))
    .on(`${repo}/actions/runs/41`, () => json({ id: 41, status: "in_progress", conclusion: null, run_attempt: 1 }))
    .on(`${repo}/pulls`, () => json([]));
  await setGates("push");
  await relay.read(repo);
  await hearAll(relay);
  await agree();
  // In these seconds a read cannot be told apart from one that is older than the change.
  advance(11_000);
});

/** Whether the read was answered without GitHub. */
async function vouched(path: string, more: Parameters<TestRelay["read"]>[1] = {}): Promise<boolean> {
  const before = relay.github.count(path);
  const { relay: told } = await relay.read(path, { gate: true, ...more });
  const asked = relay.github.count(path) > before;
  expect(told.pushed === true, "a vouched answer says so, and no other").toBe(!asked);
  return !asked;
}

/** A caller reads it, and a moment passes. */
async function held(path: string, ms = 3_000): Promise<void> {
  await relay.read(path);
  advance(ms);
}

describe("by the pool's policy", () => {
  test.each([
    ["ask", { pull: false, runs: false, status: false }],
    ["probe", { pull: false, runs: true, status: true }],
    ["push", { pull: true, runs: true, status: true }],
  ] as const)("%s", async (gates, expected) => {
    await setGates(gates);
    for (const path of [pullPath, runsPath, statusPath]) await relay.read(path);
    advance(3_000);
    expect({
      pull: await vouched(pullPath),
      runs: await vouched(runsPath),
      status: await vouched(statusPath),
    }).toEqual(expected);
  });

  test("the usual one is ask, and a value that is set back to it is no longer in the stored policy", async () => {
    const fresh = await eventRelay();
    expect((await fresh.admin("/pools/maintainers/policy")).body).not.toHaveProperty("policy.gates");
    await fresh.admin("/pools/maintainers/policy", "PATCH", { gates: "push" });
    expect((await fresh.admin("/pools/maintainers/policy")).body).toMatchObject({ policy: { gates: "push" } });
    await fresh.admin("/pools/maintainers/policy", "PATCH", { gates: "ask" });
    expect((await fresh.admin("/pools/maintainers/policy")).body).not.toHaveProperty("policy.gates");
    expect(await fresh.admin("/pools/maintainers/policy", "PATCH", { gates: "always" })).toMatchObject({ status: 400 });
  });

  test("the answer tells machines the pool's policy for events; ask is not told", async () => {
    expect((await relay.read(pullPath)).relay.gates).toBe("push");
    await setGates("ask");
    expect((await relay.read(pullPath)).relay).not.toHaveProperty("gates");
  });
});

describe("asked under every policy", () => {
  test("a read that does not say that events may vouch", async () => {
    await held(pullPath);
    expect(await vouched(pullPath, { gate: false, headers: { "cache-control": "max-age=0" } })).toBe(false);
  });

  test.each([`${repo}/issues/7`, `${repo}/actions/runs/41`, `${repo}/pulls`])("other kinds: %s", async (path) => {
    await held(path);
    expect(await vouched(path)).toBe(false);
  });

  test("a path without a held answer, and an answer of another status than 200", async () => {
    expect(await vouched(pullPath)).toBe(false);
    await relay.refusal(`${repo}/pulls/8`);
    const before = relay.github.count(`${repo}/pulls/8`);
    await relay.request(`${repo}/pulls/8`, { gate: true });
    expect(relay.github.count(`${repo}/pulls/8`)).toBe(before + 1);
  });

  test("the caller's own conditions", async () => {
    await held(pullPath);
    expect(await vouched(pullPath, { headers: { "cache-control": "max-age=0", "if-none-match": '"p"' } })).toBe(false);
  });

  test("an answer that the machine knows to be out of date", async () => {
    await held(pullPath);
    expect(await vouched(pullPath, { notBefore: Date.now() })).toBe(false);
    expect(await vouched(pullPath, { notBefore: Date.now() })).toBe(true);
  });
});

describe("age", () => {
  /** GitHub confirmed the repository meanwhile: a proof holds for half a minute. */
  async function pass(ms: number): Promise<void> {
    advance(ms);
    await relay.read(`${repo}/issues/7`, { headers: { "cache-control": "max-age=0" } });
  }

  test("GitHub confirmed it within a minute, however long it would live", async () => {
    await relay.read(pullPath);
    await pass(59_000);
    expect(await vouched(pullPath)).toBe(true);
    await pass(2_000);
    expect(await vouched(pullPath)).toBe(false);
  });

  test("its own lifetime holds: checks that are not settled live ten seconds", async () => {
    run = { ...run, status: "in_progress", conclusion: null, completed_at: null };
    await held(runsPath, 9_000);
    expect(await vouched(runsPath)).toBe(true);
    advance(2_000);
    expect(await vouched(runsPath)).toBe(false);
  });

  test("without a proof that the repository is public GitHub is asked", async () => {
    await held(pullPath, 31_000);
    expect(await vouched(pullPath)).toBe(false);
  });
});

describe("events", () => {
  const edited = (number: number, more: Record<string, unknown> = {}) => ({
    ...{ action: "edited", repository },
    pull_request: {
      number,
      state: "open",
      updated_at: new Date().toISOString(),
      head: { sha },
      merged: false,
      ...more,
    },
  });

  test("one that concerns it ends the trust at once; one about something else does not", async () => {
    await held(pullPath);
    await deliver(relay, "pull_request", edited(8));
    expect(await vouched(pullPath)).toBe(true);
    await deliver(relay, "pull_request", edited(7));
    advance(1);
    expect(await vouched(pullPath)).toBe(false);
  });

  test.each([
    ["check_run", { check_run: { id: 6, head_sha: sha, status: "queued", conclusion: null } }],
    ["status", { sha, id: 12, context: "ci" }],
    ["workflow_run", { workflow_run: { id: 41, head_sha: sha, status: "queued", conclusion: null } }],
    ["pull_request", { action: "synchronize", before: sha, after: "b".repeat(40), pull_request: { number: 7 } }],
  ])("%s of the commit ends the trust in its checks", async (event, payload) => {
    await held(runsPath);
    await held(statusPath);
    await deliver(relay, event, { action: "created", repository, ...payload });
    advance(1);
    expect(await vouched(runsPath)).toBe(false);
    expect(await vouched(statusPath)).toBe(false);
  });

  test("an answer that does not show one yet is not vouched for, though it is the newest", async () => {
    const now = new Date(Date.now() + 1_000).toISOString();
    await deliver(relay, "pull_request", edited(7, { updated_at: now, state: "closed" }));
    advance(1);
    await relay.read(pullPath);
    expect(await vouched(pullPath)).toBe(false);
    pull = { ...pull, updated_at: now, state: "closed" };
    advance(1_000);
    await held(pullPath);
    expect(await vouched(pullPath)).toBe(true);
  });

  test("nor one that was asked for within seconds of an event that it cannot be compared with", async () => {
    await deliver(relay, "check_run", {
      ...{ action: "created", repository },
      check_run: { id: 5, head_sha: sha, status: "completed", conclusion: "success" },
    });
    await deliver(relay, "workflow_run", {
      ...{ action: "completed", repository },
      workflow_run: { id: 41, head_sha: sha, status: "completed", conclusion: "success" },
    });
    advance(1);
    await held(runsPath);
    expect(await vouched(runsPath)).toBe(false);
    advance(10_000);
    await held(runsPath);
    expect(await vouched(runsPath)).toBe(true);
  });

  test("in a surge a mark may be held back for a second: GitHub is asked", async () => {
    await held(pullPath);
    for (let each = 0; each < 202; each += 1) {
      await deliver(relay, "release", { action: "edited", repository, release: { id: each } });
    }
    advance(5);
    await relay.read(pullPath, { headers: { "cache-control": "max-age=0" } });
    advance(1);
    expect(await vouched(pullPath)).toBe(false);
  });
});

describe("events that are not heard vouch for nothing", () => {
  const all = async () => {
    for (const path of [pullPath, runsPath]) await relay.read(path, { headers: { "cache-control": "max-age=0" } });
    advance(1_000);
    return { pull: await vouched(pullPath), runs: await vouched(runsPath) };
  };
  const nothing = { pull: false, runs: false };

  test("the families are heard", async () => {
    expect(await all()).toEqual({ pull: true, runs: true });
  });

  test("an event that took twenty seconds and more, in the last ten minutes", async () => {
    await hearAll(relay, { late: 21_000 });
    advance(11_000);
    expect(await all()).toEqual(nothing);
    await agree();
    advance(9 * 60_000 + 45_000);
    await agree();
    await hearAll(relay);
    advance(11_000);
    expect(await all()).toEqual({ pull: true, runs: true });
  });

  test("silence for fifteen minutes", async () => {
    advance(15 * 60_000);
    await agree();
    expect(await all()).toEqual(nothing);
  });

  test("no look at GitHub's list of deliveries for ten minutes", async () => {
    advance(8 * 60_000);
    await hearAll(relay);
    advance(3 * 60_000);
    expect(await all()).toEqual(nothing);
  });

  test.each([
    ["pulls", { pull: false, runs: true }],
    ["checks", { pull: true, runs: false }],
    ["actions", { pull: true, runs: false }],
    ["issues", { pull: true, runs: true }],
  ] as const)("a family of which the App does not get all events: %s", async (family, expected) => {
    await agree([family]);
    expect(await all()).toEqual(expected);
  });

  test("a repository of which no event ever came", async () => {
    relay.github.public("acme/quiet").on("/repos/acme/quiet/pulls/7", () => json(pull));
    await held("/repos/acme/quiet/pulls/7");
    expect(await vouched("/repos/acme/quiet/pulls/7")).toBe(false);
  });

  test("the App was taken away", async () => {
    await deliver(relay, "installation", { action: "deleted", installation: { account: { login: "acme" } } });
    expect(await all()).toEqual(nothing);
  });

  test("a relay without a webhook, and one whose object of events fails", async () => {
    for (const vars of [
      { OCTOPOOL_WEBHOOK_SECRET: "" },
      {
        EVENTS: {
          idFromName: () => "",
          get: () => ({ recent: () => [], testify: () => Promise.reject(new Error("away")) }),
        },
      },
    ]) {
      const without = relay.sibling(vars);
      await without.read(pullPath);
      const { relay: told } = await without.read(pullPath, { gate: true });
      expect(told).not.toHaveProperty("pushed");
      expect(told.cache).not.toBe("hit");
    }
  });
});

describe("told apart", () => {
  const get = (what: string) =>
    relay.ask(`/v1/pools/maintainers/${what}`, { headers: { authorization: `Bearer ${relay.token}` } });

  test("in the trail, in the statistics, and in the pool's health", async () => {
    await held(pullPath);
    expect(await vouched(pullPath)).toBe(true);
    const { totals } = poolStatsSchema.parse((await get("stats")).body);
    expect(totals).toMatchObject({ hits: 1, pushed: 1 });
    expect(poolHealthSchema.parse((await get("health")).body).gates).toBe("push");
    const { events } = auditPageSchema.parse((await relay.admin("/audit?pool=maintainers&action=request")).body);
    expect(events.map(({ cache }) => cache)).toContain("pushed");
  });

  test("also once the hour is folded", async () => {
    await held(pullPath);
    await vouched(pullPath);
    await get("stats");
    advance(2 * 3_600_000);
    await relay.scheduled();
    const { totals } = poolStatsSchema.parse((await get("stats?since=24h")).body);
    expect(totals).toMatchObject({ hits: 1, pushed: 1 });
  });
});
