/** Families of events: GitHub delivers each by a way of its own, and one may be late or silent while others are not. */

export const families = ["pulls", "issues", "checks", "actions", "code", "releases", "repository"] as const;
export type Family = (typeof families)[number];

const byEvent: Readonly<Record<string, Family>> = {
  pull_request: "pulls",
  pull_request_review: "pulls",
  pull_request_review_comment: "pulls",
  pull_request_review_thread: "pulls",
  issues: "issues",
  issue_comment: "issues",
  label: "issues",
  milestone: "issues",
  check_run: "checks",
  check_suite: "checks",
  status: "checks",
  workflow_run: "actions",
  workflow_job: "actions",
  push: "code",
  create: "code",
  delete: "code",
  release: "releases",
};

export function familyOf(event: string): Family {
  return byEvent[event] ?? "repository";
}

/** How the last event of a family came. Times are the relay's, ms since the epoch. */
export interface Lane {
  /** When the last one whose payload says when it happened arrived; 0: none so far. */
  readonly sampledAt: number;
  /** How long that one took, ms. */
  readonly delayMs: number;
  /** Until then the family counts as late. */
  readonly lateUntil: number;
}

type LaneState = "ok" | "late" | "blind";

/** An event that took longer makes its family late. Source: GitHub's own mean is about five seconds. */
export const lateMs = 20_000;
/** For so long after it. */
export const lateForMs = 10 * 60_000;
/** Silence is no health: after so long without an event a family counts as blind. */
const silentMs = 15 * 60_000;

/** @param now by the relay's clock, ms since the epoch */
export function laneState(lane: Lane | undefined, now: number): LaneState {
  if (lane === undefined || lane.sampledAt === 0 || now - lane.sampledAt > silentMs) return "blind";
  return now < lane.lateUntil ? "late" : "ok";
}
