/**
 * A pull request as gh's own query tells it, for the fields that REST does not tell: one GraphQL query of the same shape
 * from the pool, whatever is asked for.
 */
import * as z from "zod";
import type { SharedRead } from "../../../../shared/graphql/recognise.ts";
import type { Repository } from "../../checkout/repository.ts";
import type { Context } from "../../context.ts";
import { readOwnReviews } from "../../github/own-reviews.ts";
import { told } from "../../github/schemas.ts";
import { parseBody, type ReadOptions } from "../../reads/reads.ts";
import type { PullField } from "../fields.ts";
import { type Beside, rowOf } from "./rows.ts";
import { type QueriedPull, queriedPullSchema } from "./schema.ts";

type Bounds = Pick<ReadOptions, "live">;

/** Whether GraphQL tells a field to everybody alike. */
export function isQueried(field: PullField): boolean {
  return rowOf(field) !== undefined;
}

const oneSchema = z.object({ data: z.object({ repository: z.object({ pullRequest: queriedPullSchema }) }) });

/** One pull request, with what the caller alone is told of its reviews where those are among the fields. */
export async function queryPull(
  context: Context,
  repository: Repository,
  number: number,
  fields: readonly PullField[],
  bounds: Bounds,
): Promise<{ readonly pull: QueriedPull; readonly beside: Beside }> {
  const query = `query($owner: String!, $repo: String!, $number: Int!) { repository(owner: $owner, name: $repo) {
    pullRequest(number: $number) { ${asksOf(fields)} } } }`;
  const answer = await ask(context, query, { ...variablesOf(repository), number }, bounds);
  const pull = parseBody(answer, "/graphql", oneSchema).data.repository.pullRequest;
  // Behind the pool's answer: a pool that has none must not cost the caller a read of their own.
  const showsReviews = fields.includes("reviews") || fields.includes("latestReviews");
  const own = showsReviews ? await readOwnReviews(context, repository, number) : [];
  const associations = new Map(
    own.map((review) => [told(review.node_id, "the id of a review"), review.author_association]),
  );
  return { pull, beside: { listed: false, associations } };
}

/** The fields as gh prints them. */
export function showQueried(
  fields: readonly PullField[],
  { pull, beside }: { readonly pull: QueriedPull; readonly beside: Beside },
  context: Context,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    fields.map((field) => {
      const row = rowOf(field) ?? context.native(`${field} is not derivable`);
      return [field, row.show(pull, context, beside)] as const;
    }),
  );
}

/** In the order of the fields' names: the same fields in any order are the same query. */
function asksOf(fields: readonly PullField[]): string {
  return [...new Set(fields)]
    .toSorted()
    .map((field) => told(rowOf(field)?.ask, field))
    .join(" ");
}

function variablesOf({ owner, name }: Repository) {
  return { owner, repo: name };
}

async function ask(context: Context, query: string, variables: Readonly<Record<string, unknown>>, bounds: Bounds) {
  // Its library is large, and most commands need none of it.
  const { recognise } = await import("../../../../shared/graphql/recognise.ts");
  const found = recognise({ query, variables });
  const read: SharedRead = "read" in found ? found.read : context.native(`GraphQL: ${found.refused}`);
  const answer = await context.reads.raw("/graphql", { graphql: { query, variables, read }, ...bounds });
  if (answer.status !== 200) context.native(`GitHub answered ${answer.status}`);
  return answer;
}
