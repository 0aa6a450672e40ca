/**
 * Reads that others decide by ("gates"). GitHub is asked for them each time, unless the pool's policy lets events vouch
 * for the relay's entry. For a read outside the table GitHub is asked in any case: no event reports whether a pull
 * request can be merged.
 */
import type { RouteKind } from "../routes/table.ts";
import type { Family } from "./families.ts";

/** In order, the strictest first: each one allows everything that those before it allow. */
export const gatePolicies = ["ask", "probe", "push"] as const;
/**
 * - `ask`: GitHub is asked.
 * - `probe`: events vouch for checks; the pull request itself is asked.
 * - `push`: they vouch for its state, head and merge as well.
 */
export type GatePolicy = (typeof gatePolicies)[number];

interface VouchRule {
  /** The strictest policy that allows it. */
  readonly from: GatePolicy;
  /** Each of these must be `ok`. */
  readonly families: readonly Family[];
}

const checks: VouchRule = { from: "probe", families: ["checks", "actions"] };

const rules: Partial<Record<RouteKind, VouchRule>> = {
  commit_check_runs: checks,
  commit_status: checks,
  pr_view: { from: "push", families: ["pulls"] },
};

/** An answer that GitHub confirmed longer ago is asked for again, even if events vouch for it, ms. */
export const vouchedMs = 60_000;

/** The families of events that must be `ok`, where the policy lets them vouch for such a read; else undefined. */
export function vouchersOf(kind: RouteKind, policy: GatePolicy): readonly Family[] | undefined {
  const rule = rules[kind];
  if (rule === undefined || gatePolicies.indexOf(policy) < gatePolicies.indexOf(rule.from)) return undefined;
  return rule.families;
}
