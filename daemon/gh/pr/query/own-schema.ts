/** The fields of a pull request whose GraphQL value depends on the caller, or that the pool's policy leaves out. */
import * as z from "zod";
import { actorSchema, count, nodes, queriedPullSchema, reactionGroups, reviewSchema, text, whole } from "./schema.ts";

const person = z.discriminatedUnion("__typename", [
  z.object({ __typename: z.literal("User"), login: text }),
  z.object({ __typename: z.literal("Team"), organization: z.object({ login: text }), name: text, slug: text }),
]);

const comment = z.object({
  id: text,
  author: z.object({ login: text }).nullable(),
  authorAssociation: text,
  body: text,
  createdAt: text,
  includesCreatedEdit: z.boolean(),
  isMinimized: z.boolean(),
  minimizedReason: text.nullable(),
  reactionGroups,
  url: text,
  viewerDidAuthor: z.boolean(),
});

const ownReview = reviewSchema.extend({ authorAssociation: text });

export const ownPullSchema = queriedPullSchema.extend({
  autoMergeRequest: z
    .object({
      authorEmail: text.nullable(),
      commitBody: text.nullable(),
      commitHeadline: text.nullable(),
      mergeMethod: text,
      enabledAt: text,
      enabledBy: actorSchema,
    })
    .nullish(),
  comments: whole(comment).optional(),
  headRepository: z.object({ id: text, name: text, nameWithOwner: text.optional() }).nullish(),
  latestReviews: nodes(ownReview).nullish(),
  maintainerCanModify: z.boolean().optional(),
  mergeStateStatus: text.optional(),
  potentialMergeCommit: z.object({ oid: text }).nullish(),
  reviewRequests: z.object({ totalCount: count, nodes: z.array(z.object({ requestedReviewer: person })) }).nullish(),
  reviews: whole(ownReview).nullish(),
});
export type OwnPull = z.infer<typeof ownPullSchema>;
