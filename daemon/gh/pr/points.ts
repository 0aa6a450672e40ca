/** Points of GitHub's rate limit that gh's query of pull requests takes: a hundredth of the connections it opens. */
import { pagesOfGh } from "../cost/reckoning.ts";
import { pageSize } from "../reads/paging.ts";
import type { PullField } from "./fields.ts";

/** Lists of a pull request, and lists in each item of these. */
const connections: Partial<Record<PullField, number>> = {
  assignees: 1,
  comments: 1,
  // Each of a hundred has a list of authors.
  commits: 101,
  files: 1,
  labels: 1,
  latestReviews: 1,
  reviewRequests: 1,
  reviews: 1,
  // The last commit has a list of checks.
  statusCheckRollup: 2,
};

function connectionsOf(fields: readonly PullField[]): number {
  return [...new Set(fields)].reduce((sum, field) => sum + (connections[field] ?? 0), 0);
}

/** Of one pull request. */
export function pointsOfOne(fields: readonly PullField[]): number {
  return pointsOf(connectionsOf(fields));
}

/**
 * Of a list of them, which gh asks for in pages of a hundred: GitHub counts the requested number, not the existing one.
 */
export function pointsOfList(fields: readonly PullField[], limit: number): number {
  return pagesOfGh(limit) * pointsOf(1 + Math.min(limit, pageSize) * connectionsOf(fields));
}

function pointsOf(opened: number): number {
  return Math.max(1, Math.round(opened / 100));
}
