import { expect, test } from "vitest";
import { type LeaseRow, Leases, leaseMs } from "../../../relay-worker/coordinator/leases.ts";
import { start } from "./support.ts";

test("a route key stays with its identity for ten seconds", () => {
  const leases = new Leases([], () => {});
  leases.grant("r", "a", start);
  expect(leases.holder("r", start + 9_999)).toBe("a");
  expect(leases.holder("r", start + 10_000)).toBeUndefined();
  expect(leases.holder("other", start)).toBeUndefined();
});

test("using a lease does not extend it", () => {
  const leases = new Leases([], () => {});
  leases.grant("r", "a", start);
  leases.grant("r", "a", start + 9_000);
  expect(leases.holder("r", start + leaseMs)).toBeUndefined();
});

test("another identity takes a lease over, with time of its own", () => {
  const leases = new Leases([], () => {});
  leases.grant("r", "a", start);
  leases.grant("r", "b", start + 9_000);
  expect(leases.holder("r", start + 18_999)).toBe("b");
});

test("pruning forgets just the expired leases, in any order of use of route keys", () => {
  const saved: LeaseRow[] = [];
  const leases = new Leases([], (row) => saved.push(row));
  leases.grant("first", "a", start);
  leases.grant("second", "a", start + 1_000);
  leases.grant("first", "b", start + 5_000);
  leases.prune(start + 11_000);
  expect(leases.live(start)).toEqual([{ routeKey: "first", identityId: "b", expires: start + 15_000 }]);
  expect(saved).toHaveLength(3);
});
