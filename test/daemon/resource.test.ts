/** The resource of a read: the key under which caches hold it. */
import { expect, test } from "vitest";
import { resourceOf } from "../../daemon/cache/resource.ts";

test.each(["\ud800", "a\udc00b", "\udc00\ud800"])("half a character in a query (%j) is no reason to fail", (half) => {
  for (const query of [
    [["labels", half]],
    [
      ["state", "open"],
      ["labels", `bug,${half}`],
    ],
  ] as const) {
    expect(resourceOf({ path: "/repos/o/r/issues", query })?.kind).toBe("issue_list");
  }
});
