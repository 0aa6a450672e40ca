/** Commands that are decided by their cost. */
import { expect, test } from "vitest";
import { isDearerThanGh, isQueryCheaper, reckon } from "../../../daemon/gh/cost/reckoning.ts";
import { pointsOfList, pointsOfOne } from "../../../daemon/gh/pr/points.ts";
import type { GitHubReader } from "../../../daemon/reader.ts";
import type { Price } from "../../../shared/explanation.ts";
import { type EngineBench, fileHasBench, printed } from "./support/reader.ts";
import { project } from "./support/world.ts";

const times = (count: number, price: Price) => Array.from({ length: count }, () => price);

test("a kept answer is no request, and a free request is not paid", () => {
  const prices = [...times(2, "kept"), ...times(3, "free"), ...times(4, "shared"), ...times(5, "paid")];
  expect(reckon(prices)).toEqual({ requests: 12, free: 3, shared: 4, paid: 5 });
});

test.each([
  ["five reads against one point", times(5, "paid"), 1, 0, true],
  ["one read against one point", times(1, "paid"), 1, 0, false],
  ["reads that are held", times(5, "free"), 1, 0, false],
  ["reads of the pool", [...times(5, "paid"), "shared"] as const, 1, 0, false],
  ["a query that costs as much", times(30, "paid"), 30, 0, false],
  ["the fourth look at five reads", times(5, "paid"), 1, 3, true],
  ["the fifth look at five reads, which the queries have paid for", times(5, "paid"), 1, 4, false],
])("%s: the query is cheaper: %4$s", (_what, prices, points, asked, cheaper) => {
  expect(isQueryCheaper(reckon(prices), { points, asked })).toBe(cheaper);
});

test.each([
  [times(33, "shared"), 1, false],
  [times(34, "shared"), 1, true],
  [times(11, "paid"), 1, false],
  [times(12, "paid"), 1, true],
  [times(100, "free"), 1, false],
  [times(34, "shared"), 2, false],
])("%o against %d of gh's: gh is started: %s", (prices, gh, dearer) => {
  expect(isDearerThanGh(reckon(prices), gh)).toBe(dearer);
});

test("gh's query takes a hundredth of the lists that it opens", () => {
  expect(pointsOfOne(["title", "commits", "statusCheckRollup"])).toBe(1);
  expect(pointsOfList(["title"], 1000)).toBe(10);
  expect(pointsOfList(["statusCheckRollup"], 100)).toBe(2);
  expect(pointsOfList(["commits"], 30)).toBe(30);
});

let bench: EngineBench;
fileHasBench(project, (opened) => {
  bench = opened;
});

/** As in a repository of which the pool knows nothing, where the query was asked before so often. */
async function privately(line: string, { price = "paid" as Price, asked = 0 } = {}) {
  const reader: GitHubReader = {
    read: (request) => bench.reader.read(request),
    isOwn: () => true,
    price: async () => price,
    asked: async () => asked,
    recall: async () => undefined,
  };
  const outcome = await bench.run(line.split(" "), { env: { GH_REPO: "octo/hello" }, dependencies: { reader } });
  return { text: printed(outcome), paths: bench.reader.requests.splice(0).map(({ path }) => path) };
}

const oneQuery = ["/graphql"];

test.each([
  "pr view 7 --json title,files,commits,labels",
  "pr view 7 --json reactionGroups",
  "pr view 7 --json title,comments",
  "pr list --json number,files",
  "pr list --json number,additions",
])("gh %s is one query where it costs the caller less, and prints the same as the reads", async (line) => {
  const asked = await privately(line);
  expect(asked.paths).toEqual(oneQuery);
  const read = await privately(line, { price: "free" });
  expect(read.text).toBe(asked.text);
  expect(await privately(line, { asked: 20 })).toEqual(read);
});

test.each([
  "pr view 7 --json statusCheckRollup",
  "pr view 7 --json title",
  "pr view 7 --json additions",
  "pr list --json number,title",
])("gh %s is read, since it is one read anyway or polled, and its repetition is free", async (line) => {
  expect((await privately(line)).paths).not.toContain("/graphql");
});

test("the reads answer when the query fails", async () => {
  bench.reader.before = ({ own }) => {
    if (own) throw Object.assign(new Error("no points are left"), { name: "NativeRequired", reason: "no points" });
  };
  try {
    const { text, paths } = await privately("pr view 7 --json title,files");
    expect(JSON.parse(text)).toMatchObject({ title: "Feature" });
    expect(paths).toContain("/repos/octo/hello/pulls/7/files");
  } finally {
    bench.reader.before = () => {};
  }
});
