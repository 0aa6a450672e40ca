import { defineConfig } from "vitest/config";
import { Table } from "./support/table.ts";

const report = process.env.OCTOPOOL_TEST_REPORT;
const table = new Table(process.stdout);

/** The fault lab: `npm run test:hard`. It breaks parts on purpose and waits for time limits, so it stands apart. */
export default defineConfig({
  test: {
    name: "hard",
    root: import.meta.dirname,
    include: ["*.lab.ts"],
    maxWorkers: 2,
    maxConcurrency: 4,
    testTimeout: 90_000,
    hookTimeout: 60_000,
    reporters: report ? ["default", ["json", { outputFile: report }], table] : ["default", table],
  },
});
