/** The page has, for each command of its table, the counted requests of the real gh. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commandsOfPage } from "../../scripts/bench/team/count-page.ts";
import { costs } from "../../scripts/bench/team/gh-costs.ts";

const { page } = costs;
const text = readFileSync(join(import.meta.dirname, "../../docs/gh.md"), "utf8");

test("every command of the table was counted, and no other", () => {
  expect(commandsOfPage().toSorted()).toEqual(Object.keys(page).toSorted());
});

test.each(Object.entries(page))("gh itself asks for `gh %s`: %o", (line, { rest, graphql }) => {
  const row = text.split("\n").find((each) => each.startsWith(`| \`gh ${line}\` |`)) ?? "";
  expect(row.split("|")[4]?.trim()).toBe(String(rest + graphql));
});
