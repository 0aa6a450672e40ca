import { resolve } from "node:path";
import { defineConfig } from "vitest/config";
import { timeouts } from "./test/support/timeouts.ts";

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
