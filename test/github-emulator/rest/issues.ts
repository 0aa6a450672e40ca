import { failure, notFound, ok, type RepositoryCall, type RepositoryRoutes } from "../http.ts";
import { user } from "../render/accounts.ts";
import { label } from "../render/repositories.ts";
import { issueComment, issueEvent, issueItem } from "../render/threads.ts";
import type { Comment, Issue, IssueEvent, Pull, Reactions } from "../world/model.ts";
import { blockers, blocking, parentOf, subIssues } from "../world/relations.ts";
import { reactionEntries, repositoryPage, sorted, threadOf } from "./common.ts";
import { timeline } from "./timeline.ts";

type Thread = Issue | Pull;

function onThread(
  handle: (call: RepositoryCall, thread: Thread) => ReturnType<RepositoryRoutes[string]>,
): RepositoryRoutes[string] {
  return (call) => {
    const thread = threadOf(call);
    return thread ? handle(call, thread) : notFound("/issues/issues#get-an-issue");
  };
}

/** A list of the issues that one has to do with. */
function related(find: (issue: Issue) => readonly Issue[]): RepositoryRoutes[string] {
  return onThread((call, thread) => repositoryPage(call, thread.kind === "issue" ? [...find(thread)] : [], issueItem));
}

/** Reading issues, and pull requests as issues. */
export const issueRoutes: RepositoryRoutes = {
  "GET /issues": list,
  "GET /issues/:number": onThread((_call, thread) => ok(issueItem(thread), thread.updated_at)),
  "GET /issues/:number/comments": onThread((call, thread) =>
    commentPage(
      call,
      thread.comments.map((comment) => ({ thread, comment })),
    ),
  ),
  "GET /issues/:number/events": onThread((call, thread) =>
    repositoryPage(call, thread.events, (each) => issueEvent(call.repository, each)),
  ),
  "GET /issues/:number/timeline": onThread((call, thread) =>
    repositoryPage(call, timeline(call, thread), (each) => each),
  ),
  "GET /issues/:number/labels": onThread((call, thread) =>
    repositoryPage(call, thread.labels, (each) => label(call.repository, each)),
  ),
  "GET /issues/:number/reactions": onThread((call, thread) => reactionPage(call, { ...thread, id: thread.issue_id })),
  "GET /issues/:number/parent": onThread((_call, thread) => {
    const parent = thread.kind === "issue" ? parentOf(thread) : null;
    return parent ? ok(issueItem(parent), parent.updated_at) : notFound("/issues/sub-issues#get-parent-issue");
  }),
  "GET /issues/:number/sub_issues": related(subIssues),
  "GET /issues/:number/dependencies/blocked_by": related(blockers),
  "GET /issues/:number/dependencies/blocking": related(blocking),
  "GET /issues/comments": (call) => commentPage(call, allComments(call)),
  "GET /issues/comments/:id": (call) => {
    const found = allComments(call).find(({ comment }) => comment.id === Number(call.params.id));
    return found
      ? ok(issueComment(found.thread, found.comment), found.comment.updated_at)
      : notFound("/issues/comments#get-an-issue-comment");
  },
  "GET /issues/comments/:id/reactions": (call) => {
    const found = allComments(call).find(({ comment }) => comment.id === Number(call.params.id));
    return found ? reactionPage(call, found.comment) : notFound("/reactions/reactions");
  },
  "GET /issues/events": (call) =>
    repositoryPage(
      call,
      sorted(allEvents(call), ({ event }) => event.id, "desc", "desc"),
      ({ event, thread }) => issueEvent(call.repository, event, thread),
    ),
  "GET /issues/events/:id": (call) => {
    const found = allEvents(call).find(({ event }) => event.id === Number(call.params.id));
    return found
      ? ok(issueEvent(call.repository, found.event, found.thread))
      : notFound("/issues/events#get-an-issue-event");
  },
};

interface FoundComment {
  thread: Thread;
  comment: Comment;
}

function allComments(call: RepositoryCall): FoundComment[] {
  return [...call.repository.threads.values()].flatMap((thread) =>
    thread.comments.map((comment) => ({ thread, comment })),
  );
}

function allEvents(call: RepositoryCall): { thread: Thread; event: IssueEvent }[] {
  return [...call.repository.threads.values()].flatMap((thread) => thread.events.map((event) => ({ thread, event })));
}

function commentPage(call: RepositoryCall, items: FoundComment[]) {
  const since = call.query.get("since") ?? "";
  const by = call.query.get("sort") === "updated" ? "updated_at" : "created_at";
  const recent = items.filter(({ comment }) => comment.updated_at >= since);
  const byId = sorted(recent, ({ comment }) => comment.id, call.query.get("direction"), "asc");
  return repositoryPage(
    call,
    sorted(byId, ({ comment }) => comment[by], call.query.get("direction"), "asc"),
    ({ thread, comment }) => issueComment(thread, comment),
  );
}

export function reactionPage(call: RepositoryCall, thing: { id: number; created_at: string; reactions: Reactions }) {
  const content = call.query.get("content");
  const entries = reactionEntries(thing).filter((each) => !content || each.content === content);
  return repositoryPage(call, entries, (each) => ({
    id: each.id,
    node_id: `REA_${each.id}`,
    user: user(each.account),
    content: each.content,
    created_at: each.created_at,
  }));
}

type Filter = (thread: Thread, value: string) => boolean;

const filters: Record<string, Filter> = {
  milestone: (thread, value) =>
    value === "none"
      ? !thread.milestone
      : value === "*"
        ? thread.milestone !== null
        : thread.milestone?.number === Number(value),
  assignee: (thread, value) =>
    value === "none"
      ? thread.assignees.length === 0
      : value === "*"
        ? thread.assignees.length > 0
        : thread.assignees.some((each) => same(each.login, value)),
  creator: (thread, value) => same(thread.author?.login, value),
  mentioned: (thread, value) =>
    [thread.body, ...thread.comments.map((comment) => comment.body)].some((text) =>
      text?.toLowerCase().includes(`@${value.toLowerCase()}`),
    ),
  labels: (thread, value) =>
    value.split(",").every((name) => thread.labels.some((each) => same(each.name, name.trim()))),
  since: (thread, value) => thread.updated_at >= value,
};

function same(a: string | undefined, b: string): boolean {
  return a?.toLowerCase() === b.toLowerCase();
}

function list(call: RepositoryCall) {
  const { query, repository } = call;
  if (!repository.has_issues)
    return failure(410, "Issues are disabled for this repo", "/issues/issues#list-repository-issues");
  const state = query.get("state") ?? "open";
  const threads = [...repository.threads.values()].filter(
    (thread) =>
      (state === "all" || thread.state === state) &&
      Object.entries(filters).every(([name, filter]) => {
        const value = query.get(name);
        return value === null || value === "" || filter(thread, value);
      }),
  );
  const sort = query.get("sort") ?? "created";
  const by = (thread: Thread) =>
    sort === "updated" ? thread.updated_at : sort === "comments" ? thread.comments.length : thread.created_at;
  const byNumber = sorted(threads, (thread) => thread.number, query.get("direction"), "desc");
  return repositoryPage(call, sorted(byNumber, by, query.get("direction"), "desc"), issueItem);
}
