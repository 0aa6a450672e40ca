import { tmpdir } from "node:os";
import { resolve } from "node:path";
import { defineConfig } from "vitest/config";
import { maxWorkers, timeouts } from "./test/support/limits.ts";
import { WaitingFirst } from "./test/support/sequencer.ts";

const report = process.env.OCTOPOOL_TEST_REPORT;

/** A worker for many files: loading the same modules for each file took more of the processor than many tests. */
// With room for young objects, tests that run within it took 5 % less of the processor. The relay's suite moves its own
// temporary files, in the process that starts the workers of all.
const common = { execArgv: ["--max-semi-space-size=64"], isolate: false, ...timeouts, env: { TMPDIR: tmpdir() } };

/** Three suites: plain Node, inside workerd, and whole processes over real sockets. */
export default defineConfig({
  test: {
    maxWorkers,
    sequence: { sequencer: WaitingFirst },
    // Output of passing tests is hidden; a failing test shows its own.
    silent: "passed-only",
    reporters: report ? ["default", ["json", { outputFile: report }]] : ["default"],
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/relay-worker/**", "test/e2e/**", "**/node_modules/**"],
          globalSetup: "test/support/bundled.ts",
          ...common,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          provide: { octopool: resolve("dist/octopool.cjs") },
          ...common,
        },
      },
      "./test/relay-*/vitest.config.ts",
    ],
  },
});
