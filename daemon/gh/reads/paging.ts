/** Lists over several pages, never partial: the `Link` header is the authority, totals agree, ids are unique. */
import { NativeRequired } from "../../reader.ts";

export type PageQuery = readonly (readonly [string, string])[];

/** One page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** The size of the whole list, where GitHub gives it. */
  readonly total?: number;
  /** The query of the next page; undefined on the last. */
  readonly next?: PageQuery | undefined;
}

export interface ListOptions<T> {
  /** Stop when this many items are accepted; absent: all. */
  readonly limit?: number;
  /** Which items count. */
  readonly accept?: (item: T) => boolean;
  /** The key that must not occur twice (an id); a list that changes while it is read repeats an item. */
  readonly identity?: (item: T) => string | number;
  /** {@link pageSize} by default. */
  readonly perPage?: number;
  /** More pages than this are native. */
  readonly maxPages?: number;
}

/** Items on a page, unless a list says otherwise. */
export const pageSize = 100;

/** The query of the first page of a list that is read whole. */
export const everyPage = [["per_page", String(pageSize)]] as const;

/** Pages that one command may read of one list, unless it says otherwise. */
export const defaultMaxPages = 12;

/** A list that was read up to its limit. */
export interface ReadList<T> {
  readonly items: readonly T[];
  /** The list ended, and the limit left out no item. */
  readonly complete: boolean;
  /** The total of accepted items, where the list was read to its end, or GitHub gives the total and all items count. */
  readonly total?: number;
}

/** Reads pages until the limit or the end. Rejects with NativeRequired for a list that cannot be proven whole. */
export async function readPages<T>(
  query: PageQuery,
  options: ListOptions<T>,
  readPage: (query: PageQuery) => Promise<Page<T>>,
): Promise<ReadList<T>> {
  const { maxPages = defaultMaxPages } = options;
  const limit = options.limit ?? Number.POSITIVE_INFINITY;
  const accepted: T[] = [];
  const seen = new Set<string | number>();
  let total: number | undefined;
  let count = 0;
  let matching = 0;
  let next: PageQuery | undefined = [...query, ["per_page", String(options.perPage ?? pageSize)]];
  for (let pages = 0; next !== undefined; pages++) {
    if (pages === maxPages) throw new NativeRequired(`more than ${maxPages} pages`);
    const page: Page<T> = await readPage(next);
    if (page.total !== undefined && total !== undefined && page.total !== total) {
      throw new NativeRequired("the list changed while it was read: totals differ");
    }
    total = page.total ?? total;
    for (const item of page.items) {
      count++;
      const id = options.identity?.(item);
      if (id !== undefined && seen.has(id))
        throw new NativeRequired("the list changed while it was read: an item twice");
      if (id !== undefined) seen.add(id);
      if (!(options.accept?.(item) ?? true)) continue;
      matching++;
      if (accepted.length < limit) accepted.push(item);
    }
    next = page.next;
    if (accepted.length >= limit && next !== undefined)
      return { items: accepted, complete: false, ...(total !== undefined && matching === count && { total }) };
  }
  if (total !== undefined && total !== count) throw new NativeRequired(`${count} of ${total} items`);
  return { items: accepted, complete: matching === accepted.length, total: matching };
}
