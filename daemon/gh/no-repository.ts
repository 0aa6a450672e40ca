/**
 * gh's message for a repository that does not exist, or that the caller may not see: it is that of GraphQL, which gh
 * asks first.
 */
import * as z from "zod";
import { GitHubRefusal } from "./command-failure.ts";
import type { Context } from "./context.ts";
import { queryOwn } from "./own-query.ts";

const data = z.object({ repository: z.object({ id: z.string() }) });

/** The answer; gh's own failure where REST does not find something since GraphQL does not find its repository. */
export async function orNoRepository<T>(answer: Promise<T>, context: Context): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const named =
      error instanceof GitHubRefusal && error.status === 404 ? /^\/repos\/([^/]+)\/([^/]+)/.exec(error.path) : null;
    if (named && !context.emitted) {
      const query = "query($owner: String!, $name: String!) { repository(owner: $owner, name: $name) { id } }";
      const variables = { owner: named[1], name: named[2] };
      await queryOwn(context, { query, variables }, data, { why: "whether there is such a repository", live: false });
    }
    throw error;
  }
}
