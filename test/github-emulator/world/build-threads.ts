import { type BuildContext, latest, namedId, timedId } from "./context.ts";
import { nodeId } from "./ids.ts";
import type { Comment, Issue, IssueEvent, IssueType, Pull, Repository, Thread } from "./model.ts";
import type { IssueInput, PullInput } from "./schema.ts";

const hour = 3600;

/** How an account relates to a repository, as GitHub words it. */
export function associationOf(
  repository: Repository,
  login: string | null,
  members: Set<string>,
  contributors: Set<string>,
): string {
  if (login === null) return "NONE";
  const key = login.toLowerCase();
  if (key === repository.owner.login.toLowerCase()) return "OWNER";
  if (members.has(key)) return "MEMBER";
  if (repository.collaborators.has(key)) return "COLLABORATOR";
  return contributors.has(key) ? "CONTRIBUTOR" : "NONE";
}

/** The input for building a repository's threads, besides the repository. */
export interface ThreadContext extends BuildContext {
  repository: Repository;
  associate(login: string | null): string;
  /** The account that closes and merges when none is named. */
  maintainer: string;
}

/** When thread `number` was opened if the file does not say: six hours after the one before. */
export function openedAt(context: BuildContext, repository: Repository, number: number, explicit?: string): string {
  return explicit ?? context.after(repository.created_at, number * 6 * hour);
}

function buildComment(context: ThreadContext, input: IssueInput["comments"][number], at: string): Comment {
  const created_at = input.created_at ?? at;
  const id = timedId(context, "comment", input.id, created_at);
  return {
    id,
    node_id: nodeId("IC", context.repository.id, id),
    author: context.actor(input.author),
    body: input.body,
    created_at,
    updated_at: input.updated_at ?? created_at,
    association: input.association ?? context.associate(input.author),
    reactions: context.reactions(input.reactions),
    minimized: input.minimized ?? null,
    app: input.app ?? null,
  };
}

/** The part that issues and pull requests share. */
export function buildThread(
  context: ThreadContext,
  input: IssueInput | PullInput,
  number: number,
  closed: boolean,
): Thread {
  const { repository } = context;
  const created_at = openedAt(context, repository, number, input.created_at);
  const comments = input.comments.map((each, index) =>
    buildComment(context, each, context.after(created_at, (index + 1) * hour)),
  );
  const closed_at = closed
    ? (input.closed_at ?? context.after(latest(created_at, ...comments.map((c) => c.created_at)), 48 * hour))
    : null;
  const issue_id = timedId(context, "issue", "head" in input ? undefined : input.id, created_at);
  const labels = input.labels.map((name) => findLabel(context, name));
  return {
    repository,
    number,
    issue_id,
    issue_node_id: nodeId("I", repository.id, issue_id),
    title: input.title,
    author: context.actor(input.author),
    body: input.body,
    state: closed ? "closed" : "open",
    created_at,
    updated_at: input.updated_at ?? latest(created_at, closed_at, ...comments.map((c) => c.updated_at)),
    closed_at,
    closed_by: closed ? context.actor(input.closed_by === undefined ? context.maintainer : input.closed_by) : null,
    association: input.association ?? context.associate(input.author),
    labels,
    assignees: input.assignees.map(context.account),
    milestone: repository.milestones.find((each) => each.title === input.milestone) ?? null,
    locked: input.locked !== false,
    lock_reason: typeof input.locked === "string" ? input.locked : null,
    comments,
    reactions: context.reactions(input.reactions),
    events: [],
    projects: input.projects,
  };
}

/** A label of the repository; one that is only used is created. */
function findLabel(context: ThreadContext, name: string) {
  const { repository } = context;
  const found = repository.labels.find((label) => label.name.toLowerCase() === name.toLowerCase());
  if (found) return found;
  const id = namedId(context, "label", undefined, `${repository.full_name}/${name}`);
  const label = {
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

/** Types belong to the owner of the repository. */
function issueType(context: ThreadContext, name: string): IssueType {
  const { owner } = context.repository;
  const id = namedId(context, "issue_type", undefined, `${owner.login}/${name}`);
  return { id, node_id: nodeId("IT", owner.id, id), name, description: null, color: "gray" };
}

export function buildIssue(context: ThreadContext, input: IssueInput, number: number): Issue {
  const closed = input.state === "closed" || (input.state === undefined && input.closed_at !== undefined);
  const thread = buildThread(context, input, number, closed);
  const issue: Issue = {
    ...thread,
    kind: "issue",
    state_reason: input.state_reason ?? (closed ? "completed" : null),
    pinned: input.pinned,
    issue_type: input.type === undefined ? null : issueType(context, input.type),
    sub_issues: input.sub_issues,
    blocked_by: input.blocked_by,
  };
  issue.events = buildEvents(context, issue, input.events);
  return issue;
}

/** The fields of a new event besides its name. */
type EventDetails = Partial<Omit<IssueEvent, "id" | "node_id" | "event">> & { created_at: string };

const eventPrefix: Record<string, string> = {
  labeled: "LE",
  unlabeled: "UNLE",
  closed: "CE",
  reopened: "REE",
  merged: "ME",
  assigned: "AE",
  renamed: "RTE",
};

export function newEvent(
  context: Pick<BuildContext, "ids">,
  repository: Repository,
  event: string,
  details: EventDetails,
  explicit?: number,
): IssueEvent {
  const id = explicit ?? context.ids.timed("event", details.created_at);
  return {
    id,
    node_id: nodeId(eventPrefix[event] ?? "E", repository.id, id),
    event,
    actor: null,
    commit_id: null,
    label: null,
    assignee: null,
    milestone: null,
    rename: null,
    requested_reviewer: null,
    requested_team: null,
    source: null,
    lock_reason: null,
    state_reason: null,
    ...details,
  };
}

/** The history that follows from a thread's state, and the events its author listed. */
export function buildEvents(context: ThreadContext, thread: Issue | Pull, listed: IssueInput["events"]): IssueEvent[] {
  const { repository } = context;
  const opened = { actor: thread.author, created_at: thread.created_at };
  const add = (event: string, details: EventDetails) => newEvent(context, repository, event, details);
  const events = [
    ...thread.labels.map((label) => add("labeled", { ...opened, label })),
    ...thread.assignees.map((assignee) => add("assigned", { ...opened, assignee })),
    ...(thread.milestone ? [add("milestoned", { ...opened, milestone: thread.milestone.title })] : []),
  ];
  if (thread.kind === "pull") {
    events.push(
      ...thread.requested_reviewers.map((account) =>
        add("review_requested", { ...opened, requested_reviewer: account }),
      ),
      ...thread.requested_teams.map((team) => add("review_requested", { ...opened, requested_team: team })),
    );
    if (thread.merged_at) {
      events.push(
        add("merged", { actor: thread.merged_by, created_at: thread.merged_at, commit_id: thread.merge_commit_sha }),
      );
    }
  }
  if (thread.closed_at) {
    const state_reason = thread.kind === "issue" ? thread.state_reason : null;
    events.push(add("closed", { actor: thread.closed_by, created_at: thread.closed_at, state_reason }));
  }
  if (thread.locked) {
    events.push(
      add("locked", {
        actor: context.actor(context.maintainer),
        created_at: thread.updated_at,
        lock_reason: thread.lock_reason,
      }),
    );
  }
  for (const each of listed) {
    const details: EventDetails = {
      actor: context.actor(each.actor),
      created_at: each.created_at ?? context.after(thread.created_at, hour),
      commit_id: each.commit_id,
      label: each.label ? findLabel(context, each.label) : null,
      assignee: context.actor(each.assignee),
      milestone: each.milestone ?? null,
      rename: each.rename ?? null,
      requested_reviewer: context.actor(each.requested_reviewer),
      source: each.source ?? null,
      lock_reason: each.lock_reason ?? null,
    };
    events.push(newEvent(context, repository, each.event, details, each.id));
  }
  return events.sort((a, b) => a.created_at.localeCompare(b.created_at) || a.id - b.id);
}
