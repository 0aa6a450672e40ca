import { mainLanguage } from "../render/repositories.ts";
import type { Issue, Pull, Repository } from "../world/model.ts";
import { inRange } from "./actions.ts";

export interface Qualifier {
  name: string;
  value: string;
  not: boolean;
}

/** A search text taken apart. */
export interface SearchQuery {
  words: string[];
  qualifiers: Qualifier[];
  /** Lower-case `owner/name`s of `repo:`. */
  repositories: string[];
  /** Lower-case logins of `user:` and `org:`. */
  owners: string[];
  sort: string | null;
  order: string | null;
}

/** Splits `is:open label:"good first issue" -author:bob crash` into words and qualifiers. */
export function parseQuery(text: string): SearchQuery {
  const query: SearchQuery = { words: [], qualifiers: [], repositories: [], owners: [], sort: null, order: null };
  for (const [, minus, name, quoted, plain, phrase, word] of text.matchAll(
    /(-)?(?:([a-z-]+):(?:"([^"]*)"|(\S+))|"([^"]*)"|(\S+))/gi,
  )) {
    const value = quoted ?? plain;
    if (name === undefined || value === undefined) {
      const found = phrase ?? word;
      if (found) query.words.push(found);
      continue;
    }
    const key = name.toLowerCase();
    if (key === "repo" && !minus) query.repositories.push(value.toLowerCase());
    else if ((key === "user" || key === "org") && !minus) query.owners.push(value.toLowerCase());
    else if (key === "sort") [query.sort = null, query.order = null] = value.split(/-(?=asc$|desc$)/);
    else query.qualifiers.push({ name: key, value, not: minus === "-" });
  }
  return query;
}

/** The repositories a search is about. */
export function scopeOf(query: SearchQuery, repositories: Repository[]): Repository[] {
  if (query.repositories.length === 0 && query.owners.length === 0) return repositories;
  return repositories.filter(
    (each) =>
      query.repositories.includes(each.full_name.toLowerCase()) ||
      query.owners.includes(each.owner.login.toLowerCase()),
  );
}

type Thread = Issue | Pull;
type Test<T> = (thing: T, value: string, me: string | null) => boolean;

const same = (a: string | undefined, b: string | null) => b !== null && a?.toLowerCase() === b.toLowerCase();
const person = (value: string, me: string | null) =>
  value === "@me" ? me : value.replace(/^app\/(.+)$/, "$1[bot]").replace(/^@/, "");

const is: Record<string, (thread: Thread) => boolean> = {
  open: (thread) => thread.state === "open",
  closed: (thread) => thread.state === "closed",
  merged: (thread) => thread.kind === "pull" && thread.merged,
  unmerged: (thread) => thread.kind === "pull" && !thread.merged,
  draft: (thread) => thread.kind === "pull" && thread.draft,
  issue: (thread) => thread.kind === "issue",
  pr: (thread) => thread.kind === "pull",
  "pull-request": (thread) => thread.kind === "pull",
  locked: (thread) => thread.locked,
  unlocked: (thread) => !thread.locked,
  public: (thread) => !thread.repository.private,
  private: (thread) => thread.repository.private,
};

const issueTests: Record<string, Test<Thread>> = {
  is: (thread, value) => is[value]?.(thread) ?? true,
  type: (thread, value) => is[value]?.(thread) ?? true,
  state: (thread, value) => is[value]?.(thread) ?? true,
  archived: (thread, value) => String(thread.repository.archived) === value,
  reason: (thread, value) => thread.kind === "issue" && thread.state_reason === value.replace(/[ "]/g, "_"),
  draft: (thread, value) => thread.kind === "pull" && String(thread.draft) === value,
  author: (thread, value, me) => same(thread.author?.login, person(value, me)),
  assignee: (thread, value, me) => thread.assignees.some((each) => same(each.login, person(value, me))),
  mentions: (thread, value, me) => textOf(thread).includes(`@${person(value, me)?.toLowerCase()}`),
  commenter: (thread, value, me) => thread.comments.some((each) => same(each.author?.login, person(value, me))),
  involves: (thread, value, me) =>
    ["author", "assignee", "mentions", "commenter"].some((name) => issueTests[name]?.(thread, value, me)),
  label: (thread, value) =>
    value.split(",").some((name) => thread.labels.some((each) => same(each.name, name.replaceAll('"', "")))),
  milestone: (thread, value) => same(thread.milestone?.title, value),
  no: (thread, value) =>
    value === "label"
      ? thread.labels.length === 0
      : value === "assignee"
        ? thread.assignees.length === 0
        : value === "milestone"
          ? thread.milestone === null
          : true,
  base: (thread, value) => thread.kind === "pull" && thread.base.ref === value,
  head: (thread, value) => thread.kind === "pull" && thread.head.ref.startsWith(value),
  review: (thread, value) => thread.kind === "pull" && reviewState(thread) === value,
  "reviewed-by": (thread, value, me) =>
    thread.kind === "pull" && thread.reviews.some((each) => same(each.author?.login, person(value, me))),
  "review-requested": (thread, value, me) =>
    thread.kind === "pull" && thread.requested_reviewers.some((each) => same(each.login, person(value, me))),
  "user-review-requested": (thread, value, me) =>
    thread.kind === "pull" && thread.requested_reviewers.some((each) => same(each.login, person(value, me))),
  "team-review-requested": (thread, value) =>
    thread.kind === "pull" &&
    thread.requested_teams.some((each) => same(`${each.organization.login}/${each.slug}`, value)),
  created: (thread, value) => inRange(thread.created_at, value),
  updated: (thread, value) => inRange(thread.updated_at, value),
  closed: (thread, value) => thread.closed_at !== null && inRange(thread.closed_at, value),
  merged: (thread, value) => thread.kind === "pull" && thread.merged_at !== null && inRange(thread.merged_at, value),
  comments: (thread, value) => numberInRange(thread.comments.length, value),
  language: (thread, value) => same(mainLanguage(thread.repository) ?? undefined, value),
};

function reviewState(pull: Pull): string {
  const decisive = pull.reviews.filter((each) => each.state === "APPROVED" || each.state === "CHANGES_REQUESTED");
  if (decisive.length === 0) return "none";
  return decisive.at(-1)?.state === "APPROVED" ? "approved" : "changes_requested";
}

function textOf(thread: Thread): string {
  return [thread.title, thread.body ?? "", ...thread.comments.map((each) => each.body)].join("\n").toLowerCase();
}

export function matchesIssue(query: SearchQuery, thread: Thread, me: string | null): boolean {
  const within = query.qualifiers.filter(({ name }) => name === "in").flatMap(({ value }) => value.split(","));
  const parts: Record<string, string> = {
    title: thread.title,
    body: thread.body ?? "",
    comments: thread.comments.map((each) => each.body).join("\n"),
  };
  const text = (within.length > 0 ? within.map((name) => parts[name] ?? "").join("\n") : textOf(thread)).toLowerCase();
  return (
    query.words.every((word) => text.includes(word.toLowerCase())) &&
    query.qualifiers.every(({ name, value, not }) => (issueTests[name]?.(thread, value, me) ?? true) !== not)
  );
}

const repositoryTests: Record<string, Test<Repository>> = {
  language: (each, value) => same(mainLanguage(each) ?? undefined, value),
  topic: (each, value) => each.topics.includes(value),
  license: (each, value) => each.license?.key === value,
  archived: (each, value) => String(each.archived) === value,
  fork: (each, value) => (value === "only" ? each.parent !== null : value === "true" ? true : each.parent === null),
  is: (each, value) => (value === "public" ? !each.private : value === "private" ? each.private : true),
  visibility: (each, value) => each.visibility === value,
  stars: (each, value) => numberInRange(each.stars, value),
  created: (each, value) => inRange(each.created_at, value),
  pushed: (each, value) => inRange(each.pushed_at, value),
  size: (each, value) => numberInRange(each.size, value),
};

export function matchesRepository(query: SearchQuery, each: Repository): boolean {
  const text = `${each.name}\n${each.description ?? ""}\n${each.topics.join(" ")}`.toLowerCase();
  const forks = query.qualifiers.some(({ name }) => name === "fork");
  return (
    (forks || each.parent === null) &&
    query.words.every((word) => text.includes(word.toLowerCase())) &&
    query.qualifiers.every(({ name, value, not }) => (repositoryTests[name]?.(each, value, null) ?? true) !== not)
  );
}

function numberInRange(count: number, range: string): boolean {
  const between = /^(\d+|\*)\.\.(\d+|\*)$/.exec(range);
  if (between)
    return (between[1] === "*" || count >= Number(between[1])) && (between[2] === "*" || count <= Number(between[2]));
  const [, sign, text] = /^(>=|<=|>|<)?(\d+)$/.exec(range) ?? [];
  const bound = Number(text);
  if (sign === ">=") return count >= bound;
  if (sign === "<=") return count <= bound;
  if (sign === ">") return count > bound;
  if (sign === "<") return count < bound;
  return count === bound;
}
