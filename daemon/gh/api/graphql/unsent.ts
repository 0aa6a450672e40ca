/** Whether a query's answer would show the caller's own unsent review. */
import type { SharedRead } from "../../../../shared/graphql/recognise.ts";
import type { Context } from "../../context.ts";
import { readOwnReviews } from "../../github/own-reviews.ts";

/** Leaves the command to the real gh unless the caller certainly gets the same answer as every other caller. */
export async function requireNothingUnsent(context: Context, { drafts, ...repository }: SharedRead): Promise<void> {
  if (drafts === "any") context.native("it may show unsent reviews of pull requests that it does not name");
  await Promise.all(drafts.map((number) => readOwnReviews(context, repository, number)));
}
