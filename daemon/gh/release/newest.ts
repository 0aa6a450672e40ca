/**
 * The list of a repository's newest releases, as proof that one is missing: GitHub charges each answer that there is
 * none, and no list that has not changed.
 */
import * as z from "zod";
import { type RepositoryName, repositoryPath } from "../checkout/repository.ts";
import type { Context } from "../context.ts";
import { unlessMissing } from "../reads/unless-missing.ts";
import { type RestRelease, releaseSchema } from "./model.ts";

const listSchema = z.array(releaseSchema);
const count = 30;

/** The list, and what this machine knows of it. */
export function newestReleases(context: Context, repository: RepositoryName, viewer?: string) {
  const path = repositoryPath(repository, "releases");
  const options = { query: [["per_page", String(count)]] as const, viewer };
  return {
    recalled: () => context.reads.recalled(path, listSchema, options),
    /** Undefined where GitHub does not find the repository. */
    read: () => context.reads.get(path, listSchema, options).catch(unlessMissing),
  };
}

/** The list has them all. */
export const isWhole = (newest: readonly RestRelease[] | undefined): newest is readonly RestRelease[] =>
  newest !== undefined && newest.length < count;

/** The latest release; undefined where there is none. */
export async function readLatest<T>(
  context: Context,
  repository: RepositoryName,
  schema: z.ZodType<T>,
): Promise<T | undefined> {
  const newest = newestReleases(context, repository);
  if (isWithoutLatest(await newest.recalled()) && isWithoutLatest(await newest.read())) return undefined;
  const path = repositoryPath(repository, "releases", "latest");
  const latest = await context.reads.get(path, schema).catch(unlessMissing);
  // Read for the next call.
  if (latest === undefined && context.reads.isOwn(path)) await newest.read();
  return latest;
}

function isWithoutLatest(newest: readonly RestRelease[] | undefined): boolean {
  return isWhole(newest) && newest.every(({ draft, prerelease }) => draft || prerelease);
}
