import { describe, expect, test } from "vitest";
import { matchesIssue, parseQuery } from "../rest/search-query.ts";
import { buildWorld } from "../world/build.ts";

describe("a search text", () => {
  test("is words and qualifiers, with or without the parentheses of advanced search", () => {
    const plain = parseQuery('crash "in two words" repo:acme/app -label:"good first issue" sort:updated-asc');
    const advanced = parseQuery('( crash "in two words" ) repo:acme/app -label:"good first issue" sort:updated-asc');
    expect(plain).toEqual({
      words: ["crash", "in two words"],
      qualifiers: [{ name: "label", value: "good first issue", not: true }],
      repositories: ["acme/app"],
      owners: [],
      sort: "updated",
      order: "asc",
      choices: [],
    });
    expect(advanced).toEqual(plain);
  });

  test("may offer a choice, whose repositories are searched all", () => {
    const query = parseQuery("( crash ) (repo:acme/app OR repo:acme/ci) (label:a OR (label:b AND is:open)) type:issue");
    expect(query.repositories).toEqual(["acme/app", "acme/ci"]);
    expect(query.words).toEqual(["crash"]);
    expect(query.qualifiers).toEqual([{ name: "type", value: "issue", not: false }]);
    expect(query.choices.at(-1)?.map(({ qualifiers }) => qualifiers.map(({ value }) => value))).toEqual([
      ["a"],
      ["b", "open"],
    ]);
  });

  test.each([
    ['label:"with, comma"', true],
    ["label:with", false],
    ["label:bug,other", true],
    ['label:"other","with, comma"', true],
    ['label:"other,bug"', false],
    ['-label:"with, comma"', false],
  ])("%s parts labels at the commas outside quotes", (text, found) => {
    const world = buildWorld({
      users: [{ login: "ada" }],
      repositories: [
        {
          name: "acme/app",
          labels: ["with, comma", "bug", "other"],
          issues: [{ number: 1, title: "One", author: "ada", labels: ["with, comma", "bug"] }],
        },
      ],
    });
    const issue = world.repositories.get("acme/app")?.threads.get(1);
    if (!issue) throw new Error("the world has no issue");
    expect(matchesIssue(parseQuery(text), issue, null)).toBe(found);
  });
});
