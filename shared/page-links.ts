/**
 * Links between the pages of a list. GitHub's ETag is a hash over a page's body, and its 304 brings no `Link` header:
 * where items come or go behind a full page, the page is confirmed with links of the past.
 */
import { parseJson } from "./parse-json.ts";

const usualSize = 30;
const largestSize = 100;

/** Of a page of one that is read for its links: the number of the last page is the length of the list. */
export const lengthQuery = [
  ["per_page", "1"],
  ["page", "1"],
] as const;

interface HeldPage {
  readonly query: Iterable<readonly [string, string]>;
  readonly link: string | undefined;
  /** The body as text. */
  readonly text: () => string;
  /** Whether the links of any page of one count; else only those of {@link lengthQuery}, others are for the newest. */
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
  if (isOfOne && !linksOfOne && lengthQuery.some(([name, value]) => asked[name] !== value)) return true;
  if (!isOfOne && link.includes('rel="next"')) return true;
  const body = text();
  if (!body.startsWith("[")) return true;
  const list = parseJson(body);
  return !Array.isArray(list) || list.length !== size;
}

function sizeOf(asked: string | undefined): number {
  const size = asked === undefined ? usualSize : Number(asked);
  return Number.isInteger(size) && size > 0 ? Math.min(size, largestSize) : usualSize;
}
