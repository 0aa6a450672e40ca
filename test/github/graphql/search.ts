import type { Issue, Pull } from "../world/model.ts";
import type { Viewer } from "./context.ts";
import { hasLabel, isCalled, isLinked, mentions } from "./issue-filters.ts";
import { compare } from "./repositories.ts";
import { reviewDecision } from "./reviews.ts";
import { inRange, parseSearch, type SearchQuery } from "./search-query.ts";

type Thread = Issue | Pull;
type Test = (thread: Thread, value: string, viewer: Viewer) => boolean;

const pullOnly =
  (test: (pull: Pull, value: string, viewer: Viewer) => boolean): Test =>
  (thread, value, viewer) =>
    thread.kind === "pull" && test(thread, value, viewer);

const states: Record<string, (thread: Thread) => boolean> = {
  issue: (thread) => thread.kind === "issue",
  pr: (thread) => thread.kind === "pull",
  "pull-request": (thread) => thread.kind === "pull",
  open: (thread) => thread.state === "open",
  closed: (thread) => thread.state === "closed",
  merged: (thread) => thread.kind === "pull" && thread.merged,
  unmerged: (thread) => thread.kind === "pull" && !thread.merged,
  draft: (thread) => thread.kind === "pull" && thread.draft,
  locked: (thread) => thread.locked,
  unlocked: (thread) => !thread.locked,
  public: (thread) => !thread.repository.private,
  private: (thread) => thread.repository.private,
};

const missing: Record<string, (thread: Thread) => boolean> = {
  assignee: (thread) => thread.assignees.length === 0,
  label: (thread) => thread.labels.length === 0,
  milestone: (thread) => thread.milestone === null,
  project: () => true,
};

const isState: Test = (thread, value) => states[value.toLowerCase()]?.(thread) ?? false;
const isOwnedBy: Test = (thread, value, viewer) => isCalled(thread.repository.owner, value, viewer);
const isCommenter: Test = (thread, value, viewer) =>
  thread.comments.some((comment) => isCalled(comment.author, value, viewer));
const mentionsName: Test = (thread, value, viewer) =>
  mentions(thread, value === "@me" ? (viewer.account?.login ?? "") : value);

const reviewTests: Record<string, (pull: Pull) => boolean> = {
  none: (pull) => pull.reviews.length === 0,
  required: (pull) => reviewDecision(pull) === "REVIEW_REQUIRED",
  approved: (pull) => reviewDecision(pull) === "APPROVED",
  "changes-requested": (pull) => reviewDecision(pull) === "CHANGES_REQUESTED",
  changes_requested: (pull) => reviewDecision(pull) === "CHANGES_REQUESTED",
};

const tests: Record<string, Test> = {
  repo: (thread, value) => thread.repository.full_name.toLowerCase() === value.toLowerCase(),
  org: isOwnedBy,
  user: isOwnedBy,
  type: isState,
  is: isState,
  state: isState,
  author: (thread, value, viewer) => isCalled(thread.author, value, viewer),
  assignee: (thread, value, viewer) =>
    value === "*" ? thread.assignees.length > 0 : thread.assignees.some((each) => isCalled(each, value, viewer)),
  commenter: isCommenter,
  mentions: mentionsName,
  involves: (thread, value, viewer) =>
    isCalled(thread.author, value, viewer) ||
    thread.assignees.some((each) => isCalled(each, value, viewer)) ||
    isCommenter(thread, value, viewer) ||
    mentionsName(thread, value, viewer),
  label: (thread, value) => value.split(",").some((name) => hasLabel(thread, name.replaceAll('"', ""))),
  milestone: (thread, value) => thread.milestone?.title.toLowerCase() === value.toLowerCase(),
  no: (thread, value) => missing[value]?.(thread) ?? false,
  base: pullOnly((pull, value) => pull.base.ref === value),
  head: pullOnly((pull, value) => pull.head.ref.startsWith(value.replace(/^.*:/, ""))),
  draft: pullOnly((pull, value) => pull.draft === (value === "true")),
  review: pullOnly((pull, value) => reviewTests[value]?.(pull) ?? false),
  "review-requested": pullOnly(
    (pull, value, viewer) =>
      pull.requested_reviewers.some((each) => isCalled(each, value, viewer)) ||
      pull.requested_teams.some((team) => team.members.some((each) => isCalled(each, value, viewer))),
  ),
  "user-review-requested": pullOnly((pull, value, viewer) =>
    pull.requested_reviewers.some((each) => isCalled(each, value, viewer)),
  ),
  "team-review-requested": pullOnly((pull, value) =>
    pull.requested_teams.some((team) => `${team.organization.login}/${team.slug}` === value),
  ),
  "reviewed-by": pullOnly((pull, value, viewer) => pull.reviews.some((each) => isCalled(each.author, value, viewer))),
  linked: isLinked,
  archived: (thread, value) => thread.repository.archived === (value === "true"),
  language: (thread, value) =>
    Object.keys(thread.repository.languages).some((name) => name.toLowerCase() === value.toLowerCase()),
  comments: (thread, value) => inRange(thread.comments.length, value),
  reactions: (thread, value) => inRange(reactionCount(thread), value),
  interactions: (thread, value) => inRange(thread.comments.length + reactionCount(thread), value),
  created: (thread, value) => inRange(thread.created_at, value),
  updated: (thread, value) => inRange(thread.updated_at, value),
  closed: (thread, value) => thread.closed_at !== null && inRange(thread.closed_at, value),
  merged: pullOnly((pull, value) => pull.merged_at !== null && inRange(pull.merged_at, value)),
  reason: (thread, value) => thread.kind === "issue" && thread.state_reason === value.replace(" ", "_"),
};

const sortKeys: Record<string, (thread: Thread) => string | number> = {
  created: (thread) => thread.created_at,
  updated: (thread) => thread.updated_at,
  comments: (thread) => thread.comments.length,
  reactions: reactionCount,
  interactions: (thread) => thread.comments.length + reactionCount(thread),
};

/** Repository scopes add up, as on GitHub; every other qualifier narrows. */
const scopes = new Set(["repo", "org", "user"]);

/** Issues and pull requests that fit; the newest first unless the query sorts. */
export function searchThreads(viewer: Viewer, text: string): Thread[] {
  const query = parseSearch(text);
  const found: Thread[] = [];
  for (const repository of viewer.world.repositories.values()) {
    if (!viewer.mayRead(repository)) continue;
    for (const thread of repository.threads.values()) if (fits(thread, query, viewer)) found.push(thread);
  }
  const key = sortKeys[query.sort?.field ?? "created"] ?? ((thread: Thread) => thread.created_at);
  const sign = query.sort?.direction === "asc" ? 1 : -1;
  return found.sort((a, b) => sign * (compare(key(a), key(b)) || a.issue_id - b.issue_id));
}

function fits(thread: Thread, query: SearchQuery, viewer: Viewer): boolean {
  const inScope = query.qualifiers.filter(({ key, negated }) => scopes.has(key) && !negated);
  if (inScope.length > 0 && !inScope.some(({ key, value }) => tests[key]?.(thread, value, viewer))) return false;
  const narrowing = query.qualifiers.filter(({ key, negated }) => key !== "in" && (negated || !scopes.has(key)));
  if (!narrowing.every(({ key, value, negated }) => (tests[key]?.(thread, value, viewer) ?? true) !== negated)) {
    return false;
  }
  const haystack = textOf(thread, query);
  return query.words.every(({ text, negated }) => haystack.includes(text) !== negated);
}

function textOf(thread: Thread, query: SearchQuery): string {
  const fields = query.qualifiers.filter(({ key }) => key === "in").flatMap(({ value }) => value.split(","));
  const where = fields.length > 0 ? fields : ["title", "body", "comments"];
  return [
    where.includes("title") ? thread.title : "",
    where.includes("body") ? (thread.body ?? "") : "",
    ...(where.includes("comments") ? thread.comments.map((comment) => comment.body) : []),
  ]
    .join("\n")
    .toLowerCase();
}

function reactionCount(thread: Thread): number {
  return Object.values(thread.reactions).reduce((sum, accounts) => sum + accounts.length, 0);
}
