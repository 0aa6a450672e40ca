/** The lab's own measure: it must be able to fail. */
import { expect, test } from "vitest";
import { judge } from "./support/outcomes.ts";
import { summarise } from "./support/table.ts";

const ended = { stdout: "answer\n", stderr: "", exitCode: 0, milliseconds: 5, timedOut: false };
const expected = { stdout: "answer\n", exitCode: 0 };

test.each([
  ["right", ended, []],
  ["wrong", { ...ended, stdout: "ans" }, []],
  ["lost", { ...ended, exitCode: 1 }, []],
  ["lost", { ...ended, stdout: "" }, []],
  ["lost", { ...ended, timedOut: true }, []],
  ["lost", { ...ended, milliseconds: 1001 }, []],
  ["leaked", { ...ended, stderr: "a secret." }, ["secret"]],
] as const)("%s is the outcome of a command", (outcome, ran, secrets) => {
  expect(judge(ran, expected, 1000, secrets)[0]).toBe(outcome);
});

test("one try that is not right, a trial that broke, or no trial at all is a bad run", () => {
  const right = { outcome: "right", milliseconds: 1 } as const;
  const family = "a wrong answer";
  expect(summarise([{ family, recorded: [right], failed: false }]).bad).toBe(false);
  expect(summarise([{ family, recorded: [right, { ...right, outcome: "wrong" }], failed: true }]).bad).toBe(true);
  expect(summarise([{ family, recorded: [right], failed: true }]).bad).toBe(true);
  expect(summarise([]).bad).toBe(true);
});

test("the table sums the families up", () => {
  const recorded = [
    { outcome: "right", milliseconds: 100 },
    { outcome: "lost", milliseconds: 2500 },
  ] as const;
  expect(summarise([{ family: "a command waits", recorded, failed: true }]).text.split("\n")).toEqual([
    "family          | tried | right | lost | wrong | leaked | slowest",
    "a command waits |     2 |     1 |    1 |     0 |      0 |   2.5 s",
    "all             |     2 |     1 |    1 |     0 |      0 |   2.5 s",
    "",
  ]);
});
