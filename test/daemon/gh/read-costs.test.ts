import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { type EngineBench, fileHasBench } from "./support/reader.ts";
import { project } from "./support/world.ts";

const page = readFileSync(join(import.meta.dirname, "../../../docs/gh.md"), "utf8");
const table = [...page.matchAll(/^\| `gh (.+)` \| (\d+) \| (\d+) \| \d+ \|$/gm)].map(([, line = "", reads, live]) => ({
  line,
  reads: Number(reads),
  live: Number(live),
}));

let bench: EngineBench;
fileHasBench(project, (opened) => {
  bench = opened;
});
beforeEach(() => {
  // Nothing is cached: GitHub itself answers, now.
  bench.reader.answeredAs = { answeredBy: "github", stale: false, createdAt: Date.parse("2026-06-01T12:00:00Z") };
});

test("the page has a table of reads", () => {
  expect(table.length).toBeGreaterThan(20);
});

test.each(table)("gh $line costs $reads reads, $live of them live", async ({ line, reads, live }) => {
  const outcome = await bench.run(line.split(" "), { env: { GH_REPO: "octo/hello" } });
  expect(outcome).toMatchObject({ kind: "done" });
  const { requests } = bench.reader;
  const asked = requests.map(({ path, maxAge }) => `${path}${maxAge === 0 ? " live" : ""}`);
  const counted = { reads: requests.length, live: requests.filter(({ maxAge }) => maxAge === 0).length };
  expect(counted, asked.join("\n")).toEqual({ reads, live });
  const targets = requests
    .filter(({ maxAge }) => maxAge !== 0)
    .map(({ path, query, headers }) => JSON.stringify([path, query, headers]));
  expect(targets, "nothing is read twice").toEqual([...new Set(targets)]);
});
