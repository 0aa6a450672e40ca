/** Long lifetimes only for states that stored answers prove final. */

import { beforeEach, describe, expect, test } from "vitest";
import { unsettledSeconds } from "../../../../shared/routes/index.ts";
import { json } from "../../support/github.ts";
import { startOfTime, TestRelay } from "../../support/relay.ts";

const repo = "/repos/acme/widgets";
const hour = 3_600_000;
let relay: TestRelay;

beforeEach(async () => {
  relay = await TestRelay.create();
  relay.github.public("acme/widgets");
});

/** Jobs change with each of their steps. */
const unsettledJobsMs = (unsettledSeconds / 3) * 1000;

const lifetime = async (path: string, hint?: string) => {
  const { relay: told } = await relay.read(path, hint ? { hint } : {});
  return Date.parse(told.cache_expires_at ?? "") - startOfTime;
};

describe("a job list of one attempt", () => {
  const run = `${repo}/actions/runs/5`;
  const jobs = `${run}/attempts/1/jobs`;

  beforeEach(() => {
    relay.github.on(jobs, () => json({ total_count: 1, jobs: [{ status: "completed" }] }));
  });

  test("lives for seconds while nothing says that the attempt is over", async () => {
    expect(await lifetime(jobs)).toBe(unsettledJobsMs);
  });

  test.each([
    ["the attempt completed", `${run}/attempts/1`, { status: "completed", run_attempt: 1 }, 6 * hour],
    ["the attempt going on", `${run}/attempts/1`, { status: "in_progress", run_attempt: 1 }, unsettledJobsMs],
    ["the run at a later attempt", run, { status: "in_progress", run_attempt: 2 }, 6 * hour],
    ["the run completed at this attempt", run, { status: "completed", run_attempt: 1 }, 6 * hour],
  ])("with %s", async (_what, path, body, expected) => {
    relay.github.on(path, () => json({ id: 5, ...body }));
    await relay.read(path);
    expect(await lifetime(jobs)).toBe(expected);
  });
});

describe("a pull request's files", () => {
  const [head, other] = ["a".repeat(40), "b".repeat(40)];
  const files = `${repo}/pulls/7/files`;

  beforeEach(() => {
    relay.github.on(files, () => json([]));
    relay.github.on(`${repo}/pulls/7`, () => json({ number: 7, state: "open", head: { sha: head } }));
  });

  test("live a minute, and five with a hint that a fresh view of the pull request confirms", async () => {
    await relay.read(`${repo}/pulls/7`);
    expect(await lifetime(files, `head=${head}`)).toBe(5 * 60_000);
  });

  test.each([
    ["no hint", undefined],
    ["another head", `head=${other}`],
    ["nonsense", "head"],
  ])("%s: one minute", async (_what, hint) => {
    await relay.read(`${repo}/pulls/7`);
    expect(await lifetime(files, hint)).toBe(60_000);
  });

  test("a hint that nothing confirms: one minute", async () => {
    expect(await lifetime(files, `head=${head}`)).toBe(60_000);
  });
});
