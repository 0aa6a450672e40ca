/**
 * Pull requests as the caller's own gh would be told them: by gh's own query, with the caller's own token, for what
 * neither REST nor the pool can say.
 */
import * as z from "zod";
import { NativeRequired } from "../../../reader.ts";
import type { Repository } from "../../checkout/repository.ts";
import type { Context } from "../../context.ts";
import { queryOwn } from "../../own-query.ts";
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
function settingsOf(fields: readonly PullField[]) {
  return { why: `${fields.join(", ")}: gh's own query`, live: planFields(fields).live };
}

/**
 * What the other ways say of the fields; where they leave the command to gh, gh's own query, if it is known for all of
 * them.
 */
export async function orByOwnQuery<T>(
  answer: Promise<T>,
  { context, fields }: { readonly context: Context; readonly fields: readonly PullField[] },
  ask: () => Promise<T>,
): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const left = error instanceof NativeRequired && !context.signal.aborted && areAsked(fields);
    if (!left) throw error;
    return ask().catch((failure: unknown) => {
      throw failure instanceof NativeRequired ? error : failure;
    });
  }
}

/** One pull request. */
export async function askOwnPull(
  context: Context,
  repository: Repository,
  number: number,
  fields: readonly PullField[],
): Promise<object> {
  const query = `query PullRequestByNumber($owner: String!, $repo: String!, $pr_number: Int!) {
    repository(owner: $owner, name: $repo) { pullRequest(number: $pr_number) { ${selectionOf(fields)} } } }`;
  const variables = { ...variablesOf(repository), pr_number: number };
  const { pullRequest } = (await queryOwn(context, { query, variables }, one, settingsOf(fields))).repository;
  return showOwn(fields, pullRequest, false, context);
}

const many = z.object({
  repository: z.object({ pullRequests: z.object({ nodes: z.array(ownPullSchema) }) }),
});

/** A page of a list that gh does not search for. */
export async function askOwnPulls(
  context: Context,
  repository: Repository,
  list: QueriedPage,
  fields: readonly PullField[],
): Promise<readonly object[]> {
  const request = {
    query: listQuery(selectionOf(fields)),
    variables: { ...variablesOf(repository), ...variablesOfList(list) },
  };
  const { nodes } = (await queryOwn(context, request, many, settingsOf(fields))).repository.pullRequests;
  return nodes.map((pull) => showOwn(fields, pull, true, context));
}
