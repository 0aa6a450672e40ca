/** The fields of `gh issue … --json` and how each is made from REST. */

import type { Context } from "../context.ts";
import { exportActor, exportAssignee } from "../github/actors.ts";
import { exportComments } from "../github/comments.ts";
import { type RestIssue, told } from "../github/schemas.ts";
import { exportLabel, exportMilestone, exportReactions, pullState, shownLabels } from "../github/states.ts";
import { noIssues, requireNoBlockers, requireNoParts } from "./relations.ts";

type Projection = (issue: RestIssue, context: Context) => unknown;

/** OPEN or CLOSED; a pull request seen as an issue may be MERGED. */
export function issueState(issue: RestIssue): string {
  return pullState({ state: issue.state, merged_at: issue.pull_request?.merged_at });
}

const projections = {
  assignees: (issue, context) =>
    Promise.all(told(issue.assignees, "the assignees").map((user) => exportAssignee(user, context))),
  author: (issue, context) => exportActor(issue.user, context.reads),
  blockedBy: (issue, context) => {
    requireNoBlockers(issue, context);
    return noIssues;
  },
  blocking: (issue, context) => {
    requireNoBlockers(issue, context);
    return noIssues;
  },
  closedByPullRequestsReferences: (_issue, context) =>
    context.native("REST does not tell the pull requests that close an issue"),
  body: (issue) => issue.body ?? "",
  closed: (issue) => issue.state === "closed",
  closedAt: (issue) => issue.closed_at,
  comments: (issue, context) => {
    if (issue.comments === 0) return [];
    const [, owner = "", name = ""] = new URL(issue.html_url).pathname.split("/");
    return exportComments(context, { owner, name }, issue.number);
  },
  createdAt: (issue) => issue.created_at,
  id: (issue) => told(issue.node_id, "the id"),
  issueType: (issue, context) => exportType(issue, context),
  labels: (issue) => shownLabels(issue).map(exportLabel),
  milestone: (issue) => exportMilestone(told(issue.milestone, "the milestone")),
  number: (issue) => issue.number,
  parent: (issue, context) => (issue.parent_issue_url ? context.native("a parent is read apart") : null),
  projectCards: (_issue, context) => context.native("REST does not tell projects"),
  projectItems: (_issue, context) => context.native("projects depend on the caller"),
  reactionGroups: (issue, context) =>
    issue.reactions ? exportReactions(issue.reactions) : context.native("reactions are not told"),
  state: issueState,
  isPinned: (_issue, context) => context.native("REST does not tell pins"),
  stateReason: (issue) => issue.state_reason?.toUpperCase() ?? "",
  subIssues: (issue, context) => {
    requireNoParts(issue, context);
    return noIssues;
  },
  subIssuesSummary: (issue) => {
    const { total, completed, percent_completed } = told(issue.sub_issues_summary, "sub-issues");
    return { completed, percentCompleted: percent_completed, total };
  },
  title: (issue) => issue.title,
  updatedAt: (issue) => issue.updated_at,
  url: (issue) => issue.html_url,
} as const satisfies Record<string, Projection>;

/** Keys in the order of gh's own struct. */
function exportType(issue: RestIssue, context: Context): object | null {
  const type = told(issue.type, "the type of an issue");
  if (type === null) return null;
  const { node_id: id, name, description } = type;
  const color = type.color ?? context.native("a type without a colour");
  return { id, name, description: description ?? "", color: color.toUpperCase() };
}

type IssueField = keyof typeof projections;

export const issueFields = Object.keys(projections) as IssueField[];

/** Fields that later decisions depend on: always read live. */
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
