import type { Account, Issue, Pull } from "../world/model.ts";
import { type GraphqlViewer, sameAccount } from "./context.ts";
import { compare } from "./repositories.ts";

export interface ThreadOrder {
  field: "CREATED_AT" | "UPDATED_AT" | "COMMENTS";
  direction: "ASC" | "DESC";
}

export interface IssueFilters {
  assignee?: string | null;
  createdBy?: string | null;
  labels?: string[] | null;
  mentioned?: string | null;
  milestone?: string | null;
  milestoneNumber?: string | null;
  since?: string | null;
  states?: string[] | null;
}

/** Newest last where nothing is said, as everywhere in GitHub's GraphQL. */
export function ordered<T extends Issue | Pull>(threads: T[], order: ThreadOrder | null | undefined): T[] {
  const key = keys[order?.field ?? "CREATED_AT"];
  const sign = order?.direction === "DESC" ? -1 : 1;
  return threads.sort((a, b) => sign * (compare(key(a), key(b)) || a.number - b.number));
}

const keys: Record<ThreadOrder["field"], (thread: Issue | Pull) => string | number> = {
  CREATED_AT: (thread) => thread.created_at,
  UPDATED_AT: (thread) => thread.updated_at,
  COMMENTS: (thread) => thread.comments.length,
};

export function fitsFilters(issue: Issue, filters: IssueFilters, viewer: GraphqlViewer): boolean {
  const { labels, milestoneNumber, milestone, since, states } = filters;
  if (states && !states.includes(issue.state.toUpperCase())) return false;
  if (since && issue.updated_at < since) return false;
  if (labels && !labels.some((name) => hasLabel(issue, name))) return false;
  if (filters.createdBy && !isCalled(issue.author, filters.createdBy, viewer)) return false;
  if (filters.mentioned && !mentions(issue, loginOf(filters.mentioned, viewer))) return false;
  return fitsAssignee(issue, filters.assignee, viewer) && fitsMilestone(issue, milestoneNumber ?? milestone);
}

function fitsAssignee(issue: Issue, assignee: string | null | undefined, viewer: GraphqlViewer): boolean {
  if (assignee == null) return true;
  if (assignee === "*") return issue.assignees.length > 0;
  return issue.assignees.some((account) => isCalled(account, assignee, viewer));
}

function fitsMilestone(issue: Issue, milestone: string | null | undefined): boolean {
  if (milestone == null) return true;
  return milestone === "*" ? issue.milestone !== null : String(issue.milestone?.number) === milestone;
}

export function hasLabel(thread: Issue | Pull, name: string): boolean {
  return thread.labels.some((label) => label.name.toLowerCase() === name.toLowerCase());
}

function loginOf(name: string, viewer: GraphqlViewer): string {
  return name === "@me" ? (viewer.account?.login ?? "") : name;
}

function isCalled(account: Account | null, name: string, viewer: GraphqlViewer): boolean {
  if (name === "@me") return sameAccount(account, viewer.account);
  const wanted = name.toLowerCase();
  const app = /^app\/(.+)$/.exec(wanted)?.[1];
  if (app) return account?.app_slug?.toLowerCase() === app;
  return account?.login.toLowerCase() === wanted;
}

/** As REST's `mentioned` finds it. */
function mentions(issue: Issue, login: string): boolean {
  const name = `@${login.toLowerCase()}`;
  return [issue.body ?? "", ...issue.comments.map((comment) => comment.body)].some((text) =>
    text.toLowerCase().includes(name),
  );
}
