import { resolve } from "node:path";
import { defineConfig } from "vitest/config";
import { maxWorkers, timeouts } from "./test/support/limits.ts";

const report = process.env.OCTOPOOL_TEST_REPORT;

/** What runs in the test's own process and leaves nothing behind in it. */
const inProcess = [
  "test/shared/**/*.test.ts",
  "test/github-emulator/**/*.test.ts",
  "test/daemon/{events,filter,freshness,gh,personal,proof,relay}/**/*.test.ts",
];

/** Four suites: rules in plain Node, programs that tests start, inside workerd, and the whole road over real sockets. */
export default defineConfig({
  test: {
    maxWorkers,
    // Output of passing tests is hidden; a failing test shows its own.
    silent: "passed-only",
    reporters: report ? ["default", ["json", { outputFile: report }]] : ["default"],
    projects: [
      {
        test: {
          name: "unit",
          include: inProcess,
          // A worker for many files: loading the same modules for each took more of the processor than the tests.
          isolate: false,
          ...timeouts,
        },
      },
      {
        test: {
          name: "programs",
          include: ["test/**/*.test.ts"],
          exclude: [...inProcess, "test/relay-worker/**", "test/e2e/**", "**/node_modules/**"],
          globalSetup: "test/support/bundled.ts",
          ...timeouts,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          provide: { octopool: resolve("dist/octopool.cjs") },
          ...timeouts,
        },
      },
      "./test/relay-*/vitest.config.ts",
    ],
  },
});
