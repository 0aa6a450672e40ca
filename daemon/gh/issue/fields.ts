/** The fields of `gh issue … --json` and how each is said from REST. */

import type { Context } from "../context.ts";
import { exportActor, exportAssignee } from "../github/actors.ts";
import { type RestIssue, told } from "../github/schemas.ts";
import { exportLabel, exportMilestone, exportReactions, pullState } from "../github/states.ts";

type Projection = (issue: RestIssue, context: Context) => unknown;

/** OPEN or CLOSED; a pull request seen as an issue may be MERGED. */
export function issueState(issue: RestIssue): string {
  return pullState({ state: issue.state, merged_at: issue.pull_request?.merged_at });
}

const projections = {
  assignees: (issue, context) =>
    Promise.all(told(issue.assignees, "the assignees").map((user) => exportAssignee(user, context.reads))),
  author: (issue, context) => exportActor(issue.user, context.reads),
  body: (issue) => issue.body ?? "",
  closed: (issue) => issue.state === "closed",
  closedAt: (issue) => issue.closed_at,
  // Who wrote each comment is told from the reader's side; none at all looks the same to everybody.
  comments: (issue, context) => (issue.comments === 0 ? [] : context.native("comments depend on who asks")),
  createdAt: (issue) => issue.created_at,
  id: (issue) => told(issue.node_id, "the id"),
  labels: (issue) => told(issue.labels, "the labels").map(exportLabel),
  milestone: (issue) => exportMilestone(told(issue.milestone, "the milestone")),
  number: (issue) => issue.number,
  projectCards: (_issue, context) => context.native("REST does not tell projects"),
  projectItems: (_issue, context) => context.native("projects depend on who asks"),
  reactionGroups: (issue, context) =>
    issue.reactions ? exportReactions(issue.reactions) : context.native("reactions are not told"),
  state: issueState,
  isPinned: (_issue, context) => context.native("REST does not tell pins"),
  stateReason: (issue) => issue.state_reason?.toUpperCase() ?? "",
  title: (issue) => issue.title,
  updatedAt: (issue) => issue.updated_at,
  url: (issue) => issue.html_url,
} as const satisfies Record<string, Projection>;

export type IssueField = keyof typeof projections;

export const issueFields = Object.keys(projections) as IssueField[];

/** Fields that came after gh 2.46, with the minor version that brought them. */
export const laterIssueFields = { isPinned: 60, stateReason: 49 } as const;

/** What others decide on: always read live. */
export function isGate(fields: readonly IssueField[]): boolean {
  return fields.some((field) => field === "state" || field === "closed" || field === "closedAt");
}

/** One issue with the fields that were asked for. */
export async function projectIssue(fields: readonly IssueField[], issue: RestIssue, context: Context): Promise<object> {
  const entries = await Promise.all(
    fields.map(async (field) => {
      const project: Projection = projections[field];
      return [field, await project(issue, context)] as const;
    }),
  );
  return Object.fromEntries(entries);
}
