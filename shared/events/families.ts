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

/** The arrival of a family's last event. Times are the relay's, ms since the epoch. */
export interface Lane {
  /** When the last event with a time in its payload arrived; 0: none so far. */
  readonly sampledAt: number;
  /** How long that one took, ms. */
  readonly delayMs: number;
  /** Until then the family counts as late. */
  readonly lateUntil: number;
}

export type LaneState = "ok" | "late" | "blind";

/**
 * The relay's findings when it last compared GitHub's list of deliveries with the taken ones. Times are the relay's.
 */
export interface FeedHealth {
  /** When the two last agreed, ms since the epoch; 0: never, or not at the last look. */
  readonly verifiedAt: number;
  /** Families of which the App does not get all events. */
  readonly blind: readonly Family[];
  /** When the last delivery of any kind arrived; 0: none so far. */
  readonly lastDeliveryAt: number;
  /** Deliveries of the last day that failed, and those of them that have not arrived since. */
  readonly failed: number;
  readonly missing: number;
  /** Machines that listen to this relay. */
  readonly machines: number;
}

/** The events of each family; one that the App does not get makes the family blind. */
export function missingFamilies(subscribed: readonly string[]): Family[] {
  const missing = Object.entries(byEvent).filter(([event]) => !subscribed.includes(event));
  return families.filter((family) => missing.some(([, each]) => each === family));
}

/** Events that a GitHub App has to be given, by name. */
export const neededEvents: readonly string[] = Object.keys(byEvent);

/** An event that took longer makes its family late. Source: GitHub's own mean is about five seconds. */
export const lateMs = 20_000;
/** The family stays late for this long after it. */
export const lateForMs = 10 * 60_000;
/** A family counts as blind after this long without an event. */
const silentMs = 15 * 60_000;
/**
 * Failed deliveries are found in GitHub's list of deliveries; after this long without a comparison every family counts
 * as blind.
 */
const verifiedMs = 10 * 60_000;

/** The state of one family. */
interface KnownLane {
  readonly family: Family;
  readonly lane: Lane | undefined;
  readonly health: FeedHealth | undefined;
}

/** @param now by the relay's clock, ms since the epoch */
export function laneState({ family, lane, health }: KnownLane, now: number): LaneState {
  if (health === undefined || now - health.verifiedAt > verifiedMs || health.blind.includes(family)) return "blind";
  if (lane === undefined || lane.sampledAt === 0 || now - lane.sampledAt > silentMs) return "blind";
  return now < lane.lateUntil ? "late" : "ok";
}
