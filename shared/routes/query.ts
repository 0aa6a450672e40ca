/** One spelling for all equivalent queries, so that they share one cache entry. */
import type { Query } from "./classify.ts";
import type { Route } from "./table.ts";

/** Items on a page of GitHub's, unless the query has another number. */
export const usualPageSize = 30;

const pagingDefaults: Readonly<Record<string, string>> = { page: "1", per_page: String(usualPageSize) };

/** Of a page of one that is read for its links: the number of the last page is the length of the list. */
export const lengthQuery = [
  ["per_page", "1"],
  ["page", "1"],
] as const;

export function isLengthQuery(query: Query): boolean {
  return lengthQuery.every(([name, value]) => String(query[name]) === value);
}

/**
 * The query with its defaults left out and its keys in order; values of a repeated key keep theirs.
 * `compare` keeps explicit paging, because asking for page 1 changes its answer, and so does {@link lengthQuery}: a
 * page that is read for the newest item alone is confirmed without its links.
 */
export function normalizeQuery(route: Route, query: Query): readonly (readonly [string, string])[] {
  const defaults = { ...(route.pagingMatters || isLengthQuery(query) ? {} : pagingDefaults), ...route.queryDefaults };
  return Object.entries(query)
    .map(([key, values]) => [key, [values].flat()] as const)
    .filter(([key, values]) => !(values.length === 1 && values[0] === defaults[key]))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, values]) => values.map((value) => [key, value] as const));
}
