import { defineConfig } from "vitest/config";

const report = process.env.OCTOPOOL_TEST_REPORT;

/** The pages in a real browser: `npm run test:browser`. It needs Chromium, so it stands apart from `npm test`. */
export default defineConfig({
  test: {
    name: "browser",
    root: import.meta.dirname,
    include: ["*.browser.ts"],
    // One test visits every page of the documentation; a limit is for hangs.
    testTimeout: 300_000,
    hookTimeout: 120_000,
    reporters: report ? ["default", ["json", { outputFile: report }]] : ["default"],
  },
});
