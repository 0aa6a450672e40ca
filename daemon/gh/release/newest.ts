/** The list of a repository's newest releases, as proof that one is missing. */
import * as z from "zod";
import { type RepositoryName, repositoryPath } from "../checkout/repository.ts";
import type { Context } from "../context.ts";
import { type MissingProof, readUnlessMissing } from "../reads/missing.ts";
import { type RestRelease, releaseSchema } from "./model.ts";

const listSchema = z.array(releaseSchema);
const count = 30;

/** How the list is read. */
export function newestReleases(repository: RepositoryName, viewer?: string) {
  const query = [["per_page", String(count)]] as const;
  return [repositoryPath(repository, "releases"), listSchema, { query, viewer }] as const;
}

/** The list has them all. */
export const isWhole = (newest: readonly RestRelease[] | undefined): newest is readonly RestRelease[] =>
  newest !== undefined && newest.length < count;

/** The latest release; undefined where there is none. */
export function readLatest<T>(
  { reads }: Context,
  repository: RepositoryName,
  schema: z.ZodType<T>,
): Promise<T | undefined> {
  const proof: MissingProof = async (look) => {
    const newest = await look(...newestReleases(repository));
    return isWhole(newest) && newest.every(({ draft, prerelease }) => draft || prerelease);
  };
  return readUnlessMissing(reads, repositoryPath(repository, "releases", "latest"), schema, { proof });
}
