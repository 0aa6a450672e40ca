import { apiUrl, webUrl } from "../http.ts";
import type {
  Comment,
  Issue,
  IssueEvent,
  Pull,
  PullSide,
  Repository,
  Review,
  ReviewComment,
  World,
} from "../world/model.ts";
import { blockers, blocking, parentOf, subIssuesSummary } from "../world/relations.ts";
import { reactionCounts, team, user } from "./accounts.ts";
import { stats } from "./commits.ts";
import { label, milestone, repositoryItem } from "./repositories.ts";

/** An issue, or a pull request seen as one. */
export function issueItem(thread: Issue | Pull): object {
  const { repository, number } = thread;
  const url = `${apiUrl}/repos/${repository.full_name}/issues/${number}`;
  const pull = thread.kind === "pull";
  const html_url = `${webUrl}/${repository.full_name}/${pull ? "pull" : "issues"}/${number}`;
  return {
    url,
    repository_url: `${apiUrl}/repos/${repository.full_name}`,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url,
    id: thread.issue_id,
    node_id: pull ? thread.node_id : thread.issue_node_id,
    number,
    title: thread.title,
    user: user(thread.author),
    labels: thread.labels.map((each) => label(repository, each)),
    state: thread.state,
    locked: thread.locked,
    assignees: thread.assignees.map(user),
    milestone: thread.milestone ? milestone(repository, thread.milestone) : null,
    comments: thread.comments.length,
    created_at: thread.created_at,
    updated_at: thread.updated_at,
    closed_at: thread.closed_at,
    assignee: user(thread.assignees[0] ?? null),
    author_association: thread.association,
    ...(pull
      ? {
          draft: thread.draft,
          pull_request: {
            url: `${apiUrl}/repos/${repository.full_name}/pulls/${number}`,
            html_url,
            diff_url: `${html_url}.diff`,
            patch_url: `${html_url}.patch`,
            merged_at: thread.merged_at,
          },
        }
      : {}),
    active_lock_reason: thread.lock_reason,
    ...(pull ? {} : relations(thread)),
    body: thread.body,
    closed_by: user(thread.closed_by),
    reactions: reactionCounts(thread.reactions, url),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: null,
    state_reason: pull ? null : thread.state_reason,
    pinned_comment: null,
  };
}

/** Of which issues an issue is a part, or waits for. GitHub counts the open ones apart. */
function relations(issue: Issue): object {
  const { total, completed, percentCompleted } = subIssuesSummary(issue);
  const parent = parentOf(issue);
  const [blockedBy, blocks] = [blockers(issue), blocking(issue)];
  const open = (issues: readonly Issue[]) => issues.filter((each) => each.state === "open").length;
  return {
    type: issue.issue_type && {
      ...issue.issue_type,
      created_at: issue.repository.owner.created_at,
      updated_at: issue.repository.owner.created_at,
      is_enabled: true,
    },
    ...(parent && { parent_issue_url: `${apiUrl}/repos/${issue.repository.full_name}/issues/${parent.number}` }),
    sub_issues_summary: { total, completed, percent_completed: percentCompleted },
    issue_dependencies_summary: {
      blocked_by: open(blockedBy),
      total_blocked_by: blockedBy.length,
      blocking: open(blocks),
      total_blocking: blocks.length,
    },
  };
}

/** A pull request as lists show it. */
export function pullItem(world: World, pull: Pull): object {
  const { repository, number } = pull;
  const base = `${apiUrl}/repos/${repository.full_name}`;
  const url = `${base}/pulls/${number}`;
  const issue_url = `${base}/issues/${number}`;
  const html_url = `${webUrl}/${repository.full_name}/pull/${number}`;
  const statuses_url = `${base}/statuses/${pull.head.sha}`;
  return {
    url,
    id: pull.id,
    node_id: pull.node_id,
    html_url,
    diff_url: `${html_url}.diff`,
    patch_url: `${html_url}.patch`,
    issue_url,
    number,
    state: pull.state,
    locked: pull.locked,
    title: pull.title,
    user: user(pull.author),
    body: pull.body,
    created_at: pull.created_at,
    updated_at: pull.updated_at,
    closed_at: pull.closed_at,
    merged_at: pull.merged_at,
    merge_commit_sha: pull.merge_commit_sha,
    assignee: user(pull.assignees[0] ?? null),
    assignees: pull.assignees.map(user),
    requested_reviewers: pull.requested_reviewers.map(user),
    requested_teams: pull.requested_teams.map(team),
    labels: pull.labels.map((each) => label(repository, each)),
    milestone: pull.milestone ? milestone(repository, pull.milestone) : null,
    draft: pull.draft,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${base}/pulls/comments{/number}`,
    comments_url: `${issue_url}/comments`,
    statuses_url,
    head: side(world, pull.head),
    base: side(world, pull.base),
    _links: {
      self: { href: url },
      html: { href: html_url },
      issue: { href: issue_url },
      comments: { href: `${issue_url}/comments` },
      review_comments: { href: `${url}/comments` },
      review_comment: { href: `${base}/pulls/comments{/number}` },
      commits: { href: `${url}/commits` },
      statuses: { href: statuses_url },
    },
    author_association: pull.association,
    auto_merge: pull.auto_merge
      ? {
          enabled_by: user(pull.auto_merge.enabled_by),
          merge_method: pull.auto_merge.merge_method,
          commit_title: pull.auto_merge.commit_title,
          commit_message: pull.auto_merge.commit_message,
        }
      : null,
    active_lock_reason: pull.lock_reason,
  };
}

export function pullView(world: World, pull: Pull): object {
  const { additions, deletions } = stats(pull.files);
  return {
    ...pullItem(world, pull),
    merged: pull.merged,
    mergeable: pull.mergeable,
    rebaseable: pull.mergeable,
    mergeable_state: pull.mergeable_state,
    merged_by: user(pull.merged_by),
    comments: pull.comments.length,
    review_comments: pull.reviews.reduce(
      (sum, review) => sum + (review.state === "PENDING" ? 0 : review.comments.length),
      0,
    ),
    maintainer_can_modify: pull.maintainer_can_modify,
    commits: pull.commits.length,
    additions,
    deletions,
    changed_files: pull.files.length,
  };
}

function side(world: World, { ref, sha, owner, repository }: PullSide): object {
  return {
    label: `${owner?.login ?? "unknown"}:${ref}`,
    ref,
    sha,
    user: user(owner),
    repo: repository ? repositoryItem(world, repository) : null,
  };
}

/** The short form of pull requests inside runs and check suites. */
export function pullReference(pull: Pull): object {
  const reference = (repository: Repository | null) =>
    repository ? { id: repository.id, url: `${apiUrl}/repos/${repository.full_name}`, name: repository.name } : null;
  return {
    url: `${apiUrl}/repos/${pull.repository.full_name}/pulls/${pull.number}`,
    id: pull.id,
    number: pull.number,
    head: { ref: pull.head.ref, sha: pull.head.sha, repo: reference(pull.head.repository) },
    base: { ref: pull.base.ref, sha: pull.base.sha, repo: reference(pull.base.repository) },
  };
}

export function issueComment(thread: Issue | Pull, comment: Comment): object {
  const { repository, number } = thread;
  const url = `${apiUrl}/repos/${repository.full_name}/issues/comments/${comment.id}`;
  const page = thread.kind === "pull" ? "pull" : "issues";
  return {
    url,
    html_url: `${webUrl}/${repository.full_name}/${page}/${number}#issuecomment-${comment.id}`,
    issue_url: `${apiUrl}/repos/${repository.full_name}/issues/${number}`,
    id: comment.id,
    node_id: comment.node_id,
    user: user(comment.author),
    created_at: comment.created_at,
    updated_at: comment.updated_at,
    body: comment.body,
    author_association: comment.association,
    reactions: reactionCounts(comment.reactions, url),
    performed_via_github_app: null,
    pin: null,
    minimized: comment.minimized === null ? null : { reason: comment.minimized },
  };
}

export function review(pull: Pull, each: Review): object {
  const html = `${webUrl}/${pull.repository.full_name}/pull/${pull.number}#pullrequestreview-${each.id}`;
  const pull_request_url = `${apiUrl}/repos/${pull.repository.full_name}/pulls/${pull.number}`;
  return {
    id: each.id,
    node_id: each.node_id,
    user: user(each.author),
    body: each.body,
    state: each.state,
    html_url: html,
    pull_request_url,
    author_association: each.association,
    _links: { html: { href: html }, pull_request: { href: pull_request_url } },
    ...(each.state === "PENDING" ? {} : { submitted_at: each.submitted_at }),
    commit_id: each.commit_sha,
  };
}

export function reviewComment(pull: Pull, each: ReviewComment): object {
  const url = `${apiUrl}/repos/${pull.repository.full_name}/pulls/comments/${each.id}`;
  const html = `${webUrl}/${pull.repository.full_name}/pull/${pull.number}#discussion_r${each.id}`;
  const pull_request_url = `${apiUrl}/repos/${pull.repository.full_name}/pulls/${pull.number}`;
  const line = each.outdated ? null : each.line;
  return {
    url,
    pull_request_review_id: each.review_id,
    id: each.id,
    node_id: each.node_id,
    diff_hunk: each.diff_hunk,
    path: each.path,
    commit_id: each.commit_sha,
    original_commit_id: each.commit_sha,
    user: user(each.author),
    body: each.body,
    created_at: each.created_at,
    updated_at: each.updated_at,
    html_url: html,
    pull_request_url,
    ...(each.in_reply_to === null ? {} : { in_reply_to_id: each.in_reply_to }),
    author_association: each.association,
    _links: { self: { href: url }, html: { href: html }, pull_request: { href: pull_request_url } },
    reactions: reactionCounts(each.reactions, url),
    start_line: each.outdated ? null : each.start_line,
    original_start_line: each.start_line,
    start_side: each.start_line === null ? null : each.side,
    line,
    original_line: each.line,
    side: each.side,
    original_position: each.line ?? 1,
    position: line,
    subject_type: each.subject_type,
  };
}

/** An event of an issue's history; with `thread`, as the repository's event list shows it. */
export function issueEvent(repository: Repository, each: IssueEvent, thread?: Issue | Pull): object {
  return {
    id: each.id,
    node_id: each.node_id,
    url: `${apiUrl}/repos/${repository.full_name}/issues/events/${each.id}`,
    actor: user(each.actor),
    event: each.event,
    commit_id: each.commit_id,
    commit_url: each.commit_id ? `${apiUrl}/repos/${repository.full_name}/commits/${each.commit_id}` : null,
    created_at: each.created_at,
    ...(each.label ? { label: { name: each.label.name, color: each.label.color } } : {}),
    ...(each.event === "assigned" || each.event === "unassigned"
      ? { assignee: user(each.assignee), assigner: user(each.actor) }
      : {}),
    ...(each.milestone ? { milestone: { title: each.milestone } } : {}),
    ...(each.rename ? { rename: each.rename } : {}),
    ...(each.event.startsWith("review_request") ? { review_requester: user(each.actor) } : {}),
    ...(each.requested_reviewer ? { requested_reviewer: user(each.requested_reviewer) } : {}),
    ...(each.requested_team ? { requested_team: team(each.requested_team) } : {}),
    ...(each.event === "closed" || each.event === "reopened" ? { state_reason: each.state_reason } : {}),
    ...(each.event === "locked" ? { lock_reason: each.lock_reason } : {}),
    performed_via_github_app: null,
    ...(thread ? { issue: issueItem(thread) } : {}),
  };
}
