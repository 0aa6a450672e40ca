/**
 * Pull requests from gh's own query, for fields that REST lacks or needs many reads for: one GraphQL query from the
 * pool, of the same shape for any request.
 */
import * as z from "zod";
import type { SharedRead } from "../../../../shared/graphql/recognise.ts";
import type { GraphqlRead } from "../../../reader.ts";
import type { RepositoryName } from "../../checkout/repository.ts";
import type { Context } from "../../context.ts";
import type { CheckContext } from "../../github/commit-checks.ts";
import { readOwnReviews } from "../../github/own-reviews.ts";
import { told } from "../../github/schemas.ts";
import type { ReadOptions } from "../../reads/options.ts";
import { parseBody } from "../../reads/parsed.ts";
import type { PullField } from "../fields.ts";
import { connectionSize } from "../project.ts";
import { checkOf } from "./checks.ts";
import { type Beside, type PullRow, rowOf } from "./rows.ts";
import { type QueriedPull, queriedPullSchema } from "./schema.ts";

type Bounds = Pick<ReadOptions, "live">;

/** Whether GraphQL's value of a field is the same for every caller. */
export function isQueried(field: PullField): boolean {
  return rowOf(field) !== undefined;
}

/** Whether a part of it is the caller's alone. */
function showsReviews(field: PullField): boolean {
  return field === "reviews" || field === "latestReviews";
}

/**
 * Asked for together by every command that decides by checks, in one query regardless of the printed fields, so that
 * many share its answer, and `pr checks` finds it.
 */
const gateFields: readonly PullField[] = [
  "headRefName",
  "headRefOid",
  "isDraft",
  "mergeable",
  "mergedAt",
  "number",
  "reviewDecision",
  "state",
  "statusCheckRollup",
  "title",
  "url",
];

/** Whether that query has all of these fields, the checks among them. */
export function areGateFields(fields: readonly PullField[]): boolean {
  return fields.includes("statusCheckRollup") && fields.every((field) => gateFields.includes(field));
}

function oneQuery(fields: readonly PullField[]): string {
  return `query($owner: String!, $repo: String!, $number: Int!) { repository(owner: $owner, name: $repo) {
    pullRequest(number: $number) { ${asksOf(fields)} } } }`;
}

/** The checks of a pull request's head from such a query of any caller within so many seconds, if all fit. */
export async function recentChecks(
  context: Context,
  repository: RepositoryName,
  number: number,
  within: number,
): Promise<readonly CheckContext[] | undefined> {
  const answer = await context.reads.recent(await gateQuery(context, repository, number), within);
  if (answer?.status !== 200) return undefined;
  const { rollup } = parseBody(answer, "/graphql", oneSchema).data.repository.pullRequest;
  const contexts = rollup?.nodes[0]?.commit.statusCheckRollup?.contexts;
  return contexts?.pageInfo.hasNextPage ? undefined : contexts?.nodes.map(checkOf);
}

/** This machine's last answer to such a query. */
interface LastQuery {
  /** When GitHub gave it, ms since the epoch; 0 without one. */
  readonly at: number;
  readonly head: string | undefined;
}

export async function lastQuery(context: Context, repository: RepositoryName, number: number): Promise<LastQuery> {
  const graphql = await gateQuery(context, repository, number);
  const head = context.reads.heldQuery(graphql, oneSchema)?.data.repository.pullRequest.headRefOid;
  return { at: context.reads.heldAt({ path: "/graphql", graphql }), head };
}

async function gateQuery(context: Context, repository: RepositoryName, number: number): Promise<GraphqlRead> {
  const variables = { ...variablesOf(repository), number };
  const query = oneQuery(gateFields);
  return { query, variables, read: await understood(context, query, variables) };
}

const oneSchema = z.object({ data: z.object({ repository: z.object({ pullRequest: queriedPullSchema }) }) });

/** One pull request, with the caller's own part of its reviews where those are among the fields. */
export async function queryPull(
  context: Context,
  repository: RepositoryName,
  number: number,
  fields: readonly PullField[],
  bounds: Bounds,
): Promise<{ readonly pull: QueriedPull; readonly beside: Beside }> {
  const answer = await ask(
    context,
    oneQuery(areGateFields(fields) ? gateFields : fields),
    { ...variablesOf(repository), number },
    bounds,
  );
  const pull = parseBody(answer, "/graphql", oneSchema).data.repository.pullRequest;
  // After the pool's answer: a pool without one must not cost the caller a read of their own.
  const own = fields.some(showsReviews) ? await readOwnReviews(context, repository, number) : [];
  const associations = new Map(
    own.map((review) => [told(review.node_id, "the id of a review"), review.author_association]),
  );
  return { pull, beside: { listed: false, associations } };
}

const manySchema = z.object({
  data: z.object({ repository: z.object({ pullRequests: z.object({ nodes: z.array(queriedPullSchema) }) }) }),
});

/** A list as gh asks for it where it does not search. */
export interface QueriedPage {
  /** One page. */
  readonly limit: number;
  readonly state: string;
  /** Empty: any. */
  readonly base: string;
  readonly head: string;
}

/** GitHub's states for each of gh's own. */
const states: Readonly<Record<string, readonly string[]>> = {
  open: ["OPEN"],
  closed: ["CLOSED", "MERGED"],
  merged: ["MERGED"],
  all: ["OPEN", "CLOSED", "MERGED"],
};

/** Whether a page of a list can be asked for with these fields: the viewer's part of reviews is asked one by one. */
export function areListed(fields: readonly PullField[], limit: number): boolean {
  return limit <= connectionSize && fields.every((field) => isQueried(field) && !showsReviews(field));
}

/** The query for a page of them. */
export function listQuery(selection: string): string {
  return `query($owner: String!, $repo: String!, $limit: Int!, $states: [PullRequestState!], $base: String,
    $head: String) { repository(owner: $owner, name: $repo) {
    pullRequests(first: $limit, states: $states, baseRefName: $base, headRefName: $head,
      orderBy: {field: CREATED_AT, direction: DESC}) { nodes { ${selection} } } } }`;
}

export function variablesOfList({ limit, state, base, head }: QueriedPage): Readonly<Record<string, unknown>> {
  return { limit, states: states[state] ?? [], ...(base !== "" && { base }), ...(head !== "" && { head }) };
}

/** A page of them, as gh prints them. */
export async function queryPulls(
  context: Context,
  repository: RepositoryName,
  list: QueriedPage,
  fields: readonly PullField[],
  bounds: Bounds,
): Promise<readonly object[]> {
  const query = listQuery(asksOf(fields));
  const answer = await ask(context, query, { ...variablesOf(repository), ...variablesOfList(list) }, bounds);
  const { nodes } = parseBody(answer, "/graphql", manySchema).data.repository.pullRequests;
  const beside = { listed: true, associations: new Map() };
  return nodes.map((pull) => showQueried(fields, { pull, beside }, context, rowOf));
}

/** The fields as gh prints them. */
export function showQueried<P = QueriedPull>(
  fields: readonly PullField[],
  { pull, beside }: { readonly pull: P; readonly beside: Beside },
  context: Context,
  rows: (field: PullField) => PullRow<P> | undefined,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    fields.map((field) => {
      const row = rows(field) ?? context.native(`${field} is not derivable`);
      return [field, row.show(pull, context, beside)] as const;
    }),
  );
}

/** In the order of the fields' names: the same fields in any order are the same query. */
export function asksOf(
  fields: readonly PullField[],
  rows: (field: PullField) => Pick<PullRow, "ask"> | undefined = rowOf,
): string {
  return [...new Set(fields)]
    .toSorted()
    .map((field) => told(rows(field)?.ask, field))
    .join(" ");
}

export function variablesOf({ owner, name }: RepositoryName) {
  return { owner, repo: name };
}

type Variables = Readonly<Record<string, unknown>>;

async function understood(context: Context, query: string, variables: Variables): Promise<SharedRead> {
  // Its library is large, and most commands need none of it.
  const { recognise } = await import("../../../../shared/graphql/recognise.ts");
  const found = recognise({ query, variables });
  return "read" in found ? found.read : context.native(`GraphQL: ${found.refused}`);
}

async function ask(context: Context, query: string, variables: Variables, bounds: Bounds) {
  const read = await understood(context, query, variables);
  const answer = await context.reads.raw("/graphql", { graphql: { query, variables, read }, ...bounds });
  if (answer.status !== 200) context.native(`GitHub answered ${answer.status}`);
  return answer;
}
