import { describe, expect, test } from "vitest";
import { parseQuery } from "../rest/search-query.ts";

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
});
