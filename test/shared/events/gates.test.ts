/** Events vouch for these kinds of read, and for no others. */
import { expect, test } from "vitest";
import { gatePolicies, vouchersOf } from "../../../shared/events/gates.ts";
import { routes } from "../../../shared/routes/index.ts";

const vouched = (policy: (typeof gatePolicies)[number]) =>
  routes.filter(({ kind }) => vouchersOf(kind, policy) !== undefined).map(({ kind }) => kind);

test("by the default nothing is vouched for, by probe checks of a commit, by push the pull request too", () => {
  expect(Object.fromEntries(gatePolicies.map((policy) => [policy, vouched(policy).toSorted()]))).toEqual({
    ask: [],
    probe: ["commit_check_runs", "commit_status"],
    push: ["commit_check_runs", "commit_status", "pr_view"],
  });
});

test("checks need both of their families, a pull request its own", () => {
  expect(vouchersOf("commit_status", "probe")).toEqual(["checks", "actions"]);
  expect(vouchersOf("pr_view", "push")).toEqual(["pulls"]);
});
