/** Adds up the reports of all suites and prints the closing line. Exits 1 when a test failed or none ran. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** The part of vitest's JSON report that counts; `numFailedTestSuites` catches files that failed to load. */
const reportSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  numFailedTestSuites: z.number(),
});

const directory = process.argv[2];
if (!directory) throw new Error("usage: count.ts DIRECTORY_OF_REPORTS");

const totals = { passed: 0, failed: 0, skipped: 0 };
for (const name of readdirSync(directory).filter((file) => file.endsWith(".json"))) {
  const report = reportSchema.parse(JSON.parse(readFileSync(join(directory, name), "utf8")));
  totals.passed += report.numPassedTests;
  totals.failed += Math.max(report.numFailedTests, report.numFailedTestSuites > 0 ? 1 : 0);
  totals.skipped += report.numPendingTests + report.numTodoTests;
}
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exitCode = totals.failed > 0 || totals.passed === 0 ? 1 : 0;
