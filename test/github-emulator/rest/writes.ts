import * as z from "zod";
import { mayWrite, permissionOn } from "../auth.ts";
import {
  type ApiReply,
  created,
  failure,
  invalid,
  notFound,
  ok,
  type RepositoryCall,
  type RepositoryRoutes,
} from "../http.ts";
import { label as renderLabel } from "../render/repositories.ts";
import { issueComment, issueItem, pullView } from "../render/threads.ts";
import { newEvent } from "../world/build-threads.ts";
import { nodeId } from "../world/ids.ts";
import type { Account, Comment, Issue, Label, Pull, Thread } from "../world/model.ts";
import { pullOf, threadOf } from "./common.ts";

type WriteHandler<T> = (call: RepositoryCall, body: T, actor: Account) => ApiReply;

/** Checks credentials, permission and body before a write; GitHub hides resources that the caller may not even read. */
export function write<T>(
  schema: z.ZodType<T>,
  handle: WriteHandler<T>,
  needs: "read" | "write" = "write",
): RepositoryRoutes[string] {
  return (call) => {
    const actor = actorOf(call);
    if (!actor) return failure(401, "Requires authentication");
    const permission = permissionOn(call.world, call.viewer, call.repository);
    if (needs === "write" && !mayWrite(permission)) return failure(403, "Must have admin rights to Repository.");
    if (call.repository.archived) return failure(403, "Repository was archived so is read-only.");
    if (typeof call.body === "string") return failure(400, "Problems parsing JSON");
    const body = schema.safeParse(call.body ?? {});
    if (!body.success) return failure(422, `Invalid request.\n\n${z.prettifyError(body.error)}`);
    return handle(call, body.data, actor);
  };
}

function actorOf({ viewer, world }: RepositoryCall): Account | null {
  if (viewer.kind === "user") return viewer.account;
  if (viewer.kind !== "installation") return null;
  return world.accounts.get(`${viewer.installation.app.slug}[bot]`.toLowerCase()) ?? null;
}

/** Records an event and that the thread changed now. */
export function touch(call: RepositoryCall, thread: Thread, actor: Account, event: string, details: object = {}): void {
  thread.updated_at = call.now;
  thread.events.push(newEvent(call.world, call.repository, event, { ...details, actor, created_at: call.now }));
}

const labelNames = z.array(z.union([z.string(), z.object({ name: z.string() }).transform((each) => each.name)]));

const threadChange = z.object({
  title: z.string().min(1).optional(),
  body: z.string().nullable().optional(),
  state: z.enum(["open", "closed"]).optional(),
  state_reason: z.enum(["completed", "not_planned", "duplicate", "reopened"]).nullable().optional(),
  labels: labelNames.optional(),
  assignees: z.array(z.string()).optional(),
  milestone: z.union([z.number(), z.null()]).optional(),
});

/** Changes the fields issues and pull requests share; only real changes become events. */
function change(call: RepositoryCall, thread: Issue | Pull, body: z.infer<typeof threadChange>, actor: Account): void {
  const { repository, world } = call;
  if (body.title !== undefined && body.title !== thread.title) {
    touch(call, thread, actor, "renamed", { rename: { from: thread.title, to: body.title } });
    thread.title = body.title;
  }
  if (body.body !== undefined && body.body !== thread.body) {
    thread.body = body.body;
    thread.updated_at = call.now;
  }
  if (body.labels) setLabels(call, thread, body.labels, actor);
  if (body.assignees) {
    thread.assignees = body.assignees.flatMap((login) => world.accounts.get(login.toLowerCase()) ?? []);
    thread.updated_at = call.now;
  }
  if (body.milestone !== undefined) {
    thread.milestone = repository.milestones.find((each) => each.number === body.milestone) ?? null;
    thread.updated_at = call.now;
  }
  if (body.state !== undefined && body.state !== thread.state) {
    setState(call, thread, body.state, actor, body.state_reason ?? undefined);
  }
}

function setState(
  call: RepositoryCall,
  thread: Issue | Pull,
  state: "open" | "closed",
  actor: Account,
  reason?: Issue["state_reason"],
): void {
  const closed = state === "closed";
  thread.state = state;
  thread.closed_at = closed ? call.now : null;
  thread.closed_by = closed ? actor : null;
  if (thread.kind === "issue") thread.state_reason = reason ?? (closed ? "completed" : "reopened");
  else if (!closed) thread.mergeable = true;
  touch(call, thread, actor, closed ? "closed" : "reopened", {
    state_reason: thread.kind === "issue" ? thread.state_reason : null,
  });
}

function setLabels(call: RepositoryCall, thread: Issue | Pull, names: string[], actor: Account): void {
  const wanted = names.map((name) => labelOf(call, name));
  for (const label of thread.labels) if (!wanted.includes(label)) touch(call, thread, actor, "unlabeled", { label });
  for (const label of wanted) if (!thread.labels.includes(label)) touch(call, thread, actor, "labeled", { label });
  thread.labels = wanted;
}

/** GitHub creates labels it does not know when an issue gets them. */
function labelOf({ repository, world }: RepositoryCall, name: string): Label {
  const found = repository.labels.find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (found) return found;
  const id = world.ids.named("label", `${repository.full_name}/${name}`);
  const label: Label = {
    id,
    node_id: nodeId("LA", repository.id, id),
    name,
    color: "ededed",
    description: null,
    default: false,
  };
  repository.labels.push(label);
  return label;
}

const onThread = <T>(
  schema: z.ZodType<T>,
  handle: (call: RepositoryCall, thread: Issue | Pull, body: T, actor: Account) => ApiReply,
  needs: "read" | "write" = "write",
) =>
  write(
    schema,
    (call, body, actor) => {
      const thread = threadOf(call);
      return thread ? handle(call, thread, body, actor) : notFound("/issues/issues");
    },
    needs,
  );

const newIssue = threadChange.extend({ title: z.string().min(1) });
const commentBody = z.object({ body: z.string().min(1) });
const labelBody = z.union([labelNames.transform((labels) => ({ labels })), z.object({ labels: labelNames })]);

/** Writes to issues and to the fields that pull requests share with them. */
export const issueWrites: RepositoryRoutes = {
  "POST /issues": write(
    newIssue,
    (call, body, actor) => {
      const { repository, world } = call;
      const number = Math.max(0, ...repository.threads.keys()) + 1;
      const issue_id = world.ids.timed("issue", call.now);
      const issue: Issue = {
        kind: "issue",
        repository,
        number,
        issue_id,
        issue_node_id: nodeId("I", repository.id, issue_id),
        title: body.title,
        author: actor,
        body: body.body ?? null,
        state: "open",
        state_reason: null,
        pinned: false,
        issue_type: null,
        sub_issues: [],
        blocked_by: [],
        created_at: call.now,
        updated_at: call.now,
        closed_at: null,
        closed_by: null,
        association: repository.owner === actor ? "OWNER" : "NONE",
        labels: [],
        assignees: [],
        milestone: null,
        locked: false,
        lock_reason: null,
        projects: [],
        comments: [],
        reactions: {},
        events: [],
      };
      repository.threads.set(number, issue);
      change(call, issue, { ...body, title: undefined }, actor);
      return created(issueItem(issue), `https://api.github.com/repos/${repository.full_name}/issues/${number}`);
    },
    "read",
  ),
  "PATCH /issues/:number": onThread(threadChange, (call, thread, body, actor) => {
    change(call, thread, body, actor);
    return ok(issueItem(thread));
  }),
  "PATCH /pulls/:number": write(threadChange.extend({ base: z.string().optional() }), (call, body, actor) => {
    const pull = pullOf(call);
    if (!pull) return notFound("/pulls/pulls#update-a-pull-request");
    if (pull.merged && body.state === "open") return invalid("PullRequest", "state", "invalid");
    change(call, pull, body, actor);
    if (body.base && body.base !== pull.base.ref) {
      pull.base = { ...pull.base, ref: body.base, sha: call.repository.branches.get(body.base)?.sha ?? pull.base.sha };
      pull.updated_at = call.now;
    }
    return ok(pullView(call.world, pull));
  }),
  "POST /issues/:number/comments": onThread(
    commentBody,
    (call, thread, { body }, actor) => {
      const id = call.world.ids.timed("comment", call.now);
      const comment: Comment = {
        id,
        node_id: nodeId("IC", call.repository.id, id),
        author: actor,
        body,
        created_at: call.now,
        updated_at: call.now,
        association: call.repository.owner === actor ? "OWNER" : "NONE",
        reactions: {},
        minimized: null,
        app: null,
      };
      thread.comments.push(comment);
      thread.updated_at = call.now;
      return created(
        issueComment(thread, comment),
        `https://api.github.com/repos/${call.repository.full_name}/issues/comments/${id}`,
      );
    },
    "read",
  ),
  "PATCH /issues/comments/:id": write(commentBody, (call, { body }) => {
    const found = findComment(call);
    if (!found) return notFound("/issues/comments#update-an-issue-comment");
    Object.assign(found.comment, { body, updated_at: call.now });
    found.thread.updated_at = call.now;
    return ok(issueComment(found.thread, found.comment));
  }),
  "DELETE /issues/comments/:id": write(z.unknown(), (call) => {
    const found = findComment(call);
    if (!found) return notFound("/issues/comments#delete-an-issue-comment");
    found.thread.comments = found.thread.comments.filter((each) => each !== found.comment);
    found.thread.updated_at = call.now;
    return { status: 204, body: "", type: "" };
  }),
  "POST /issues/:number/labels": onThread(labelBody, (call, thread, { labels }, actor) => {
    setLabels(call, thread, [...new Set([...thread.labels.map((each) => each.name), ...labels])], actor);
    return ok(thread.labels.map((each) => renderLabel(call.repository, each)));
  }),
  "PUT /issues/:number/labels": onThread(labelBody, (call, thread, { labels }, actor) => {
    setLabels(call, thread, labels, actor);
    return ok(thread.labels.map((each) => renderLabel(call.repository, each)));
  }),
  "DELETE /issues/:number/labels/:name+": onThread(z.unknown(), (call, thread, _body, actor) => {
    const name = call.params.name?.toLowerCase();
    if (!thread.labels.some((each) => each.name.toLowerCase() === name))
      return failure(404, "Label does not exist", "/issues/labels#remove-a-label-from-an-issue");
    setLabels(
      call,
      thread,
      thread.labels.map((each) => each.name).filter((each) => each.toLowerCase() !== name),
      actor,
    );
    return ok(thread.labels.map((each) => renderLabel(call.repository, each)));
  }),
};

function findComment(call: RepositoryCall): { thread: Issue | Pull; comment: Comment } | undefined {
  for (const thread of call.repository.threads.values()) {
    const comment = thread.comments.find((each) => each.id === Number(call.params.id));
    if (comment) return { thread, comment };
  }
  return undefined;
}
