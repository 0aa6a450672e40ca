/** Pages of a search as gh asks for them. */
import * as z from "zod";
import type { Context } from "../context.ts";
import { nextQuery } from "../reads/links.ts";
import type { ReadQuery } from "../reads/options.ts";
import { parseBody } from "../reads/parsed.ts";

interface SearchPages<T> {
  readonly items: readonly T[];
  readonly total: number;
}

/**
 * Reads up to `limit` results. gh asks for the rest of its limit as the size of each page and takes the page's number
 * from the link of the one before, so its pages may overlap; the same is done here.
 */
export async function readSearch<T>(
  context: Context,
  path: string,
  item: z.ZodType<T>,
  search: {
    readonly q: string;
    readonly sort: string;
    readonly order: string;
    readonly limit: number;
    readonly viewer?: string | undefined;
  },
): Promise<SearchPages<T>> {
  const schema = z.looseObject({
    total_count: z.number().int(),
    incomplete_results: z.boolean(),
    items: z.array(item),
  });
  const items: T[] = [];
  let total = 0;
  for (let page: string | undefined = "1"; page !== undefined && items.length < search.limit; ) {
    const query: ReadQuery = [
      ...(search.sort === "" ? [] : [["order", search.order] as const]),
      ["page", page],
      ["per_page", String(Math.min(search.limit - items.length, 100))],
      ["q", search.q],
      ...(search.sort === "" ? [] : [["sort", search.sort] as const]),
    ];
    const answer = await context.reads.raw(path, { query, viewer: search.viewer });
    if (answer.status >= 400) throw context.reads.refusal(path, answer);
    const body: z.infer<typeof schema> = parseBody(answer, path, schema);
    if (body.incomplete_results) context.native("GitHub did not finish its search");
    total = body.total_count;
    items.push(...body.items);
    page = nextQuery(answer.headers.link)?.find(([name]) => name === "page")?.[1];
    if (body.items.length === 0) break;
    if (page !== undefined && items.length < search.limit && context.gh.has("searchPages")) {
      context.gh.native("more than one page of a search");
    }
  }
  return { items, total };
}
