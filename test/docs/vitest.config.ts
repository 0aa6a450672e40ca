import { defineConfig } from "vitest/config";

const report = process.env.OCTOPOOL_TEST_REPORT;

/**
 * The commands of the documentation: `npm run test:docs`. They need a reader's programs (bash, curl, git, jq, openssl,
 * shells), so they stand apart from `npm test`.
 */
export default defineConfig({
  test: {
    name: "docs",
    root: import.meta.dirname,
    include: ["*.docs.ts"],
    maxConcurrency: 3,
    testTimeout: 1_200_000,
    hookTimeout: 60_000,
    reporters: report ? ["default", ["json", { outputFile: report }]] : ["default"],
  },
});
