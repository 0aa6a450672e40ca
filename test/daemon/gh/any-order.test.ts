import { expect, test } from "vitest";
import { inAnyOrder } from "../../../daemon/gh/github/any-order.ts";
import type { RestCheckRun } from "../../../daemon/gh/github/schemas.ts";

const check = (id: number, name: string, suite: number): RestCheckRun => ({
  id,
  name,
  status: "queued",
  conclusion: null,
  started_at: null,
  completed_at: null,
  details_url: null,
  check_suite: { id: suite },
  app: { slug: "github-actions", name: "GitHub Actions" },
});
const names = (runs: readonly RestCheckRun[] | undefined) => runs?.map(({ name }) => name).join(" ");
const sorted = (runs: readonly RestCheckRun[]) => runs.map(({ name }) => name).toSorted();
const inOrder = (runs: readonly RestCheckRun[]) => runs.map(({ name }) => name);

test("checks whose order shows nowhere are given in one of their orders, those of a suite as they were made", () => {
  expect(names(inAnyOrder([check(3, "c", 8), check(2, "b", 9), check(1, "a", 8)], sorted))).toBe("a c b");
});

test("checks get no order when the order of their suites shows; the order within one suite is known", () => {
  expect(inAnyOrder([check(1, "a", 8), check(2, "b", 9)], inOrder)).toBeUndefined();
  expect(names(inAnyOrder([check(2, "b", 8), check(1, "a", 8)], inOrder))).toBe("a b");
});

test("nor is there one where two checks have one name, or the orders are too many to try", () => {
  expect(inAnyOrder([check(1, "a", 8), check(2, "a", 9)], () => "")).toBeUndefined();
  expect(
    inAnyOrder(
      [1, 2, 3, 4, 5].map((id) => check(id, `${id}`, id)),
      () => "",
    ),
  ).toBeUndefined();
});
