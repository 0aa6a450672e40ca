/**
 * Whether the caller has a review that they have not sent. GitHub shows it to them alone, in reviews, threads and
 * comments; without one they see what everybody sees. REST's list of a pull request's reviews holds it, and costs no
 * budget while it is unchanged, since it is asked for with its ETag.
 */
import * as z from "zod";
import type { SharedRead } from "../../../../shared/graphql/recognise.ts";
import type { Context } from "../../context.ts";

const reviewSchema = z.looseObject({ id: z.number(), state: z.string() });
const viewer = "only you see a review that you have not sent";

/** Leaves the command to the real gh unless the caller surely sees what everybody sees. */
export async function requireNothingUnsent(context: Context, { owner, name, drafts }: SharedRead): Promise<void> {
  if (drafts === "any") context.native("it may show unsent reviews of pull requests that it does not name");
  await Promise.all(
    drafts.map(async (number) => {
      const reviews = await context.reads.list(`/repos/${owner}/${name}/pulls/${number}/reviews`, reviewSchema, {
        viewer,
      });
      if (reviews.some(({ state }) => state === "PENDING")) context.native(`you have an unsent review of #${number}`);
    }),
  );
}
