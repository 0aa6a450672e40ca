/**
 * Links between the pages of a list. GitHub's ETag is a hash over a page's body, and its 304 brings no `Link` header:
 * where items come or go behind a full page, the page is confirmed with links of the past.
 */
import { parseJson } from "./parse-json.ts";
import { isLengthQuery, usualPageSize } from "./routes/query.ts";

const largestPageSize = 100;

interface HeldPage {
  readonly query: Iterable<readonly [string, string]>;
  readonly link: string | undefined;
  /** The body as text. */
  readonly text: () => string;
  /** Whether the links of any page of one count; else only where {@link isLengthQuery}, others are for the newest item. */
  readonly linksOfOne?: boolean;
}

/**
 * Whether GitHub's 304 for this answer would confirm its links too. It would not for a full page without a next one,
 * which may have got one, and for the number of the last page. A next page that is gone shows itself: it is empty. A
 * list with its length in the body changes with it.
 */
export function confirmsLinks({ query, link = "", text, linksOfOne = false }: HeldPage): boolean {
  const asked = Object.fromEntries(query);
  const size = sizeOf(asked.per_page);
  const isOfOne = size === 1;
  if (isOfOne && !linksOfOne && !isLengthQuery(asked)) return true;
  if (!isOfOne && link.includes('rel="next"')) return true;
  const body = text();
  if (!body.startsWith("[")) return true;
  const list = parseJson(body);
  return !Array.isArray(list) || list.length !== size;
}

function sizeOf(asked: string | undefined): number {
  const size = Number(asked);
  return Number.isInteger(size) && size > 0 ? Math.min(size, largestPageSize) : usualPageSize;
}
