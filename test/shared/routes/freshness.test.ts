import { describe, expect, test } from "vitest";
import { classify, type FreshnessContext, lifetimeOf, unsettledSeconds } from "../../../shared/routes/index.ts";

const now = Date.parse("2026-03-01T12:00:00Z");
const minute = 60;
const hour = 3600;
const day = 24 * hour;
/** Jobs change with each of their steps. */
const steppingSeconds = unsettledSeconds / 3;
const checkSeconds = (unsettledSeconds * 2) / 3;

/** ISO time so many seconds before now. */
const ago = (seconds: number) => new Date(now - seconds * 1000).toISOString();

function lifetime(path: string, body: unknown, context: Partial<FreshnessContext> = {}) {
  const classified = classify(`/repos/a/b${path}`);
  if (!classified) throw new Error(`not a route: ${path}`);
  return lifetimeOf(classified, body, { now, ...context });
}
const fresh = (path: string, body: unknown, context?: Partial<FreshnessContext>) =>
  lifetime(path, body, context)?.fresh;

describe("pull requests", () => {
  const pull = (state: string, updated: string | null, merged: string | null = null) =>
    fresh("/pulls/7", { state, updated_at: updated, merged_at: merged });

  test("merged: an hour", () => expect(pull("closed", ago(10), ago(10))).toBe(hour));
  test("closed unmerged: a tenth of its age, 2 min to 1 h", () => {
    expect(pull("closed", ago(minute))).toBe(2 * minute);
    expect(pull("closed", ago(50 * minute))).toBe(5 * minute);
    expect(pull("closed", ago(30 * day))).toBe(hour);
  });
  test("open: a tenth of its age, 2 to 5 min", () => {
    expect(pull("open", ago(minute))).toBe(2 * minute);
    expect(pull("open", ago(30 * minute))).toBe(3 * minute);
    expect(pull("open", ago(30 * day))).toBe(5 * minute);
  });
  test("a missing, invalid or future time gives the minimum", () => {
    for (const bad of [null, "yesterday", ago(-60)]) expect(pull("closed", bad)).toBe(2 * minute);
    expect(fresh("/pulls/7", undefined)).toBe(2 * minute);
    expect(fresh("/pulls/7", "a diff")).toBe(2 * minute);
  });
  test("files live longer only when the head was verified", () => {
    expect(fresh("/pulls/7/files", [])).toBe(minute);
    expect(fresh("/pulls/7/files", [], { headVerified: true })).toBe(5 * minute);
  });
});

test("closed issues live an hour, open ones five minutes", () => {
  expect(fresh("/issues/7", { state: "closed" })).toBe(hour);
  expect(fresh("/issues/7", { state: "open" })).toBe(5 * minute);
});

describe("runs", () => {
  const completed = (age: number) => ({ status: "completed", updated_at: ago(age) });

  test("active: seconds", () => {
    expect(lifetime("/actions/runs/1", { status: "in_progress", updated_at: ago(day) })).toEqual({
      fresh: unsettledSeconds,
      stale: 5 * minute,
    });
  });
  test("a completed run can be run again: a tenth of the time since, 10 min at most", () => {
    expect(fresh("/actions/runs/1", completed(10))).toBe(unsettledSeconds);
    expect(fresh("/actions/runs/1", completed(20 * minute))).toBe(2 * minute);
    expect(lifetime("/actions/runs/1", completed(30 * day))).toEqual({ fresh: 10 * minute, stale: 5 * minute });
  });
  test("only a completed attempt that the path names is final", () => {
    const attempt = "/actions/runs/1/attempts/2";
    expect(lifetime(attempt, completed(10))).toEqual({ fresh: 6 * hour, stale: day });
    expect(lifetime(attempt, { status: "queued" })).toEqual({ fresh: unsettledSeconds, stale: 5 * minute });
  });
  test("jobs are final when the attempt is named, proven completed, and every job is", () => {
    const job = { status: "completed", completed_at: ago(20 * minute) };
    const done = { total_count: 2, jobs: [job, job] };
    const attempt = "/actions/runs/1/attempts/2/jobs";
    expect(lifetime(attempt, done, { attemptCompleted: true })).toEqual({ fresh: 6 * hour, stale: day });
    for (const path of [attempt, "/actions/runs/1/jobs"]) expect(fresh(path, done)).toBe(2 * minute);
    expect(fresh("/actions/runs/1/jobs", done, { attemptCompleted: true })).toBe(2 * minute);
    for (const jobs of [[{ status: "queued" }], [], [{ status: "completed" }], [job, { status: "in_progress" }]]) {
      expect(fresh(attempt, { jobs }, { attemptCompleted: jobs.length === 0 })).toBe(steppingSeconds);
    }
  });
  test("a completed job is final", () => {
    expect(lifetime("/actions/jobs/1", completed(1))).toEqual({ fresh: 6 * hour, stale: day });
    expect(lifetime("/actions/jobs/1", { status: "waiting" })).toEqual({ fresh: steppingSeconds, stale: 5 * minute });
  });
  test("a list lives for seconds for any content: a run may begin at any moment", () => {
    const list = (...statuses: string[]) => ({ workflow_runs: statuses.map((status) => ({ status })) });
    for (const path of ["/actions/runs", "/actions/workflows/ci.yml/runs"]) {
      for (const runs of [list("completed", "completed"), list("completed", "queued"), list()]) {
        expect(fresh(path, runs)).toBe(unsettledSeconds);
      }
    }
  });
  test("the seconds are the deployment's to choose", () => {
    expect(fresh("/actions/runs/1", { status: "queued" }, { unsettled: 30 })).toBe(30);
    expect(fresh("/actions/runs/1", completed(10), { unsettled: 30 })).toBe(30);
  });
});

describe("checks and statuses", () => {
  const sha = "0123456789abcdef0123456789abcdef01234567";
  const run = (age: number, status = "completed") => ({ status, completed_at: ago(age) });

  test("unsettled, empty or badly timed: seconds", () => {
    for (const check_runs of [[], [run(day), run(day, "queued")], [run(day), { status: "completed" }], [run(-60)]]) {
      expect(fresh(`/commits/${sha}/check-runs`, { check_runs })).toBe(checkSeconds);
    }
    const pending = { statuses: [{ state: "pending", updated_at: ago(day) }] };
    expect(fresh(`/commits/${sha}/status`, pending)).toBe(checkSeconds);
  });
  test("settled: a tenth of the time since the newest, 10 min at most", () => {
    expect(fresh(`/commits/${sha}/check-runs`, { check_runs: [run(day), run(20 * minute)] })).toBe(2 * minute);
    expect(fresh(`/commits/${sha}/check-runs`, { check_runs: [run(20)] })).toBe(checkSeconds);
    expect(fresh(`/commits/${sha}/check-runs`, { check_runs: [run(day)] })).toBe(10 * minute);
    expect(fresh(`/commits/${sha}/statuses`, [{ state: "success", updated_at: ago(day) }])).toBe(10 * minute);
    expect(fresh(`/statuses/${sha}`, [{ state: "failure", updated_at: ago(day) }])).toBe(10 * minute);
    expect(fresh("/check-suites/4", { status: "completed", updated_at: ago(day) })).toBe(10 * minute);
    expect(
      fresh(`/commits/${sha}/check-suites`, { check_suites: [{ status: "completed", updated_at: ago(day) }] }),
    ).toBe(10 * minute);
  });
  test("a page that is not the whole list proves nothing settled", () => {
    expect(fresh(`/commits/${sha}/check-runs`, { total_count: 2, check_runs: [run(day)] })).toBe(checkSeconds);
  });
  test("named by a branch or tag: two minutes at most", () => {
    expect(fresh("/commits/main/check-runs", { check_runs: [run(day)] })).toBe(2 * minute);
    expect(fresh("/commits/main/status", { statuses: [{ state: "success", updated_at: ago(day) }] })).toBe(2 * minute);
  });
});

test("logs and the rate limit are never in a response cache", () => {
  expect(lifetime("/actions/jobs/1/logs", "text")).toBeUndefined();
  const rateLimit = classify("/rate_limit");
  expect(rateLimit && lifetimeOf(rateLimit, {}, { now })).toBeUndefined();
});
