/**
 * When a pull request's checks are worth one query of the pool. REST takes three requests or more for them: free for a
 * machine that looks again and again, as long as nothing changes. After a while, something mostly has.
 */
import { type RepositoryName, repositoryPath } from "../checkout/repository.ts";
import type { Context } from "../context.ts";
import { everyPage } from "../reads/paging.ts";
import { knownHead } from "./early-checks.ts";
import { lastQuery } from "./query/index.ts";

/** The least time since this machine's last look; measured with `npm run bench -- team`. */
const pauseMs = 60_000;

interface LastLook {
  /** REST would cost as much as one query, or take longer. */
  readonly isQueryDue: boolean;
  /** The head that this machine saw last, if any. */
  readonly head: string | undefined;
}

/** Sends no request. */
export async function lastLook(context: Context, repository: RepositoryName, number: number): Promise<LastLook> {
  const { reads } = context;
  const readHead = knownHead(context, repository, number);
  const checksOf = (commit: string) => repositoryPath(repository, "commits", commit, "check-runs");
  // Then no query is asked, and the library that reads one is not loaded.
  if (reads.isOwn(checksOf("HEAD")) || reads.isPushed(checksOf("HEAD"))) return { isQueryDue: false, head: readHead };
  const queried = await lastQuery(context, repository, number);
  const head = readHead ?? queried.head;
  const readAt = head === undefined ? 0 : reads.heldAt({ path: checksOf(head), query: everyPage });
  return { isQueryDue: context.now() - Math.max(readAt, queried.at) >= pauseMs, head };
}
