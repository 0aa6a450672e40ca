/** The fields of a pull request in GraphQL: the selection for each, and how gh prints the answer. */
import type { Context } from "../../context.ts";
import { exportQueriedActor, exportQueriedOwner } from "../../github/actors.ts";
import { exportCheck } from "../../github/commit-checks.ts";
import { told } from "../../github/schemas.ts";
import { exportLabel, exportMilestone } from "../../github/states.ts";
import type { PullField } from "../fields.ts";
import { connectionSize } from "../project.ts";
import { checkOf } from "./checks.ts";
import { exportQueriedCommit } from "./commits.ts";
import { exportLatestReview, exportQueriedReactions, exportReview } from "./reviews.ts";
import type { QueriedPull } from "./schema.ts";

/** Beside the answer itself. */
export interface Beside {
  /** One of a list: gh takes the first hundred of each part. */
  readonly listed: boolean;
  /** The author association by the id of a review, as the caller sees it. */
  readonly associations: ReadonlyMap<string, string>;
}

export interface PullRow<P = QueriedPull> {
  readonly ask: string;
  readonly show: (pull: P, context: Context, beside: Beside) => unknown;
}

/** A value that is printed unchanged. */
function plain<F extends PullField & keyof QueriedPull>(field: F): PullRow {
  return { ask: field, show: (pull) => told(pull[field], field) };
}

const person = "{ login ... on User { id name } }";
export const reaction = "reactionGroups { content users(first: 1) { totalCount } }";
/** All but those that were not sent, which only their author would see. */
const sent = "states: [APPROVED, CHANGES_REQUESTED, COMMENTED, DISMISSED]";
export const review = "id author { login } submittedAt body state";
/** A list of a hundred. */
export const hundred = (name: string, selection: string, more = "") =>
  `${name}(first: ${connectionSize}${more}) { totalCount nodes { ${selection} } }`;

const rollupQuestion = `rollup: commits(last: 1) { nodes { commit { statusCheckRollup {
  contexts(first: ${connectionSize}) { pageInfo { hasNextPage } nodes { __typename
    ... on StatusContext { context state targetUrl createdAt description }
    ... on CheckRun { name status conclusion startedAt completedAt detailsUrl
      checkSuite { workflowRun { event workflow { name } } } } } } } } } }`;

const rows: Partial<Record<PullField, PullRow>> = {
  additions: plain("additions"),
  assignees: {
    ask: hundred("assignees", "id login name databaseId"),
    show: ({ assignees }, context) =>
      wholeOf(told(assignees, "the assignees"), context).map(({ id, login, name, databaseId }) => ({
        id,
        login,
        name: name ?? "",
        ...(context.gh.has("assigneeIds") && { databaseId: databaseId ?? 0 }),
      })),
  },
  author: { ask: `author ${person}`, show: ({ author }) => exportQueriedActor(told(author, "the author")) },
  baseRefName: plain("baseRefName"),
  baseRefOid: plain("baseRefOid"),
  body: plain("body"),
  changedFiles: plain("changedFiles"),
  closed: plain("closed"),
  closedAt: plain("closedAt"),
  commits: {
    ask: hundred(
      "commits",
      `commit { oid messageHeadline messageBody authoredDate committedDate
        authors(first: ${connectionSize}) { nodes { name email user { id login } } } }`,
    ),
    show: ({ commits }, context) => wholeOf(told(commits, "the commits"), context).map(exportQueriedCommit),
  },
  createdAt: plain("createdAt"),
  deletions: plain("deletions"),
  files: {
    ask: hundred("files", "path additions deletions changeType"),
    show: ({ files }, context) =>
      wholeOf(told(files, "the files"), context).map(({ path, additions, deletions, changeType }) => ({
        path,
        additions,
        deletions,
        ...(context.gh.has("changeType") && { changeType }),
      })),
  },
  fullDatabaseId: { ask: "fullDatabaseId", show: (pull) => told(pull.fullDatabaseId, "the id") ?? "" },
  headRefName: plain("headRefName"),
  headRefOid: plain("headRefOid"),
  headRepositoryOwner: {
    ask: "headRepositoryOwner { id login ... on User { name } }",
    show: ({ headRepositoryOwner }) => exportQueriedOwner(told(headRepositoryOwner, "the owner of the head")),
  },
  id: plain("id"),
  isCrossRepository: plain("isCrossRepository"),
  isDraft: plain("isDraft"),
  labels: {
    ask: hundred("labels", "id name description color"),
    show: ({ labels }) =>
      (told(labels, "the labels")?.nodes ?? []).map(({ id, ...label }) => exportLabel({ node_id: id, ...label })),
  },
  latestReviews: {
    ask: `latestReviews(first: ${connectionSize}) { nodes { ${review} } }`,
    show: ({ latestReviews }, _, { associations }) =>
      (told(latestReviews, "the latest reviews")?.nodes ?? []).map((each) => exportLatestReview(each, associations)),
  },
  mergeCommit: { ask: "mergeCommit { oid }", show: (pull) => told(pull.mergeCommit, "the merge commit") },
  mergeable: plain("mergeable"),
  mergedAt: plain("mergedAt"),
  mergedBy: {
    ask: `mergedBy ${person}`,
    show: (pull) => {
      const mergedBy = told(pull.mergedBy, "the user who merged it");
      return mergedBy && exportQueriedActor(mergedBy);
    },
  },
  milestone: {
    ask: "milestone { number title description dueOn }",
    show: (pull) => {
      const milestone = told(pull.milestone, "the milestone");
      return milestone && exportMilestone({ ...milestone, due_on: milestone.dueOn });
    },
  },
  number: plain("number"),
  reactionGroups: {
    ask: reaction,
    show: (pull) => exportQueriedReactions(told(pull.reactionGroups, "reactions")),
  },
  reviewDecision: {
    ask: "reviewDecision",
    // gh prints an empty text for none.
    show: (pull) => told(pull.reviewDecision, "the decision") ?? "",
  },
  reviews: {
    ask: hundred("reviews", `${review} commit { oid } ${reaction}`, `, ${sent}`),
    show: ({ reviews }, context, { associations }) =>
      wholeOf(told(reviews, "the reviews"), context).map((each) => exportReview(each, associations)),
  },
  state: plain("state"),
  statusCheckRollup: {
    ask: rollupQuestion,
    show: ({ rollup }, context, { listed }) => {
      const contexts = told(rollup, "the checks").nodes[0]?.commit.statusCheckRollup?.contexts;
      if (contexts?.pageInfo.hasNextPage && !listed) context.native("more than a hundred checks");
      return (contexts?.nodes ?? []).map((check) => exportCheck(checkOf(check)));
    },
  },
  title: plain("title"),
  updatedAt: plain("updatedAt"),
  url: plain("url"),
};

/** The row of a field in GraphQL; undefined where GraphQL lacks it, or its value is not the same for every caller. */
export function rowOf(field: PullField): PullRow | undefined {
  return rows[field];
}

/** The items of a list that gh prints whole. */
export function wholeOf<T>(
  list: { readonly totalCount: number; readonly nodes: readonly T[] } | null,
  context: Context,
): readonly T[] {
  if (list === null) return [];
  if (list.totalCount !== list.nodes.length)
    context.native(`more than ${connectionSize}, which gh's versions differ on`);
  return list.nodes;
}
