import { describe, expect, test } from "vitest";
import { confirmsLinks } from "../../shared/page-links.ts";
import { lengthQuery } from "../../shared/routes/query.ts";

const next = '<https://api.github.com/repositories/1/issues?page=2>; rel="next", <…?page=9>; rel="last"';
const prev = '<https://api.github.com/repositories/1/issues?page=1>; rel="prev"';
const list = (length: number) => JSON.stringify(Array.from({ length }, (_, id) => ({ id })));
const sized = (perPage: string | undefined) => (perPage === undefined ? [] : [["per_page", perPage] as const]);

describe("a 304 confirms the links", () => {
  test.each([
    ["of a page that is not full", "100", undefined, list(99)],
    ["of a page of the usual size that is not full", undefined, prev, list(29)],
    ["of an empty list", undefined, undefined, "[]"],
    ["of a page with a next one", "100", next, list(100)],
    ["of the newest alone, whose links nothing reads", "1", next, list(1)],
    ["of the only one", "1", undefined, list(1)],
    ["of a list with its length in the body", "100", undefined, '{"total_count":100,"jobs":[{}]}'],
    ["of one thing", undefined, undefined, '{"id":1}'],
    ["of a list without pages, longer than any page", undefined, undefined, list(500)],
    ["of a text", undefined, undefined, "[not JSON"],
  ])("%s", (_which, perPage, link, text) =>
    expect(confirmsLinks({ query: sized(perPage), link, text: () => text })).toBe(true),
  );
});

describe("a 304 does not confirm the links", () => {
  test.each([
    ["of a full page without a next one", sized("100"), undefined, list(100)],
    ["of a full page of the usual size", sized(undefined), undefined, list(30)],
    ["of a full last page", sized("2"), prev, list(2)],
    ["of more than GitHub puts on a page", sized("500"), undefined, list(100)],
    ["where the page's size is none", sized("0"), undefined, list(30)],
    ["of a page that is read for the list's length", lengthQuery, next, list(1)],
    ["of such a page that is the whole list", lengthQuery, undefined, list(1)],
  ])("%s", (_which, query, link, text) => expect(confirmsLinks({ query, link, text: () => text })).toBe(false));

  test.each([next, undefined])("of a page of one, where gh itself follows them", (link) => {
    expect(confirmsLinks({ query: sized("1"), link, text: () => list(1), linksOfOne: true })).toBe(false);
  });
});
