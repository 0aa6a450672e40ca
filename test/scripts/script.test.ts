import { expect, test } from "vitest";
import { tellFailure, UsageError } from "../../scripts/script.ts";

const closed = new Error("other side closed");

test.each([
  ["its cause, where it has one", new TypeError("fetch failed", { cause: closed }), "fetch failed: other side closed"],
  ["no cause twice", new UsageError("no gh: other side closed", { cause: closed }), "no gh: other side closed"],
  ["itself alone otherwise", closed, "other side closed"],
])("a failure tells %s", (_what, error, told) => {
  expect(tellFailure("bench", error).sentence).toBe(`bench: ${told}\n`);
});
