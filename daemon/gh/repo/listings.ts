/** Listings of the directories in which GitHub looks for a README, as proof that there is none. */
import * as z from "zod";
import { type RepositoryName, repositoryPath } from "../checkout/repository.ts";
import type { MissingProof } from "../reads/missing.ts";
import type { ReadQuery } from "../reads/options.ts";

const listingSchema = z.array(z.looseObject({ name: z.string() }));
/** GitHub lists no more entries of a directory. */
const mostEntries = 1000;

export function isWithoutReadme(repository: RepositoryName, query: ReadQuery): MissingProof {
  return async (look) => {
    const list = (...directory: string[]) =>
      look(repositoryPath(repository, "contents", ...directory), listingSchema, { query });
    const root = await list();
    const others = root?.map(({ name }) => name).filter((name) => /^(?:docs|\.github)$/i.test(name)) ?? [];
    const listings = [root, ...(await Promise.all(others.map((name) => list(name))))];
    return listings.every(
      (listing) => listing && listing.length < mostEntries && !listing.some(({ name }) => /^readme/i.test(name)),
    );
  };
}
