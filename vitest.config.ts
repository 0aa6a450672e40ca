import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

/** No limit of a single test is a rule about speed: a busy machine gets this many ms for what takes one second. */
const timeouts = { testTimeout: 60_000, hookTimeout: 60_000, expect: { poll: { timeout: 20_000 } } };

const report = process.env.OCTOPOOL_TEST_REPORT;

/** Three suites: plain Node, inside workerd, and whole processes over real sockets. */
export default defineConfig({
  test: {
    // Every core: by default vitest keeps one free for a terminal, half of a small machine.
    maxWorkers: "100%",
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
