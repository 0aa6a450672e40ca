/** Checks from a query that some caller made a moment ago, which asks for all fields that others decide by. */
import { unsettledSeconds } from "../../../shared/routes/unsettled.ts";
import { type RepositoryName, repositoryPath } from "../checkout/repository.ts";
import type { Context } from "../context.ts";
import { everyPage } from "../reads/paging.ts";
import { aggregate, type PullRequestCheck } from "./buckets.ts";
import { knownHead } from "./early-checks.ts";
import { locatePull } from "./finder.ts";
import { recentChecks } from "./query/index.ts";

/**
 * A result that is not green may be as old as unsettled checks, and so may such an answer; undefined where there is
 * none. It is not looked for where this machine has the checks itself, or where it saw green last.
 */
export async function glance(
  context: Context,
  selector: string | undefined,
  wasGreen: (repository: RepositoryName, sha: string) => boolean,
): Promise<readonly PullRequestCheck[] | undefined> {
  if (!/^#?\d+$|:\/\//.test(selector ?? "")) return undefined;
  const { repository, at } = await locatePull(context, selector);
  if (typeof at !== "number") return undefined;
  const sha = knownHead(context, repository, at);
  if (sha !== undefined && (wasGreen(repository, sha) || areHere(context, repository, sha))) return undefined;
  const checks = await recentChecks(context, repository, at, unsettledSeconds);
  return checks && aggregate(checks);
}

/** Then they may be younger than such an answer, and have been printed. */
function areHere({ reads }: Context, repository: RepositoryName, sha: string): boolean {
  return reads.isHere(repositoryPath(repository, "commits", sha, "check-runs"), unsettledSeconds, everyPage);
}
