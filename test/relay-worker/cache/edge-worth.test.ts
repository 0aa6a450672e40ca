import { expect, test } from "vitest";
import { EdgeWorth } from "../../../relay-worker/cache/edge-worth.ts";

function asked(worth: EdgeWorth, times: number, known: boolean): number {
  let count = 0;
  for (let at = 0; at < times; at += 1) {
    if (!worth.ask()) continue;
    count += 1;
    worth.tell(known);
  }
  return count;
}

test("an edge that knows things is always asked", () => {
  expect(asked(new EdgeWorth(), 1000, true)).toBe(1000);
});

test("one that has known nothing 64 times is asked once in sixteen, and always again when it does", () => {
  const worth = new EdgeWorth();
  expect(asked(worth, 64, false)).toBe(64);
  expect(asked(worth, 160, false)).toBe(10);
  expect(asked(worth, 16, true)).toBe(1);
  expect(asked(worth, 100, true)).toBe(100);
});
