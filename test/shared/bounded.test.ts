import { expect, test } from "vitest";
import { bounded } from "../../shared/bounded.ts";

test("keeps so many entries, and forgets the one that was not used for longest", () => {
  const map = bounded<number>(2);
  map.set("first", 1);
  map.set("second", 2);
  expect(map.get("first")).toBe(1);
  map.set("third", 3);
  expect([...map.keys()].toSorted()).toEqual(["first", "third"]);
  map.set("third", 4);
  expect([map.size, map.get("third"), map.get("second")]).toEqual([2, 4, undefined]);
});
