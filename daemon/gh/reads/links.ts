/** The `Link` header of a page. */
import type { ReadQuery } from "./options.ts";

/** The query of `rel="next"`; GitHub's next links go by the repository's id, so only their query is taken. */
export function nextQuery(link: string | undefined): ReadQuery | undefined {
  const match = /<([^>]+)>;\s*rel="next"/.exec(link ?? "");
  const url = match && URL.parse(match[1] ?? "");
  return url ? [...url.searchParams] : undefined;
}

/** The number of the last page. */
export function lastPage(link: string | undefined): number | undefined {
  const match = /<([^>]+)>;\s*rel="last"/.exec(link ?? "");
  const page = match && URL.parse(match[1] ?? "")?.searchParams.get("page");
  return page ? Number(page) : undefined;
}
