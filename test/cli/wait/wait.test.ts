import { expect, test } from "vitest";
import { type Condition, pullConditions, runCondition } from "../../../cli/wait/conditions.ts";
import { type WaitTools, waitFor } from "../../../cli/wait/wait.ts";

const said = (stdout: string, exitCode = 0, stderr = "") => ({ stdout, exitCode, stderr });

/** Looks with the results that the test lists, in turn, and pauses that are woken as it lists. */
function tools(answers: readonly ReturnType<typeof said>[], heard: readonly boolean[] = []) {
  let time = 0;
  const looks: { fresh: boolean }[] = [];
  const pauses: number[] = [];
  const given: WaitTools = {
    now: () => time,
    look: async (_args, fresh) => {
      const answer = answers[Math.min(looks.length, answers.length - 1)] ?? said("");
      looks.push({ fresh });
      return answer;
    },
    pause: async (_wait, { seconds }) => {
      if (seconds === 0) return false;
      const woken = heard[pauses.length] ?? false;
      pauses.push(seconds);
      time += woken ? 1_000 : seconds * 1_000;
      return woken;
    },
  };
  return { given, looks, pauses };
}

const wait = (condition: Condition, timeoutSeconds = 3600) => ({
  condition,
  subject: "7",
  repository: "acme/widgets",
  timeoutSeconds,
});

const open = said('{"state":"OPEN"}');
const merged = said('{"state":"MERGED"}');
const closed = said('{"state":"CLOSED"}');
const running = said('{"status":"in_progress","conclusion":null}');
const passed = said('{"status":"completed","conclusion":"success"}');
const failed = said('{"status":"completed","conclusion":"failure"}');
const pending = said("build\tpending\t0\turl\n", 8);

test.each([
  ["merged", pullConditions.merged, [open, merged], "yes"],
  ["merged", pullConditions.merged, [open, closed], "no"],
  ["closed", pullConditions.closed, [open, merged], "yes"],
  ["checks", pullConditions.checks, [pending, said("build\tpass\t1s\turl\n")], "yes"],
  ["checks", pullConditions.checks, [pending, said("build\tfail\t1s\turl\n", 1)], "no"],
  ["checks", pullConditions.checks, [said("", 1, "no checks reported on the 'x' branch"), said("ok\tpass\n")], "yes"],
  ["review", pullConditions.review, [said("1\n2\n"), said("1\n2\n"), said("1\n2\n3\n")], "yes"],
  ["comment", pullConditions.comment, [said(""), said("9\n")], "yes"],
  ["a run", runCondition, [running, passed], "yes"],
  ["a run", runCondition, [running, failed], "no"],
] as const)("waiting for %s ends as it came out (%#)", async (_what, condition, answers, outcome) => {
  expect((await waitFor(wait(condition), tools(answers).given)).outcome).toBe(outcome);
});

test("a merge is not believed on the word of events either: each look for it asks GitHub", async () => {
  const { given, looks } = tools([open, open, merged], [true, true]);
  expect((await waitFor(wait(pullConditions.merged), given)).outcome).toBe("yes");
  expect(looks).toEqual([{ fresh: true }, { fresh: true }, { fresh: true }]);
});

test("by the clock each look asks GitHub, and the pauses grow", async () => {
  const { given, looks, pauses } = tools([open, open, open, open, merged]);
  await waitFor(wait(pullConditions.merged), given);
  expect(looks.map(({ fresh }) => fresh)).toEqual([true, true, true, true, true]);
  expect(pauses).toEqual([30, 60, 120, 120]);
});

test("a change that was heard is looked at through the caches, and only its end once more at GitHub", async () => {
  const { given, looks } = tools([running, running, passed, passed], [true, true]);
  expect(await waitFor(wait(runCondition), given)).toEqual({ outcome: "yes", looks: 3 });
  expect(looks.map(({ fresh }) => fresh)).toEqual([true, false, false, true]);
});

test.each(["merged", "closed"] as const)(
  "a state that gh reads from GitHub each time (--for %s) is asked once after a change that was heard",
  async (wanted) => {
    const { given, looks } = tools([open, merged], [true]);
    expect(await waitFor(wait(pullConditions[wanted]), given)).toEqual({ outcome: "yes", looks: 2 });
    expect(looks.map(({ fresh }) => fresh)).toEqual([true, true]);
  },
);

test("a cached end that GitHub takes back is no end", async () => {
  const { given } = tools([running, passed, running, failed], [true]);
  expect((await waitFor(wait(runCondition), given)).outcome).toBe("no");
});

test("it ends in time, after a last look", async () => {
  const { given, pauses } = tools([open]);
  expect(await waitFor(wait(pullConditions.merged, 45), given)).toMatchObject({ outcome: "timeout" });
  expect(pauses).toEqual([30, 15]);
});

test("a look that gh cannot answer is an error when it is the first, later only when it is the third", async () => {
  const broken = said("", 1, "GraphQL: Could not resolve to a PullRequest\n");
  await expect(waitFor(wait(pullConditions.merged), tools([broken]).given)).rejects.toThrow(/Could not resolve/);
  expect((await waitFor(wait(pullConditions.merged), tools([open, broken, broken, merged]).given)).outcome).toBe("yes");
  await expect(waitFor(wait(pullConditions.merged), tools([open, broken]).given)).rejects.toThrow(/could not answer/);
});
