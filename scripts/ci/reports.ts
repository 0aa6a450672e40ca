/** The sum of all suites' reports. */
import { relative } from "node:path";
import * as z from "zod";
import { caseSchema, commandLine } from "../differential/cases.ts";

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** One text each: the test and the first lines of its message. */
  readonly failures: readonly string[];
  /** Tests that failed once and passed when they were tried again. */
  readonly unsteady: readonly string[];
}

const none: Counts = { passed: 0, failed: 0, skipped: 0, failures: [], unsteady: [] };

/** The part of vitest's JSON report that counts; a file that failed to load has a failed suite and no test. */
const vitestSchema = z
  .object({
    numPassedTests: z.number(),
    numFailedTests: z.number(),
    numPendingTests: z.number(),
    numTodoTests: z.number(),
    numFailedTestSuites: z.number(),
    testResults: z
      .array(
        z.object({
          name: z.string(),
          status: z.string(),
          message: z.string().default(""),
          assertionResults: z.array(
            z.object({
              fullName: z.string(),
              status: z.string(),
              failureMessages: z.array(z.string()).nullish(),
            }),
          ),
        }),
      )
      .default([]),
  })
  .transform((report): Counts => {
    const tests = report.testResults.flatMap(({ name, assertionResults }) =>
      assertionResults.map(({ fullName, status, failureMessages }) => ({
        status,
        text: described(`${relative(process.cwd(), name)}: ${fullName}`, failureMessages?.[0] ?? ""),
        // A test that passed when it was tried again keeps the message of the first time.
        failedOnce: (failureMessages ?? []).length > 0,
      })),
    );
    const unloaded = report.testResults
      .filter(({ status, message }) => status === "failed" && message !== "")
      .map(({ name, message }) => described(relative(process.cwd(), name), message));
    return {
      passed: report.numPassedTests,
      failed: Math.max(report.numFailedTests, report.numFailedTestSuites > 0 ? 1 : 0),
      skipped: report.numPendingTests + report.numTodoTests,
      failures: [...unloaded, ...tests.filter(({ status }) => status === "failed").map(({ text }) => text)],
      unsteady: tests.filter(({ status, failedOnce }) => status === "passed" && failedOnce).map(({ text }) => text),
    };
  });

const commandSchema = caseSchema.pick({ args: true, env: true, cwd: true });

/** The differential suite's: a case is a test. */
const differentialSchema = z
  .object({
    identical: z.number(),
    different: z.number(),
    cases: z.array(commandSchema.extend({ different: z.unknown().optional() })).default([]),
  })
  .transform(({ identical, different, cases }): Counts => {
    const failures = cases.flatMap((each) =>
      each.different === undefined ? [] : described(commandLine(each), JSON.stringify(each.different)),
    );
    return { ...none, passed: identical, failed: different, failures };
  });

const reportSchema = z.union([vitestSchema, differentialSchema]);

/** One suite's file. */
interface Report {
  readonly name: string;
  readonly text: string;
}

interface Sum {
  /** Failed tests, those that passed only when they were tried again, and the closing line. */
  readonly lines: readonly string[];
  /** A sentence for each report that is not whole. */
  readonly complaints: readonly string[];
  /** No test failed, and some ran. */
  readonly ok: boolean;
}

/** Of a suite that ended early: that is a failure, not nothing. */
const broken: Counts = { ...none, failed: 1 };

/** Adds them up, and names the tests that readers must see. */
export function sumOf(reports: readonly Report[]): Sum {
  const counted = reports.map(({ name, text }) => ({ name, counts: countsOf(text) }));
  const named = counted.flatMap(({ name, counts: { failures, unsteady } }) => {
    const suite = name.replace(/\.json$/, "");
    return [
      ...unsteady.map((text) => `${suite}: passed when it was tried again: ${text}`),
      ...failures.map((text) => `${suite}: failed: ${text}`),
    ];
  });
  const [passed, failed, skipped] = (["passed", "failed", "skipped"] as const).map((column) =>
    counted.reduce((sum, { counts }) => sum + counts[column], 0),
  );
  return {
    lines: [...named, `${passed} passed, ${failed} failed, ${skipped} skipped`],
    complaints: counted.flatMap(({ name, counts }) => (counts === broken ? [`${name} is not a whole report`] : [])),
    ok: failed === 0 && passed !== 0,
  };
}

function countsOf(text: string): Counts {
  try {
    return reportSchema.parse(JSON.parse(text));
  } catch {
    return broken;
  }
}

/** A title and the first lines of a message, without colours. */
function described(title: string, message: string): string {
  const most = 6;
  const lines = message
    .replaceAll(/\u001b\[[0-9;]*m/g, "")
    .split("\n")
    .slice(0, most);
  return [title, ...lines.filter((line) => line !== "").map((line) => `    ${line.slice(0, 300)}`)].join("\n");
}
