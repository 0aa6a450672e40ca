/**
 * The fields of `gh pr … --json`: the reads that each one needs, and whether their answer is the same for every caller.
 */

/** Reads beyond the pull request itself that a field needs; `query`: data that only GraphQL has. */
type Need = "list" | "detail" | "issue" | "files" | "commits" | "checks" | "query";

type FieldRule = Need | { readonly native: string };

const viewer = { native: "depends on the caller" } as const;
const closedBook = { native: "REST does not say it" } as const;

/** Fields of gh 2.46, then those of later versions. */
const pullFieldRules = {
  additions: "detail",
  assignees: "list",
  author: "list",
  autoMergeRequest: "list",
  baseRefName: "list",
  body: "list",
  changedFiles: "detail",
  closed: "list",
  closedAt: "list",
  // In addition, each thread with comments takes a read of the caller's own.
  comments: "detail",
  commits: "commits",
  createdAt: "list",
  deletions: "detail",
  files: "files",
  headRefName: "list",
  headRefOid: "list",
  headRepository: "list",
  headRepositoryOwner: "list",
  id: "list",
  isCrossRepository: "list",
  isDraft: "list",
  labels: "list",
  latestReviews: "query",
  maintainerCanModify: "detail",
  mergeCommit: "list",
  mergeStateStatus: viewer,
  mergeable: "detail",
  mergedAt: "list",
  mergedBy: "detail",
  milestone: "list",
  number: "list",
  potentialMergeCommit: closedBook,
  projectCards: closedBook,
  projectItems: viewer,
  reactionGroups: "issue",
  reviewDecision: "query",
  reviewRequests: "list",
  reviews: "query",
  state: "list",
  statusCheckRollup: "checks",
  title: "list",
  updatedAt: "list",
  url: "list",
  baseRefOid: "list",
  closingIssuesReferences: viewer,
  fullDatabaseId: "query",
} as const satisfies Record<string, FieldRule>;

export type PullField = keyof typeof pullFieldRules;

export const pullFields = Object.keys(pullFieldRules) as PullField[];

/** Fields that later decisions depend on: always read live. */
const gates: ReadonlySet<string> = new Set([
  "headRefOid",
  "baseRefOid",
  "state",
  "closed",
  "closedAt",
  "mergedAt",
  "mergeable",
  "mergeCommit",
  "mergeStateStatus",
  "statusCheckRollup",
  "autoMergeRequest",
  "reviewDecision",
]);

/** Those of them that events vouch for, where the pool's policy lets them. The checks are reads of their own. */
const vouchable: ReadonlySet<string> = new Set([
  "headRefOid",
  "state",
  "closed",
  "closedAt",
  "mergedAt",
  "mergeCommit",
  "statusCheckRollup",
]);

export interface FieldPlan {
  readonly needs: ReadonlySet<Need>;
  /** A gate field is among them. */
  readonly live: boolean;
  /** The kind of read of the pull request itself. */
  readonly pull: boolean | "vouched";
  /** Why the real gh must answer; undefined when it need not. */
  readonly native: string | undefined;
}

/** The reads that a set of fields needs. */
export function planFields(fields: readonly PullField[]): FieldPlan {
  const needs = new Set<Need>();
  let native: string | undefined;
  for (const field of fields) {
    const rule: FieldRule = pullFieldRules[field];
    if (typeof rule === "string") needs.add(rule);
    else native ??= `${field}: ${rule.native}`;
  }
  const gated = fields.filter((field) => gates.has(field));
  const live = gated.length > 0;
  return { needs, live, pull: live && gated.every((field) => vouchable.has(field)) ? "vouched" : live, native };
}
