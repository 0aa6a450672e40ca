/** gh's own requests, as the engine knows them, are those that gh was counted to make. */
import { expect, test } from "vitest";
import { costOfGh } from "../../../daemon/gh/gh-costs.ts";
import { commands } from "../../../daemon/gh/registry.ts";
import { shapes } from "../../../scripts/bench/team/commands.ts";
import { costs } from "../../../scripts/bench/team/gh-costs.ts";

test.each(Object.entries(costs.page))("gh %s", (line, counted) => {
  expect(costOfGh(line.split(" "))).toMatchObject(counted);
});

test.each(Object.entries(costs.commands))("%s of the bench's mix", (tag, { rest, graphql }) => {
  const shape = Object.entries(shapes).find(([name]) => name === tag)?.[1];
  const known = costOfGh(shape?.args("octo/hello", "7") ?? []);
  expect(known?.graphql).toBe(graphql);
  if (known?.orMore) expect(known.rest).toBeLessThanOrEqual(rest);
  else expect(known?.rest).toBe(rest);
});

test("every command of the engine has a cost", () => {
  const samples = commands.map(({ path }) => [...path, "7"]);
  expect(samples.filter((args) => costOfGh(args) === undefined)).toEqual([]);
});

test.each([
  ["pr list -L 1000", 10],
  ["pr list -L 101", 2],
  ["issue list -L 250 -m v1", 4],
])("gh %s asks %d queries at most: a page of a hundred each", (line, graphql) => {
  expect(costOfGh(line.split(" "))).toMatchObject({ rest: 0, graphql });
});

test.each(["pr list --nonsense", "gist view 1", "", "pr"])("the cost of gh %j is not known", (line) => {
  expect(costOfGh(line === "" ? [] : line.split(" "))).toBeUndefined();
});
