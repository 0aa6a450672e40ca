import { expect, test } from "vitest";
import { treatmentOf } from "../../../daemon/via/operation.ts";

const query = "query($it: [String]) { viewer { login } }";
const keyOf = (it: unknown) => {
  const treatment = treatmentOf(JSON.stringify({ query, variables: { it } }));
  return "key" in treatment ? treatment.key : undefined;
};

test("queries with equal variables are one, in any order of their fields", () => {
  expect(keyOf({ a: 1, b: [2] })).toBe(keyOf({ b: [2], a: 1 }));
});

test("an object is another variable than the list of its fields", () => {
  expect(keyOf({ a: 1 })).not.toBe(keyOf([["a", 1]]));
});
