/**
 * The reviews of a pull request as the caller's own token sees them: what their authors are to the repository, and
 * whether the caller has one that was not sent. GitHub shows that to them alone, in reviews, threads and comments;
 * without one they see what everybody sees. The list costs no budget while it is unchanged, since it is asked for with
 * its ETag.
 */
import { type Repository, repositoryPath } from "../checkout/repository.ts";
import type { Context } from "../context.ts";
import { type RestReview, reviewSchema } from "./schemas.ts";

const viewer = "only you see a review that you have not sent";

/** Leaves the command to the real gh unless the caller surely sees what everybody sees. */
export async function readOwnReviews(
  context: Context,
  repository: Repository,
  number: number,
): Promise<readonly RestReview[]> {
  const path = repositoryPath(repository, "pulls", number, "reviews");
  const reviews = await context.reads.list(path, reviewSchema, { viewer });
  if (reviews.some(({ state }) => state === "PENDING")) context.native(`you have an unsent review of #${number}`);
  return reviews;
}
