/** Lists inside an object, read as far as a limit. */
import type { z } from "zod";
import { NativeRequired } from "../../reader.ts";
import { GitHubRefusal } from "../command-failure.ts";
import type { Context } from "../context.ts";
import { type ListOptions, type Page, type ReadList, readPages } from "./paging.ts";
import { nextQuery, parseBody, type ReadOptions } from "./reads.ts";

/** Reads `{total_count, runs: […]}` pages until the limit or the end, and tells whether that was all. */
export function readEnvelope<B, T>(
  context: Context,
  path: string,
  body: z.ZodType<B>,
  open: (body: B) => Omit<Page<T>, "next">,
  options: ReadOptions & ListOptions<T>,
): Promise<ReadList<T>> {
  const { query = [], ...rest } = options;
  return readPages<T>(query, rest, async (pageQuery) => {
    const answer = await context.reads.raw(path, { ...rest, query: pageQuery });
    if (answer.status >= 400) throw new GitHubRefusal(answer.status, path, answer.body);
    if (answer.status !== 200) throw new NativeRequired(`GitHub answered ${answer.status} to ${path}`);
    return { ...open(parseBody(answer, path, body)), next: nextQuery(answer.headers.link) };
  });
}
