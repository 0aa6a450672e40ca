import { expect, test } from "vitest";
import { openBench } from "../support/reader.ts";
import { project } from "../support/world.ts";

/** The relay's limit for one answer of most routes. */
const relayBound = 1024 * 1024;

test.each([
  ["pr list -L 100", "/pulls", 20_000],
  ["pr list -L 100 --author ada", "/pulls", 20_000],
  ["run list -L 100", "/actions/runs", 11_000],
])("a page that gh %s reads is one that the relay takes", async (line, list, bytesEach) => {
  await using bench = await openBench(project);
  await bench.run(line.split(" "), { env: { GH_REPO: "octo/hello" } });
  const pages = bench.reader.requests.filter(({ path }) => path.endsWith(list));
  const sizes = pages.map(({ query = [] }) => Number(query.find(([name]) => name === "per_page")?.[1]));
  expect(sizes.length).toBeGreaterThan(0);
  for (const size of sizes) expect(size * bytesEach).toBeLessThan(relayBound);
});
