/** A pull request as GraphQL answers, as far as the fields of gh are made of it; a field is there if it was asked for. */
import * as z from "zod";

export const count = z.number().int().nonnegative();
export const text = z.string();

export const nodes = <T extends z.ZodType>(node: T) => z.object({ nodes: z.array(node) });
/** A list of which gh takes a hundred. */
export const whole = <T extends z.ZodType>(node: T) => z.object({ totalCount: count, nodes: z.array(node) });

export const actorSchema = z.object({ login: text, id: text.optional(), name: text.nullish() }).nullable();

export const reactionGroups = z.array(z.object({ content: text, users: z.object({ totalCount: count }) })).nullable();
export type QueriedReactions = z.infer<typeof reactionGroups>;

export const reviewSchema = z.object({
  id: text,
  author: z.object({ login: text }).nullable(),
  submittedAt: text.nullable(),
  body: text,
  state: text,
  commit: z.object({ oid: text }).nullish(),
  reactionGroups: reactionGroups.optional(),
});
export type QueriedReview = z.infer<typeof reviewSchema>;

const commitSchema = z.object({
  commit: z.object({
    oid: text,
    messageHeadline: text,
    messageBody: text,
    authoredDate: text,
    committedDate: text,
    authors: nodes(
      z.object({
        name: text.nullable(),
        email: text.nullable(),
        user: z.object({ id: text, login: text }).nullable(),
      }),
    ),
  }),
});
export type QueriedCommit = z.infer<typeof commitSchema>;

export const checkSchema = z.discriminatedUnion("__typename", [
  z.object({
    __typename: z.literal("CheckRun"),
    name: text,
    checkSuite: z
      .object({ workflowRun: z.object({ event: text, workflow: z.object({ name: text }) }).nullable() })
      .nullable(),
    status: text,
    conclusion: text.nullable(),
    startedAt: text.nullable(),
    completedAt: text.nullable(),
    detailsUrl: text.nullable(),
  }),
  z.object({
    __typename: z.literal("StatusContext"),
    context: text,
    state: text,
    targetUrl: text.nullable(),
    createdAt: text,
    description: text.nullable(),
  }),
]);
export type QueriedCheck = z.infer<typeof checkSchema>;

const contexts = z.object({ nodes: z.array(checkSchema), pageInfo: z.object({ hasNextPage: z.boolean() }) });

export const queriedPullSchema = z
  .object({
    additions: count,
    assignees: whole(z.object({ id: text, login: text, name: text.nullable(), databaseId: count.nullable() })),
    author: actorSchema,
    baseRefName: text,
    baseRefOid: text,
    body: text,
    changedFiles: count,
    closed: z.boolean(),
    closedAt: text.nullable(),
    commits: whole(commitSchema),
    createdAt: text,
    deletions: count,
    files: whole(z.object({ path: text, additions: count, deletions: count, changeType: text })).nullable(),
    fullDatabaseId: text.nullable(),
    headRefName: text,
    headRefOid: text,
    headRepositoryOwner: actorSchema,
    id: text,
    isCrossRepository: z.boolean(),
    isDraft: z.boolean(),
    labels: whole(z.object({ id: text, name: text, description: text.nullable(), color: text })).nullable(),
    latestReviews: nodes(reviewSchema).nullable(),
    mergeCommit: z.object({ oid: text }).nullable(),
    mergeable: text,
    mergedAt: text.nullable(),
    mergedBy: actorSchema,
    milestone: z
      .object({ number: count, title: text, description: text.nullable(), dueOn: text.nullable() })
      .nullable(),
    number: count,
    reactionGroups,
    reviewDecision: text.nullable(),
    reviews: whole(reviewSchema).nullable(),
    state: text,
    rollup: nodes(z.object({ commit: z.object({ statusCheckRollup: z.object({ contexts }).nullable() }) })),
    title: text,
    updatedAt: text,
    url: text,
  })
  .partial();
export type QueriedPull = z.infer<typeof queriedPullSchema>;
