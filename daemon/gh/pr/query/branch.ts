/** Finds the pull request of a branch whose name many forks use: by gh's own query, with the caller's own token. */
import * as z from "zod";
import type { RepositoryName } from "../../checkout/repository.ts";
import type { Context } from "../../context.ts";
import { queryOwn } from "../../own-query.ts";
import { variablesOf } from "./index.ts";
import { actorSchema, count, nodes, text } from "./schema.ts";

const headed = z.object({
  number: count,
  state: text,
  headRefName: text,
  isCrossRepository: z.boolean(),
  headRepositoryOwner: actorSchema,
});
const dataSchema = z.object({
  repository: z.object({ pullRequests: nodes(headed), defaultBranchRef: z.object({ name: text }).nullable() }),
});

/** The selection of {@link Headed}. */
export const headSelection = "isCrossRepository headRefName headRepositoryOwner { id login ... on User { name } }";

const query = `query PullRequestForBranch($owner: String!, $repo: String!, $headRefName: String!) {
  repository(owner: $owner, name: $repo) {
    pullRequests(headRefName: $headRefName, first: 30, orderBy: { field: CREATED_AT, direction: DESC }) {
      nodes { number state ${headSelection} } }
    defaultBranchRef { name } } }`;

/**
 * Its number: an open one before others, of the newest thirty; undefined where there is none. One of the default branch
 * counts only while it is open.
 *
 * @param head - the branch, after `owner:` for a fork
 */
export async function numberByQuery(
  context: Context,
  repository: RepositoryName,
  head: string,
): Promise<number | undefined> {
  const branch = head.slice(head.indexOf(":") + 1);
  const request = { query, variables: { ...variablesOf(repository), headRefName: branch } };
  const { pullRequests, defaultBranchRef } = (
    await queryOwn(context, request, dataSchema, { why: `${branch} is a name of many branches`, live: false })
  ).repository;
  const open = pullRequests.nodes.toSorted((a, b) => Number(b.state === "OPEN") - Number(a.state === "OPEN"));
  return open.find((pull) => labelOf(pull) === head && (pull.state === "OPEN" || defaultBranchRef?.name !== head))
    ?.number;
}

/** The fields that identify a pull request's branch. */
export interface Headed {
  readonly isCrossRepository?: boolean | undefined;
  readonly headRefName?: string | undefined;
  readonly headRepositoryOwner?: z.infer<typeof actorSchema> | undefined;
}

/** `owner:branch` for a fork, the branch alone otherwise. */
export function labelOf({ isCrossRepository, headRepositoryOwner, headRefName = "" }: Headed): string {
  return isCrossRepository ? `${headRepositoryOwner?.login ?? ""}:${headRefName}` : headRefName;
}
