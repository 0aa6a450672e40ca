import { type ApiCall, type ApiReply, apiUrl, ok } from "./http.ts";

const defaultSize = 30;
const largestSize = 100;

interface Page<T> {
  items: T[];
  number: number;
  size: number;
  last: number;
}

/** Cuts the asked page out of a list; sizes above 100 mean 100, nonsense means the default. */
export function pageOf<T>(query: URLSearchParams, items: T[], size = defaultSize, largest = largestSize): Page<T> {
  const asked = positive(query.get("per_page"));
  const length = Math.min(asked ?? size, largest);
  const number = positive(query.get("page")) ?? 1;
  return {
    items: items.slice((number - 1) * length, number * length),
    number,
    size: length,
    last: Math.max(1, Math.ceil(items.length / length)),
  };
}

function positive(text: string | null): number | undefined {
  const value = Number(text);
  return text !== null && Number.isInteger(value) && value > 0 ? value : undefined;
}

/**
 * The `Link` header GitHub would send: the path by numeric id, the query as asked with `page` in its place.
 * Nothing when everything fits on one page.
 */
export function linkHeader(path: string, query: URLSearchParams, page: Page<unknown>): string | undefined {
  if (page.last <= 1) return undefined;
  const link = (number: number, rel: string) => `<${apiUrl}${path}?${withPage(query, number)}>; rel="${rel}"`;
  const links: string[] = [];
  if (page.number > 1) links.push(link(Math.min(page.number - 1, page.last), "prev"));
  if (page.number < page.last) links.push(link(page.number + 1, "next"), link(page.last, "last"));
  if (page.number > 1) links.push(link(1, "first"));
  return links.join(", ");
}

function withPage(query: URLSearchParams, number: number): string {
  const copy = new URLSearchParams(query);
  copy.set("page", String(number));
  return copy.toString();
}

interface PageOptions<T> {
  path: string;
  render(item: T): unknown;
  /** Puts the page into an object, e.g. `{total_count, jobs}`. */
  wrap?(items: unknown[], total: number): unknown;
  size?: number;
  largest?: number;
}

/** Answers with one page of a list. */
export function paged<T>(call: ApiCall, items: T[], options: PageOptions<T>): ApiReply {
  const page = pageOf(call.query, items, options.size, options.largest);
  const rendered = page.items.map((item) => options.render(item));
  const reply = ok(options.wrap ? options.wrap(rendered, items.length) : rendered);
  const link = linkHeader(options.path, call.query, page);
  return link ? { ...reply, headers: { link } } : reply;
}
