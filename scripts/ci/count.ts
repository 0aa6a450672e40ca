/** Adds up the reports of all suites and prints the closing line. Exits 1 when a test failed or none ran. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The part of vitest's JSON report that counts; a file that failed to load has a failed suite and no test. */
const vitestSchema = z
  .object({
    numPassedTests: z.number(),
    numFailedTests: z.number(),
    numPendingTests: z.number(),
    numTodoTests: z.number(),
    numFailedTestSuites: z.number(),
  })
  .transform(
    (report): Counts => ({
      passed: report.numPassedTests,
      failed: Math.max(report.numFailedTests, report.numFailedTestSuites > 0 ? 1 : 0),
      skipped: report.numPendingTests + report.numTodoTests,
    }),
  );

/** The differential suite's: a case is a test. */
const differentialSchema = z
  .object({ identical: z.number(), different: z.number() })
  .transform(({ identical, different }): Counts => ({ passed: identical, failed: different, skipped: 0 }));

const reportSchema = z.union([vitestSchema, differentialSchema]);

const directory = process.argv[2];
if (!directory) throw new Error("usage: count.ts DIRECTORY_OF_REPORTS");

const totals = { passed: 0, failed: 0, skipped: 0 };
for (const name of readdirSync(directory).filter((file) => file.endsWith(".json"))) {
  const counts = countsOf(name, readFileSync(join(directory, name), "utf8"));
  totals.passed += counts.passed;
  totals.failed += counts.failed;
  totals.skipped += counts.skipped;
}
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exitCode = totals.failed > 0 || totals.passed === 0 ? 1 : 0;

/** A report that is broken means a suite that ended early: that is a failure, not nothing. */
function countsOf(name: string, text: string): Counts {
  try {
    return reportSchema.parse(JSON.parse(text));
  } catch {
    console.error(`${name} is not a whole report`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}
