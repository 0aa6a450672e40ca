/** Listings of the directories in which GitHub looks for a README, as proof that there is none. */
import * as z from "zod";
import { type RepositoryName, repositoryPath } from "../checkout/repository.ts";
import type { Context } from "../context.ts";
import type { ReadQuery } from "../reads/options.ts";
import { unlessMissing } from "../reads/unless-missing.ts";

const listingSchema = z.array(z.looseObject({ name: z.string() }));
/** GitHub lists no more entries of a directory. */
const mostEntries = 1000;

/** Undefined: not known, or not there. */
type List = (directory: string) => Promise<z.infer<typeof listingSchema> | undefined>;

/** How a directory is listed: as this machine knows it, or by GitHub. */
export function listingsOf(
  context: Context,
  repository: RepositoryName,
  query: ReadQuery,
): Readonly<Record<"recalled" | "read", List>> {
  const pathOf = (directory: string) =>
    repositoryPath(repository, "contents", ...(directory === "" ? [] : [directory]));
  return {
    recalled: (directory) => context.reads.recalled(pathOf(directory), listingSchema, { query }),
    read: (directory) => context.reads.get(pathOf(directory), listingSchema, { query }).catch(unlessMissing),
  };
}

/** Whether it is certain. */
export async function isWithoutReadme(list: List): Promise<boolean> {
  const root = await list("");
  const others = root?.map(({ name }) => name).filter((name) => /^(?:docs|\.github)$/i.test(name)) ?? [];
  const listings = [root, ...(await Promise.all(others.map(list)))];
  return listings.every(
    (listing) => listing && listing.length < mostEntries && !listing.some(({ name }) => /^readme/i.test(name)),
  );
}
