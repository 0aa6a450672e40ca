/** gh's own query for the caller's pull requests. */
import * as z from "zod";
import type { RepositoryName } from "../../checkout/repository.ts";
import type { Context } from "../../context.ts";
import { queryOwn } from "../../own-query.ts";
import { type Headed, headSelection, labelOf } from "./branch.ts";
import { variablesOf } from "./index.ts";
import { actorSchema, count, nodes, text } from "./schema.ts";

const counts = z.array(z.object({ state: text, count })).nullish();
const rollup = nodes(
  z.object({
    commit: z.object({
      statusCheckRollup: z
        .object({
          contexts: z.object({
            checkRunCount: count,
            checkRunCountsByState: counts,
            statusContextCount: count,
            statusContextCountsByState: counts,
          }),
        })
        .nullable(),
    }),
  }),
);
const rule = z.object({
  requiresStrictStatusChecks: z.boolean().nullish(),
  requiredApprovingReviewCount: count.nullish(),
});

/** gh's selection for printing it, and the parser of the answer; JSON asks for its fields instead. */
export const shownSchema = z.object({
  number: count,
  title: text,
  state: text,
  isCrossRepository: z.boolean(),
  headRefName: text,
  headRepositoryOwner: actorSchema,
  mergeStateStatus: text,
  mergeable: text.optional(),
  baseRef: z.object({ branchProtectionRule: rule.nullable() }).nullable(),
  autoMergeRequest: z.object({ enabledAt: text }).nullable(),
  statusCheckRollup: rollup,
  reviewDecision: text.nullish(),
  latestReviews: nodes(z.object({ state: text })).nullish(),
});
export type ShownPull = z.infer<typeof shownSchema>;

const counted =
  "checkRunCount checkRunCountsByState { state count } statusContextCount statusContextCountsByState { state count }";

/** @param conflicts - whether the conflicts are asked for, too */
export function shownSelection(conflicts: boolean): Selection {
  return {
    all: `number title state ${headSelection} mergeStateStatus ${conflicts ? "mergeable" : ""}
      baseRef { branchProtectionRule { requiresStrictStatusChecks } } autoMergeRequest { enabledAt }
      statusCheckRollup: commits(last: 1) { nodes { commit { statusCheckRollup { contexts { ${counted} } } } } }`,
    own: "reviewDecision latestReviews(first: 100) { nodes { state } }",
  };
}

/** With the fields that identify its branch. */
export function fieldsSelection(selection: string): Selection {
  return { all: `${headSelection} ${selection}`, own: "" };
}

interface Selection {
  readonly all: string;
  /** Of the caller's and the branch's, not of those that wait for a review. */
  readonly own: string;
}

interface Asked<P> {
  readonly repository: RepositoryName;
  /** The number of the branch's pull request, or the label of its head; empty for none. */
  readonly head: string | number;
  readonly selection: Selection;
  readonly pull: z.ZodType<P>;
}

interface Some<P> {
  readonly total: number;
  readonly nodes: readonly P[];
}

export interface StatusAnswer<P> {
  readonly created: Some<P>;
  readonly requested: Some<P>;
  /** The branch's. */
  readonly current: P | undefined;
  readonly defaultBranch: string;
}

const mostShown = 10;

export async function askStatus<P extends Headed>(
  context: Context,
  { repository, head, selection, pull }: Asked<P>,
): Promise<StatusAnswer<P>> {
  const found = z.object({ totalCount: count, edges: z.array(z.object({ node: pull })) });
  const data = z.object({
    repository: z.object({
      defaultBranchRef: z.object({ name: text }).nullable(),
      pullRequests: z.object({ edges: z.array(z.object({ node: pull })) }).optional(),
      pullRequest: pull.optional(),
    }),
    viewerCreated: found,
    reviewRequested: found,
  });
  const { owner, name } = repository;
  const variables = {
    ...variablesOf(repository),
    viewerQuery: `repo:${owner}/${name} state:open is:pr author:@me`,
    reviewerQuery: `repo:${owner}/${name} state:open review-requested:@me`,
    ...(typeof head === "number" ? { number: head } : { headRefName: head.slice(head.indexOf(":") + 1) }),
  };
  const request = { query: queryOf(typeof head === "number", selection), variables };
  const answer = await queryOwn(context, request, data, { why: "pr status depends on the caller", live: true });
  const { defaultBranchRef, pullRequests, pullRequest } = answer.repository;
  const ofBranch = pullRequests?.edges.find(({ node }) => labelOf(node) === head)?.node;
  return {
    created: someOf(answer.viewerCreated),
    requested: someOf(answer.reviewRequested),
    current: pullRequest ?? ofBranch,
    defaultBranch: defaultBranchRef?.name ?? "",
  };
}

function someOf<P>({ totalCount, edges }: { totalCount: number; edges: readonly { node: P }[] }): Some<P> {
  return { total: totalCount, nodes: edges.map(({ node }) => node) };
}

function queryOf(byNumber: boolean, { all, own }: Selection): string {
  const ofBranch = byNumber
    ? `pullRequest(number: $number) { ...prWithReviews
        baseRef { branchProtectionRule { requiredApprovingReviewCount } } }`
    : `pullRequests(headRefName: $headRefName, first: ${mostShown}, orderBy: { field: CREATED_AT, direction: DESC }) {
        edges { node { ...prWithReviews } } }`;
  const search = (query: string, fragment: string) =>
    `search(query: ${query}, type: ISSUE, first: ${mostShown}) { totalCount: issueCount edges { node { ...${fragment} } } }`;
  return `fragment pr on PullRequest { ${all} } fragment prWithReviews on PullRequest { ...pr ${own} }
    query PullRequestStatus($owner: String!, $repo: String!, ${byNumber ? "$number: Int!" : "$headRefName: String!"},
      $viewerQuery: String!, $reviewerQuery: String!) {
      repository(owner: $owner, name: $repo) { defaultBranchRef { name } ${ofBranch} }
      viewerCreated: ${search("$viewerQuery", "prWithReviews")}
      reviewRequested: ${search("$reviewerQuery", "pr")} }`;
}
