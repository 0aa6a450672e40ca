/** Lists that gh asks of GitHub's search: the same words, bound to the repository (pkg/search, pkg/cmd/pr/shared/params.go). */
import * as z from "zod";
import { fullName, type RepositoryName } from "../checkout/repository.ts";
import type { Context } from "../context.ts";
import type { ReadList } from "../reads/paging.ts";
import { issueSchema, type RestIssue } from "./schemas.ts";

const searchSchema = z.looseObject({
  total_count: z.number().int(),
  incomplete_results: z.boolean(),
  items: z.array(issueSchema),
});

interface IssueSearch {
  readonly text: string;
  readonly type: "issue" | "pr";
  /** `open` is left out where the text has a state. */
  readonly state: string;
  /** Further qualifiers; empty ones are left out. */
  readonly qualifiers: Readonly<Record<string, string | readonly string[]>>;
  readonly limit: number;
  readonly live: boolean;
}

/** Searches; native where the query looks beyond the repository, names the asking account, or is not plain words. */
export function searchIssues(
  context: Context,
  repository: RepositoryName,
  search: IssueSearch,
): Promise<ReadList<RestIssue>> {
  requirePlainSearch(search, context);
  const viewer = /@me\b/.test(search.text) ? "a search with @me" : undefined;
  return context.reads.envelopeUpTo(
    "/search/issues",
    searchSchema,
    (body) => {
      if (body.incomplete_results) context.native("an incomplete search");
      return { items: body.items, total: body.total_count };
    },
    {
      query: [["q", searchQuery(repository, search)]],
      limit: search.limit,
      live: search.live,
      viewer,
      identity: (issue) => issue.number,
      perPage: search.limit <= 30 ? 30 : 100,
    },
  );
}

/** The query as gh writes it: the text, then the qualifiers by name. */
function searchQuery(repository: RepositoryName, { text, type, state, qualifiers }: IssueSearch): string {
  const states: Record<string, string | readonly string[]> =
    state === "merged" ? { is: "merged" } : state === "all" || (state === "open" && saysState(text)) ? {} : { state };
  const all = Object.entries({ ...qualifiers, ...states, repo: fullName(repository), type });
  const words = all
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, values]) =>
      [values]
        .flat()
        .filter((value) => value !== "")
        .map((value) => `${name}:${/\s/.test(value) ? `"${value}"` : value}`),
    );
  return [...(text === "" ? [] : [text]), ...words].join(" ");
}

function saysState(text: string): boolean {
  return text.split(/\s+/).some((word) => /^(?:(?:is|state):(?:closed|merged)$|merged:|closed:)/.test(word));
}

/**
 * Whether gh and GitHub read the value of a qualifier unchanged: gh quotes a value with blanks as Go does, which
 * escapes unprintable characters, and GitHub's search knows quotes, asterisks and backslashes.
 */
export function isPlainQualifier(value: string): boolean {
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]+$/u.test(value) && value.trim() === value && !/["*\\]/.test(value);
}

/**
 * Whether an issue has the label that gh's search asks for. Between quotes, which blanks bring, a comma belongs to the
 * name; elsewhere it separates two names, of which one is enough.
 */
export function hasLabel(labels: readonly { readonly name: string }[], asked: string): boolean {
  const names = /\s/.test(asked) ? [asked] : asked.split(",");
  return names.some((name) => labels.some((label) => label.name.toLowerCase() === name.toLowerCase()));
}

/**
 * gh's search finds nothing under a repository's former name, where a list is redirected: the addresses of the listed
 * items have its present one. Native where they differ.
 */
export function requirePresentName(
  context: Context,
  repository: RepositoryName,
  items: readonly { readonly html_url: string }[],
): void {
  const place = `/${fullName(repository)}/`.toLowerCase();
  const isElsewhere = ({ html_url }: { readonly html_url: string }) =>
    !(URL.parse(html_url)?.pathname.toLowerCase().startsWith(place) ?? false);
  if (items.some(isElsewhere)) context.native("a search in a renamed repository");
}

function requirePlainSearch({ text, qualifiers }: IssueSearch, context: Context): void {
  if (/\b(?:repo|org|user|owner|involves|team|team-review-requested|project):/i.test(text)) {
    context.native("a search beyond the repository");
  }
  if (/["'\\()]|\b(?:AND|OR|NOT)\b/.test(text)) context.native("a search of more than plain words");
  const values = Object.values(qualifiers).flat();
  if (!values.every((value) => value === "" || isPlainQualifier(value))) context.native("an unusual qualifier");
}
