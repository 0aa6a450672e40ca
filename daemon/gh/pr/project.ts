/** Projections of a pull request: one function a `--json` field (api/export_pr.go). */

import type { Context } from "../context.ts";
import { exportActor, exportAssignee, exportOwner, isGone } from "../github/actors.ts";
import { commentsOfListed, exportComments } from "../github/comments.ts";
import { exportCheck } from "../github/commit-checks.ts";
import { type RestPull, type RestPullListItem, told } from "../github/schemas.ts";
import {
  exportLabel,
  exportMilestone,
  exportReactions,
  mergeableState,
  pullState,
  shownLabels,
} from "../github/states.ts";
import { exportCommit } from "./commits.ts";
import type { PullField } from "./fields.ts";
import { requirePerson } from "./reviewers.ts";
import type { PullSource } from "./source.ts";

type Projection = (source: PullSource, context: Context) => unknown;

const detail = (source: PullSource, context: Context): RestPull =>
  source.detail ?? context.native("the pull request itself was not read");

const projections: Partial<Record<PullField, Projection>> = {
  additions: (source, context) => detail(source, context).additions,
  assignees: ({ pull }, context) =>
    Promise.all(told(pull.assignees, "the assignees").map((user) => exportAssignee(user, context))),
  author: ({ pull }, context) => exportActor(pull.user, context.reads),
  autoMergeRequest: ({ pull }, context) =>
    pull.auto_merge ? context.native("when it was enabled is not known") : null,
  baseRefName: ({ pull }) => pull.base.ref,
  baseRefOid: ({ pull }) => pull.base.sha,
  body: ({ pull }) => pull.body ?? "",
  changedFiles: (source, context) => detail(source, context).changed_files,
  closed: ({ pull }) => pull.state === "closed",
  closedAt: ({ pull }) => pull.closed_at,
  comments: (source, context) => {
    const { comments, number, base } = detail(source, context);
    if (source.listed && comments > commentsOfListed) context.native("more comments than gh lists");
    return comments === 0
      ? []
      : exportComments(context, { owner: base.repo.owner.login, name: base.repo.name }, number);
  },
  commits: ({ commits, detail: whole }, context) =>
    wholeConnection(commits, whole?.commits, context).map((commit) => exportCommit(commit, context)),
  createdAt: ({ pull }) => pull.created_at,
  deletions: (source, context) => detail(source, context).deletions,
  files: ({ files, detail: whole }, context) =>
    wholeConnection(files, whole?.changed_files, context).map(({ filename, additions, deletions, status }) => ({
      path: filename,
      additions,
      deletions,
      ...(context.gh.has("changeType") && { changeType: changeType(status, context) }),
    })),
  headRefName: ({ pull }) => pull.head.ref,
  headRefOid: ({ pull }) => pull.head.sha,
  headRepository: ({ pull: { head } }, context) => {
    const owner = context.gh.has("headRepositoryOwner");
    if (head.repo === null) return null;
    const { node_id, name } = head.repo;
    return {
      id: told(node_id, "the id of a repository"),
      name,
      ...(owner && { nameWithOwner: `${head.repo.owner.login}/${name}` }),
    };
  },
  headRepositoryOwner: ({ pull }, context) => exportOwner(headOwner(pull), context.reads),
  id: ({ pull }) => told(pull.node_id, "the id"),
  isCrossRepository: ({ pull }) => isCrossRepository(pull),
  isDraft: ({ pull }) => pull.draft ?? false,
  labels: ({ pull }) => shownLabels(pull).map(exportLabel),
  maintainerCanModify: (source, context) =>
    told(detail(source, context).maintainer_can_modify, "the maintainers' rights"),
  mergeCommit: ({ pull }) =>
    pull.merged_at ? { oid: told(pull.merge_commit_sha ?? undefined, "the merge commit") } : null,
  mergeable: (source, context) => mergeableState(detail(source, context).mergeable),
  mergedAt: ({ pull }) => pull.merged_at,
  mergedBy: (source, context) => {
    const { merged_by } = detail(source, context);
    return isGone(merged_by) ? null : exportActor(merged_by, context.reads);
  },
  milestone: ({ pull }) => exportMilestone(told(pull.milestone, "the milestone")),
  number: ({ pull }) => pull.number,
  reactionGroups: ({ issue }, context) =>
    issue?.reactions ? exportReactions(issue.reactions) : context.native("reactions are not told"),
  reviewRequests: ({ pull }, context) => exportReviewRequests(pull, context),
  state: ({ pull }) => pullState(pull),
  statusCheckRollup: ({ checks, listed }) =>
    (checks ?? []).slice(0, listed ? connectionSize : undefined).map(exportCheck),
  title: ({ pull }) => pull.title,
  updatedAt: ({ pull }) => pull.updated_at,
  url: ({ pull }) => pull.html_url,
};

/** From REST's status of a file to GraphQL's change type. */
const changeTypes = new Map([
  ["added", "ADDED"],
  ["modified", "MODIFIED"],
  ["removed", "DELETED"],
  ["renamed", "RENAMED"],
  ["copied", "COPIED"],
  ["changed", "CHANGED"],
]);

function changeType(status: string, context: Context): string {
  return changeTypes.get(status) ?? context.native(`a file is ${status}`);
}

/** gh reads one hundred of a connection; later versions read on. */
export const connectionSize = 100;

function wholeConnection<T>(
  items: readonly T[] | undefined,
  total: number | undefined,
  context: Context,
): readonly T[] {
  if (items === undefined || items.length !== total) return context.native("not everything is listed");
  return items.length > connectionSize
    ? context.native(`more than ${connectionSize}, which gh's versions differ on`)
    : items;
}

/** One pull request with the fields that were asked for. */
export async function projectPull(fields: readonly PullField[], source: PullSource, context: Context): Promise<object> {
  const entries = await Promise.all(
    fields.map(async (field) => {
      const projection = projections[field] ?? context.native(`${field} is not derivable`);
      return [field, await projection(source, context)] as const;
    }),
  );
  return Object.fromEntries(entries);
}

function isCrossRepository(pull: RestPullListItem): boolean {
  return pull.head.repo?.id !== pull.base.repo.id;
}

function headOwner(pull: RestPullListItem) {
  return pull.head.repo?.owner ?? pull.head.user;
}

/** `owner:branch` for a fork, the branch alone otherwise. */
export function headLabel(pull: RestPullListItem): string {
  if (!isCrossRepository(pull)) return pull.head.ref;
  const owner = headOwner(pull);
  return `${isGone(owner) ? "" : owner.login}:${pull.head.ref}`;
}

/** gh lists users and teams in the order they were asked; REST lists them separately. */
function exportReviewRequests(pull: RestPullListItem, context: Context): object[] {
  const users = told(pull.requested_reviewers, "the reviewers").map(requirePerson);
  const teams = told(pull.requested_teams, "the reviewing teams");
  if (users.length > 0 && teams.length > 0) context.native("the order of users and teams is not known");
  const organization = pull.base.repo.owner.login;
  return [
    ...users.map((login) => ({ __typename: "User", login })),
    ...teams.map(({ name, slug }) => ({ __typename: "Team", name, slug: `${organization}/${slug}` })),
  ];
}
