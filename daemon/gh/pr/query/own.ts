/** Pull requests from gh's own query, with the caller's own token, for fields that REST and the pool lack. */
import * as z from "zod";
import type { GraphqlRequest } from "../../../../shared/graphql/recognise.ts";
import { NativeRequired } from "../../../reader.ts";
import type { RepositoryName } from "../../checkout/repository.ts";
import type { Context } from "../../context.ts";
import { type OwnQuery, queryOwn } from "../../own-query.ts";
import { type PullField, planFields } from "../fields.ts";
import { asksOf, listQuery, type QueriedPage, showQueried, variablesOf, variablesOfList } from "./index.ts";
import { ownRowOf } from "./own-rows.ts";
import { type OwnPull, ownPullSchema } from "./own-schema.ts";

/** Whether every field can be asked so. */
export function areAsked(fields: readonly PullField[]): boolean {
  return fields.every((field) => ownRowOf(field) !== undefined);
}

/** The selection of these fields in a pull request. */
export function selectionOf(fields: readonly PullField[]): string {
  return asksOf(fields, ownRowOf);
}

/** The fields as gh prints them. */
export function showOwn(fields: readonly PullField[], pull: OwnPull, listed: boolean, context: Context): object {
  const reviews = [...(pull.reviews?.nodes ?? []), ...(pull.latestReviews?.nodes ?? [])];
  const associations = new Map(reviews.map(({ id, authorAssociation = "" }) => [id, authorAssociation]));
  const queried = { pull, beside: { listed, associations } };
  return showQueried(fields, queried, context, ownRowOf);
}

const one = z.object({ repository: z.object({ pullRequest: ownPullSchema }) });

/** Errors that only mean that the query costs less than the reads. */
const cheaper = new WeakSet<NativeRequired>();

/** Leaves the reads to the query that {@link orByOwnQuery} asks; the reason has the difference in cost. */
export function leaveToQuery(less: string): never {
  const left = new NativeRequired(`gh's own query costs less: ${less}`);
  cheaper.add(left);
  throw left;
}

/**
 * Reads the fields by the other ways; where these leave the command to gh, by gh's own query, if it is known for all of
 * them. Where that fails and was only chosen for its cost, the other ways are used.
 *
 * @param read - gets whether the query may be asked in its place
 */
export async function orByOwnQuery<T>(
  read: (mayAsk: boolean) => Promise<T>,
  { context, fields }: { readonly context: Context; readonly fields: readonly PullField[] },
  ask: (settings: OwnQuery) => Promise<T>,
): Promise<T> {
  const isAsked = areAsked(fields);
  try {
    return await read(isAsked);
  } catch (error) {
    const left = error instanceof NativeRequired && !context.signal.aborted && isAsked;
    if (!left) throw error;
    const costsLess = cheaper.has(error);
    // Kept for its cost, the query must be as live as the reads that it replaces.
    const why = costsLess ? error.reason : `${fields.join(", ")}: gh's own query`;
    return ask({ why, live: costsLess || planFields(fields).live }).catch((failure: unknown) => {
      if (!(failure instanceof NativeRequired)) throw failure;
      if (costsLess && !context.signal.aborted) return read(false);
      throw error;
    });
  }
}

/** One pull request. */
export async function askOwnPull(
  context: Context,
  { repository, number, fields }: { repository: RepositoryName; number: number; fields: readonly PullField[] },
  settings: OwnQuery,
): Promise<object> {
  const request = requestOfOne(repository, number, fields);
  const { pullRequest } = (await queryOwn(context, request, one, settings)).repository;
  return showOwn(fields, pullRequest, false, context);
}

export function requestOfOne(repository: RepositoryName, number: number, fields: readonly PullField[]): GraphqlRequest {
  const query = `query PullRequestByNumber($owner: String!, $repo: String!, $pr_number: Int!) {
    repository(owner: $owner, name: $repo) { pullRequest(number: $pr_number) { ${selectionOf(fields)} } } }`;
  return { query, variables: { ...variablesOf(repository), pr_number: number } };
}

const many = z.object({
  repository: z.object({ pullRequests: z.object({ nodes: z.array(ownPullSchema) }) }),
});

/** A page of a list that gh does not search for. */
export async function askOwnPulls(
  context: Context,
  { repository, list, fields }: { repository: RepositoryName; list: QueriedPage; fields: readonly PullField[] },
  settings: OwnQuery,
): Promise<readonly object[]> {
  const request = requestOfPage(repository, list, fields);
  const { nodes } = (await queryOwn(context, request, many, settings)).repository.pullRequests;
  return nodes.map((pull) => showOwn(fields, pull, true, context));
}

export function requestOfPage(
  repository: RepositoryName,
  list: QueriedPage,
  fields: readonly PullField[],
): GraphqlRequest {
  return {
    query: listQuery(selectionOf(fields)),
    variables: { ...variablesOf(repository), ...variablesOfList(list) },
  };
}
