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

/**
 * Tests that mostly start programs. A process's start copies its parent's page tables: from a worker that holds the
 * engine's tests it takes 20 to 40 ms, from one of these 6.
 */
const starting = [
  "test/cli/**/*.test.ts",
  "test/daemon/{lifecycle,read-path,socket-api,starter,freshness/refs}.test.ts",
  "test/scripts/load-cost.test.ts",
];

/** Plain Node, in two sorts of workers; inside workerd; and whole processes over real sockets. */
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
          exclude: ["test/relay-worker/**", "test/e2e/**", ...starting, "**/node_modules/**"],
          ...common,
        },
      },
      { test: { name: "programs", include: starting, globalSetup: "test/support/bundled.ts", ...common } },
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
