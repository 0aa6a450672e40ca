import { describe, expect, test } from "vitest";
import {
  assumedLimit,
  Budgets,
  budgetSeen,
  mergeBudget,
  type RateBudget,
} from "../../../relay-worker/coordinator/budgets.ts";
import { anonymousOwner } from "../../../relay-worker/coordinator/contract.ts";
import { saw, seconds, start } from "./support.ts";

const budget = (remaining: number, reset: number): RateBudget => ({
  owner: "user:a",
  bucket: "core",
  limit: 5000,
  remaining,
  reset,
});
const window = { limit: 5000, remaining: 100, reset: seconds(start) + 600 };

function kept(): { budgets: Budgets; saved: RateBudget[] } {
  const saved: RateBudget[] = [];
  return { budgets: new Budgets([], (row) => saved.push(row)), saved };
}

describe("merging the budgets of responses", () => {
  test("a newer window replaces the older one, fuller or not", () => {
    expect(mergeBudget(budget(3, 1000), budget(4999, 2000))).toEqual(budget(4999, 2000));
  });
  test("within one window the smaller count stays", () => {
    expect(mergeBudget(budget(3, 1000), budget(70, 1000)).remaining).toBe(3);
    expect(mergeBudget(budget(70, 1000), budget(3, 1000)).remaining).toBe(3);
  });
  test("a response from an older window changes nothing", () => {
    const known = budget(3, 2000);
    expect(mergeBudget(known, budget(0, 1000))).toBe(known);
  });
});

describe("headers that count as a budget", () => {
  test("reset comes in seconds and is kept in milliseconds", () => {
    expect(budgetSeen(saw("a", window), start)?.reset).toBe(start + 600_000);
  });
  test.each([
    ["no remaining", { limit: 5000, reset: seconds(start) + 9 }],
    ["no reset", { limit: 5000, remaining: 5 }],
    ["no limit", { remaining: 5, reset: seconds(start) + 9 }],
    ["a negative count", { ...window, remaining: -1 }],
    ["a reset beyond any window", { ...window, reset: seconds(start) + 7 * 86_400 }],
    ["a reset of zero", { ...window, reset: 0 }],
    ["headers that were no numbers", { ...window, remaining: Number.NaN }],
  ])("%s is not believed", (_, headers) => {
    expect(budgetSeen(saw("a", headers), start)).toBeUndefined();
  });
});

describe("the rest of a budget", () => {
  test.each([
    ["user:a", "core", 5000],
    ["user:a", "search", 30],
    ["user:a", "code_search", 9],
    ["installation:7", "graphql", 5000],
    [anonymousOwner, "core", 60],
    [anonymousOwner, "search", 10],
    [anonymousOwner, "graphql", 0],
  ] as const)("an unknown budget of %s for %s is assumed to be %i", (owner, bucket, limit) => {
    expect(assumedLimit(owner, bucket)).toBe(limit);
    expect(kept().budgets.standing(owner, bucket, start)).toEqual({
      limit,
      remaining: limit,
      reserved: 0,
      reset: null,
    });
  });
  test("two tokens of one user draw on one budget, another user's does not change", () => {
    const { budgets } = kept();
    budgets.observe(saw("token-1", { ...window, budgetOwner: "user:a" }), start);
    budgets.observe(saw("token-2", { ...window, budgetOwner: "user:a", remaining: 40 }), start);
    expect(budgets.standing("user:a", "core", start).remaining).toBe(40);
    expect(budgets.standing("user:b", "core", start).remaining).toBe(5000);
    expect(budgets.standing("user:a", "search", start).remaining).toBe(30);
  });
  test("when the window has passed the budget is whole again, at the limit that GitHub told", () => {
    const { budgets } = kept();
    budgets.observe(saw("a", { ...window, limit: 12_500, remaining: 0 }), start);
    expect(budgets.standing("user:a", "core", start + 599_999).remaining).toBe(0);
    expect(budgets.standing("user:a", "core", start + 600_000)).toMatchObject({ remaining: 12_500, reset: null });
  });
  test("reserved spend is counted until it is released", () => {
    const { budgets } = kept();
    const hold = { owner: "user:a", bucket: "core", cost: 3 } as const;
    budgets.reserve(hold);
    budgets.reserve(hold);
    expect(budgets.standing("user:a", "core", start).reserved).toBe(6);
    budgets.release(hold);
    expect(budgets.standing("user:a", "core", start).reserved).toBe(3);
  });
  test("only changes are written", () => {
    const { budgets, saved } = kept();
    budgets.observe(saw("a", window), start);
    budgets.observe(saw("a", { ...window, reset: window.reset - 60 }), start);
    budgets.observe(saw("a"), start);
    expect(saved).toHaveLength(1);
  });
  test("the same count again, as after a 304, or a higher one that comes late, is no change; another limit is", () => {
    const { budgets, saved } = kept();
    for (const remaining of [100, 100, 120]) budgets.observe(saw("a", { ...window, remaining }), start);
    expect(saved).toHaveLength(1);
    budgets.observe(saw("a", { ...window, limit: 9000 }), start);
    expect(saved).toHaveLength(2);
  });
  test("a window that closed a day ago is forgotten", () => {
    const { budgets } = kept();
    budgets.observe(saw("a", { ...window, limit: 9000 }), start);
    budgets.prune(start + 600_000 + 24 * 3_600_000 - 1);
    expect(budgets.standing("user:a", "core", start + 600_000).limit).toBe(9000);
    budgets.prune(start + 600_000 + 24 * 3_600_000);
    expect(budgets.standing("user:a", "core", start + 600_000).limit).toBe(5000);
  });
});
