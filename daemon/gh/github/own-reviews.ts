/**
 * The reviews of a pull request as the caller's own token sees them: with their author associations, and with an unsent
 * one if the caller has it. GitHub shows an unsent review only to its author, in reviews, threads and comments; without
 * one the caller gets the same as every other. The list costs no budget while it is unchanged, since it is asked for
 * with its ETag.
 */
import { type RepositoryName, repositoryPath } from "../checkout/repository.ts";
import type { Context } from "../context.ts";
import { type RestReview, reviewSchema } from "./schemas.ts";

const viewer = "only you see a review that you have not sent";

/** Leaves the command to the real gh unless the caller certainly gets the same answer as every other caller. */
export async function readOwnReviews(
  context: Context,
  repository: RepositoryName,
  number: number,
): Promise<readonly RestReview[]> {
  const path = repositoryPath(repository, "pulls", number, "reviews");
  const reviews = await context.reads.list(path, reviewSchema, { viewer });
  if (reviews.some(({ state }) => state === "PENDING")) context.native(`you have an unsent review of #${number}`);
  return reviews;
}
