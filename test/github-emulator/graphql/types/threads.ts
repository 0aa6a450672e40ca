import { GraphQLError } from "graphql";
import type { Comment, Issue, Pull, Reactions } from "../../world/model.ts";
import { blockers, blocking, parentOf, subIssues, subIssuesSummary } from "../../world/relations.ts";
import { connection, type PageArguments } from "../connection.ts";
import { type GraphqlViewer, part, sameAccount } from "../context.ts";
import { enumName } from "../names.ts";
import type { CommentPart, LabelPart, MilestonePart } from "../parts.ts";
import { closedBy } from "../references.ts";

const reactionNames = {
  "+1": "THUMBS_UP",
  "-1": "THUMBS_DOWN",
  laugh: "LAUGH",
  hooray: "HOORAY",
  confused: "CONFUSED",
  heart: "HEART",
  rocket: "ROCKET",
  eyes: "EYES",
} as const satisfies Record<keyof Required<Reactions>, string>;

/** All eight groups, the empty ones too, in GitHub's order. */
export function reactionGroups(reactions: Reactions): { content: string; users: { totalCount: number } }[] {
  return Object.entries(reactionNames).map(([content, name]) => ({
    content: name,
    users: { totalCount: Object.entries(reactions).find(([key]) => key === content)?.[1].length ?? 0 },
  }));
}

export const threadUrl = (thread: Issue | Pull): string =>
  `https://github.com/${thread.repository.full_name}/${thread.kind === "pull" ? "pull" : "issues"}/${thread.number}`;

/** The fields of an author's text, on every type. */
export const written = {
  author: ({ of }: { of: Pick<Comment, "author"> }) => of.author,
  authorAssociation: ({ of }: { of: { association: string } }) => of.association,
  body: ({ of }: { of: { body: string } }) => of.body,
  bodyText: ({ of }: { of: { body: string } }) => of.body,
  id: ({ of }: { of: { node_id: string } }) => of.node_id,
  databaseId: ({ of }: { of: { id: number } }) => of.id,
  reactionGroups: ({ of }: { of: { reactions: Reactions } }) => reactionGroups(of.reactions),
  viewerDidAuthor: ({ of }: { of: Pick<Comment, "author"> }, _: unknown, viewer: GraphqlViewer) =>
    sameAccount(of.author, viewer.account),
};

/** GitHub's error for a classic token of other scopes. */
function requireScope(field: string, scope: string, { scopes }: GraphqlViewer): void {
  if (scopes === null || scopes.includes(scope) || scopes.includes(scope.replace("read:", ""))) return;
  const granted = `[${scopes.map((each) => `'${each}'`).join(", ")}]`;
  throw new GraphQLError(
    `Your token has not been granted the required scopes to execute this query. The '${field}' field requires one of the following scopes: ['${scope}'], but your token has only been granted the: ${granted} scopes. Please modify your token's scopes at: https://github.com/settings/tokens.`,
    { extensions: { type: "INSUFFICIENT_SCOPES" } },
  );
}

/** Classic projects are no more; of the others a world knows the items. */
const projects = {
  projectCards: (_: unknown, page: PageArguments) => connection([], page, "projectCards"),
  projectItems: (of: Issue | Pull, page: PageArguments) =>
    connection(
      of.projects.map(({ title, status }, index) => ({
        id: `${of.issue_node_id}_${index}`,
        project: { id: `PVT_${title}`, title },
        status,
      })),
      page,
      "projectItems",
    ),
};

const thread = {
  ...projects,
  id: (issue: Issue) => issue.issue_node_id,
  databaseId: (issue: Issue) => issue.issue_id,
  fullDatabaseId: (issue: Issue) => String(issue.issue_id),
  url: threadUrl,
  resourcePath: (of: Issue | Pull) => new URL(threadUrl(of)).pathname,
  body: (of: Issue | Pull) => of.body ?? "",
  bodyText: (of: Issue | Pull) => of.body ?? "",
  closed: (of: Issue | Pull) => of.state === "closed",
  closedAt: (of: Issue | Pull) => of.closed_at,
  createdAt: (of: Issue | Pull) => of.created_at,
  updatedAt: (of: Issue | Pull) => of.updated_at,
  publishedAt: (of: Issue | Pull) => of.created_at,
  authorAssociation: (of: Issue | Pull) => of.association,
  activeLockReason: (of: Issue | Pull) => enumName(of.lock_reason),
  includesCreatedEdit: () => false,
  viewerDidAuthor: (of: Issue | Pull, _: unknown, viewer: GraphqlViewer) => sameAccount(of.author, viewer.account),
  milestone: (of: Issue | Pull) => of.milestone && part("Milestone", of.milestone, of.repository),
  assignees: (of: Issue | Pull, page: PageArguments) => connection(of.assignees, page, "assignees"),
  labels: (of: Issue | Pull, page: PageArguments) =>
    connection(
      of.labels.map((label) => part("Label", label, of.repository)),
      page,
      "labels",
    ),
  comments: (of: Issue | Pull, page: PageArguments) =>
    connection(
      of.comments.map((comment) => part("IssueComment", comment, of)),
      page,
      "comments",
    ),
  reactionGroups: (of: Issue | Pull) => reactionGroups(of.reactions),
};

export const threadFields = thread;

export const threads = {
  ProjectV2: {
    title: ({ title }: { title: string }, _: unknown, viewer: GraphqlViewer) => {
      requireScope("title", "read:project", viewer);
      return title;
    },
  },
  ProjectV2Item: {
    fieldValueByName: ({ status }: { status: string | null }, { name }: { name: string }) =>
      name === "Status" && status !== null
        ? { __typename: "ProjectV2ItemFieldSingleSelectValue", optionId: `option-${status}`, name: status }
        : null,
  },
  Issue: {
    ...thread,
    state: (issue: Issue) => issue.state.toUpperCase(),
    stateReason: (issue: Issue) => enumName(issue.state_reason),
    isPinned: (issue: Issue) => issue.pinned,
    closedByPullRequestsReferences: (issue: Issue, page: PageArguments) =>
      connection(closedBy(issue), page, "closedByPullRequestsReferences"),
    issueType: ({ issue_type }: Issue) =>
      issue_type && { ...issue_type, id: issue_type.node_id, color: issue_type.color.toUpperCase() },
    parent: parentOf,
    subIssues: (issue: Issue, page: PageArguments) => connection(subIssues(issue), page, "subIssues"),
    subIssuesSummary,
    blockedBy: (issue: Issue, page: PageArguments) => connection(blockers(issue), page, "blockedBy"),
    blocking: (issue: Issue, page: PageArguments) => connection(blocking(issue), page, "blocking"),
  },
  IssueComment: {
    ...written,
    createdAt: ({ of }: CommentPart) => of.created_at,
    updatedAt: ({ of }: CommentPart) => of.updated_at,
    includesCreatedEdit: ({ of }: CommentPart) => of.updated_at !== of.created_at,
    isMinimized: ({ of }: CommentPart) => of.minimized !== null,
    minimizedReason: ({ of }: CommentPart) => of.minimized,
    url: (comment: CommentPart) => `${threadUrl(comment.in)}#issuecomment-${comment.of.id}`,
    issue: (comment: CommentPart) => (comment.in.kind === "issue" ? comment.in : null),
    repository: (comment: CommentPart) => comment.in.repository,
  },
  Label: {
    id: ({ of }: LabelPart) => of.node_id,
    name: ({ of }: LabelPart) => of.name,
    color: ({ of }: LabelPart) => of.color,
    description: ({ of }: LabelPart) => of.description,
    isDefault: ({ of }: LabelPart) => of.default,
    repository: (label: LabelPart) => label.in,
    url: (label: LabelPart) => `https://github.com/${label.in.full_name}/labels/${encodeURIComponent(label.of.name)}`,
    createdAt: (label: LabelPart) => label.in.created_at,
    updatedAt: (label: LabelPart) => label.in.created_at,
  },
  Milestone: {
    id: ({ of }: MilestonePart) => of.node_id,
    number: ({ of }: MilestonePart) => of.number,
    title: ({ of }: MilestonePart) => of.title,
    description: ({ of }: MilestonePart) => of.description,
    state: ({ of }: MilestonePart) => of.state.toUpperCase(),
    closed: ({ of }: MilestonePart) => of.state === "closed",
    creator: ({ of }: MilestonePart) => of.creator,
    createdAt: ({ of }: MilestonePart) => of.created_at,
    updatedAt: ({ of }: MilestonePart) => of.updated_at,
    closedAt: ({ of }: MilestonePart) => of.closed_at,
    dueOn: ({ of }: MilestonePart) => of.due_on,
    repository: (milestone: MilestonePart) => milestone.in,
    url: (milestone: MilestonePart) => `https://github.com/${milestone.in.full_name}/milestone/${milestone.of.number}`,
  },
};
