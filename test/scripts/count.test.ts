import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { sumOf } from "../../scripts/ci/reports.ts";
import type { CaseVerdict } from "../../scripts/differential/differential.ts";
import { asJson } from "../../scripts/differential/report.ts";

const script = join(import.meta.dirname, "../../scripts/ci/count.ts");
const suite = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, numFailedTestSuites: 0 };

const verdict = (args: string[], different?: CaseVerdict["different"]): CaseVerdict => ({
  command: `gh ${args.join(" ")}`,
  case: { args },
  ...(different && { different }),
});

/** Of reports in these files. */
function count(...reports: (object | string)[]) {
  const { lines, ok } = sumOf(
    reports.map((report, index) => ({
      name: `${index}.json`,
      text: typeof report === "string" ? report : JSON.stringify(report),
    })),
  );
  return [lines.join("\n"), ok];
}

test("suites of both kinds add up", () => {
  expect(
    count({ ...suite, numPassedTests: 3, numPendingTests: 1, numTodoTests: 1 }, { identical: 4, different: 0 }),
  ).toEqual(["7 passed, 0 failed, 2 skipped", true]);
});

test("one failure fails the run", () => {
  expect(count({ ...suite, numPassedTests: 3, numFailedTests: 1 })).toEqual(["3 passed, 1 failed, 0 skipped", false]);
  expect(count({ identical: 4, different: 2 })).toEqual(["4 passed, 2 failed, 0 skipped", false]);
});

test("a file that did not load, a report that is cut off, and no test at all are failures", () => {
  expect(count({ ...suite, numPassedTests: 3, numFailedTestSuites: 1 })).toEqual([
    "3 passed, 1 failed, 0 skipped",
    false,
  ]);
  expect(count({ ...suite, numPassedTests: 3 }, '{"identical":')).toEqual(["3 passed, 1 failed, 0 skipped", false]);
  expect(count()).toEqual(["0 passed, 0 failed, 0 skipped", false]);
});

test("tests that failed, and those that passed only when they were tried again, are named before the closing line", () => {
  const file = join(process.cwd(), "test/a.test.ts");
  const tests = [
    { fullName: "a rule", status: "passed", failureMessages: [] },
    { fullName: "an unsteady rule", status: "passed", failureMessages: ["Error: late\n    at x"] },
    { fullName: "a broken rule", status: "failed", failureMessages: ["Error: \u001b[31mno\u001b[39m"] },
  ];
  expect(
    count(
      {
        ...suite,
        numPassedTests: 2,
        numFailedTests: 1,
        testResults: [
          { name: file, status: "failed", message: "", assertionResults: tests },
          {
            name: join(process.cwd(), "test/b.test.ts"),
            status: "failed",
            message: "no such module",
            assertionResults: [],
          },
        ],
      },
      asJson([verdict(["pr", "view", "1"], { cold: ["stdout"] }), verdict(["pr", "view", "2"])]),
    ),
  ).toEqual([
    [
      "0: passed when it was tried again: test/a.test.ts: an unsteady rule",
      "    Error: late",
      "        at x",
      "0: failed: test/b.test.ts",
      "    no such module",
      "0: failed: test/a.test.ts: a broken rule",
      "    Error: no",
      "1: failed: gh pr view 1",
      '    {"cold":["stdout"]}',
      "3 passed, 2 failed, 0 skipped",
    ].join("\n"),
    false,
  ]);
});

test("the program sums up the files of a directory, says which are broken, and fails when a test did", () => {
  const directory = mkdtempSync(join(tmpdir(), "octopool-count-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  writeFileSync(join(directory, "test.json"), JSON.stringify({ ...suite, numPassedTests: 3 }));
  writeFileSync(join(directory, "hard.json"), '{"numPassedTests":');
  writeFileSync(join(directory, "notes.txt"), "no report");
  const { stdout, stderr, status } = spawnSync(process.execPath, [script, directory], { encoding: "utf8" });
  expect([stdout, stderr, status]).toEqual(["3 passed, 1 failed, 0 skipped\n", "hard.json is not a whole report\n", 1]);
});
