import { defineConfig } from "vitest/config";

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
        },
      },
      { test: { name: "e2e", include: ["test/e2e/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 60_000 } },
      "./test/relay-*/vitest.config.ts",
    ],
  },
});
