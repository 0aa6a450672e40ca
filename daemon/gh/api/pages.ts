/** The page, or with `--paginate` all pages, of a `gh api` answer; never some of them. */
import { NativeRequired, type ReadAnswer } from "../../reader.ts";
import { nextQuery } from "../reads/links.ts";
import type { ReadQuery } from "../reads/options.ts";
import type { ParsedApiCall } from "./flag-table.ts";
import { hundredOf, isSamePage } from "./hundred.ts";
import type { ApiRequest } from "./request.ts";

export const maxPages = 30;

/** Statuses that are about the identity rather than about the resource. */
const aboutIdentity = new Set([401, 403, 429]);

export async function readAllPages(call: ParsedApiCall, request: ApiRequest): Promise<readonly ReadAnswer[]> {
  const answers: ReadAnswer[] = [];
  let query: ReadQuery | undefined = request.query;
  if (call.flags.paginate && isOfOne(query)) throw new NativeRequired("the links of pages of one");
  for (let page = 0; query !== undefined; page++) {
    if (page === maxPages) throw new NativeRequired(`more than ${maxPages} pages`);
    const answer = await readPage(call, request, query);
    if (page > 0 && answer.status !== 200) throw new NativeRequired(`page ${page + 1} answers ${answer.status}`);
    answers.push(answer);
    query = call.flags.paginate ? nextQuery(answer.headers.link) : undefined;
  }
  if (answers.length > 1) proveConsistent(answers);
  return answers;
}

async function readPage({ context }: ParsedApiCall, request: ApiRequest, query: ReadQuery): Promise<ReadAnswer> {
  const read = (asked: ReadQuery) =>
    context.reads.raw(request.path, {
      query: asked,
      headers: request.headers,
      viewer: request.viewer,
      maxAge: request.maxAge,
      cacheFor: request.cacheFor,
    });
  const wide = hundredOf(context.reads, request, query);
  const shared = wide && (await read(wide));
  const answer = shared && isSamePage(shared) ? shared : await read(query);
  if (aboutIdentity.has(answer.status) || answer.status >= 500) context.native(`GitHub answered ${answer.status}`);
  return answer;
}

/** Such a page is mostly read for the newest item, and confirmed without its links. */
function isOfOne(query: ReadQuery): boolean {
  return query.some(([name, value]) => name === "per_page" && value === "1");
}

/** Totals agree on every page, no item comes twice, and no list is empty. */
function proveConsistent(answers: readonly ReadAnswer[]): void {
  const decoder = new TextDecoder();
  const totals = new Set<unknown>();
  const ids = new Set<unknown>();
  for (const answer of answers) {
    const body: unknown = JSON.parse(decoder.decode(answer.body));
    // The link to it may be older than the page that has it: gh would not ask for it.
    if (Array.isArray(body) && body.length === 0) throw new NativeRequired("an empty page");
    if (typeof body === "object" && body !== null && "total_count" in body) totals.add(body.total_count);
    for (const item of items(body)) {
      const id = identity(item);
      if (id === undefined) continue;
      if (ids.has(id)) throw new NativeRequired("the list changed while it was read: an item twice");
      ids.add(id);
    }
  }
  if (totals.size > 1) throw new NativeRequired("the list changed while it was read: totals differ");
}

function items(body: unknown): readonly unknown[] {
  if (Array.isArray(body)) return body;
  if (typeof body !== "object" || body === null) return [];
  return Object.values(body).find(Array.isArray) ?? [];
}

function identity(item: unknown): unknown {
  if (typeof item !== "object" || item === null) return undefined;
  if ("id" in item && (typeof item.id === "number" || typeof item.id === "string")) return item.id;
  return "sha" in item && typeof item.sha === "string" && "commit" in item ? item.sha : undefined;
}
