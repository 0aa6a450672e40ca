import { mainLanguage } from "../render/repositories.ts";
import type { Issue, Pull, Repository } from "../world/model.ts";
import { inRange } from "./actions.ts";

interface Qualifier {
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
  /** Parts of which one must fit: `(label:a OR label:b)`. */
  choices: SearchQuery[][];
}

const tokenForm =
  /(-)?(?:([a-z-]+):(?:"([^"]*)"(?!,)|((?:"[^"]*"|[^\s(),"]+)(?:,(?:"[^"]*"|[^\s(),"]+))+|[^\s()]\S*?(?=\s|\)|$)))|"([^"]*)"|([()])|([^\s()]+))/gi;

/**
 * Splits `is:open label:"good first issue" -author:bob crash` into words and qualifiers, as GitHub's advanced search
 * does also with parentheses, `AND` and `OR`.
 */
export function parseQuery(text: string): SearchQuery {
  const tokens = [...text.matchAll(tokenForm)];
  const query = parseChoice(tokens);
  return query.length === 1 && query[0] ? query[0] : { ...emptyQuery(), ...scopes(query), choices: [query] };
}

function emptyQuery(): SearchQuery {
  return { words: [], qualifiers: [], repositories: [], owners: [], sort: null, order: null, choices: [] };
}

/** Alternatives up to the closing parenthesis or the end. */
function parseChoice(tokens: RegExpMatchArray[]): SearchQuery[] {
  const alternatives = [emptyQuery()];
  for (let token = tokens.shift(); token !== undefined; token = tokens.shift()) {
    const query = alternatives.at(-1) ?? emptyQuery();
    const [, minus, name, quoted, plain, phrase, parenthesis, word] = token;
    if (parenthesis === ")") break;
    if (parenthesis === "(") addGroup(query, parseChoice(tokens));
    else if (word === "OR") alternatives.push(emptyQuery());
    else if (name !== undefined)
      addQualifier(query, name.toLowerCase(), qualifierValue(name, quoted, plain), minus === "-");
    else if (word !== "AND" && (phrase ?? word)) query.words.push(phrase ?? word ?? "");
  }
  return alternatives;
}

/** A comma inside quotes is part of a label: it stands as {@link quotedComma}; a comma outside parts two names. */
function qualifierValue(key: string, quoted: string | undefined, plain = ""): string {
  if (key.toLowerCase() !== "label") return quoted ?? plain;
  if (quoted !== undefined) return quoted.replaceAll(",", quotedComma);
  return plain.replace(/"[^"]*"/g, (name) => name.replaceAll(",", quotedComma));
}

const quotedComma = "\u0000";

/** The names of a list such as `bug,"good first issue"`. */
function namesOf(value: string): string[] {
  return value.split(",").map((name) => name.replaceAll('"', "").replaceAll(quotedComma, ","));
}

function addGroup(query: SearchQuery, alternatives: SearchQuery[]): void {
  const [only, ...others] = alternatives;
  const { repositories, owners } = scopes(alternatives);
  query.repositories.push(...repositories);
  query.owners.push(...owners);
  if (only && others.length === 0) {
    query.words.push(...only.words);
    query.qualifiers.push(...only.qualifiers);
    query.choices.push(...only.choices);
    query.sort ??= only.sort;
    query.order ??= only.order;
  } else query.choices.push(alternatives);
}

function scopes(alternatives: readonly SearchQuery[]): Pick<SearchQuery, "repositories" | "owners"> {
  return {
    repositories: alternatives.flatMap((each) => each.repositories),
    owners: alternatives.flatMap((each) => each.owners),
  };
}

function addQualifier(query: SearchQuery, key: string, value: string, not: boolean): void {
  if (key === "repo" && !not) query.repositories.push(value.toLowerCase());
  else if ((key === "user" || key === "org") && !not) query.owners.push(value.toLowerCase());
  else if (key === "sort") [query.sort = null, query.order = null] = value.split(/-(?=asc$|desc$)/);
  else query.qualifiers.push({ name: key, value, not });
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
  label: (thread, value) => namesOf(value).some((name) => thread.labels.some((each) => same(each.name, name))),
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
    query.qualifiers.every(({ name, value, not }) => (issueTests[name]?.(thread, value, me) ?? true) !== not) &&
    query.choices.every((choice) => choice.some((each) => matchesIssue(each, thread, me)))
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
    query.qualifiers.every(({ name, value, not }) => (repositoryTests[name]?.(each, value, null) ?? true) !== not) &&
    query.choices.every((choice) => choice.some((part) => matchesRepository(part, each)))
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
