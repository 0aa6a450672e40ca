/** One pull request with everything that was read for it, and the functions that read it. */

import { type RepositoryName, repositoryPath } from "../checkout/repository.ts";
import type { Context } from "../context.ts";
import { type CheckContext, readChecks } from "../github/commit-checks.ts";
import {
  issueSchema,
  pullCommitSchema,
  pullFileSchema,
  pullSchema,
  type RestIssue,
  type RestPull,
  type RestPullCommit,
  type RestPullListItem,
} from "../github/schemas.ts";
import type { ReadOptions } from "../reads/options.ts";
import type { EarlyChecks } from "./early-checks.ts";
import type { FieldPlan } from "./fields.ts";

interface PullFile {
  readonly filename: string;
  readonly additions: number;
  readonly deletions: number;
  readonly status: string;
}

/** The source of the field projections; a part is present when the plan needed it. */
export interface PullSource {
  /** One of a list: gh's query for lists takes only the first of each connection. */
  readonly listed?: boolean;
  readonly pull: RestPullListItem;
  readonly detail?: RestPull;
  readonly issue?: RestIssue;
  readonly files?: readonly PullFile[];
  readonly commits?: readonly RestPullCommit[];
  readonly checks?: readonly CheckContext[];
}

export function readPull(
  context: Context,
  repository: RepositoryName,
  number: number,
  bounds: Pick<ReadOptions, "live" | "within">,
): Promise<RestPull> {
  return context.reads.get(repositoryPath(repository, "pulls", number), pullSchema, bounds);
}

/**
 * Reads the plan's needs beyond the pull itself, all at once, then makes sure that the head has not moved. Checks
 * are asked for by their commit: they are those of the head that was just read, even if it moves meanwhile.
 */
export async function hydrate(
  context: Context,
  repository: RepositoryName,
  pull: RestPullListItem,
  detail: RestPull | undefined,
  plan: FieldPlan,
  early?: EarlyChecks,
): Promise<PullSource> {
  const { needs, live } = plan;
  const at = (...segments: string[]) => repositoryPath(repository, "pulls", pull.number, ...segments);
  const [issue, files, commits, checks] = await Promise.all([
    needs.has("issue") &&
      context.reads.get(repositoryPath(repository, "issues", pull.number), issueSchema, { live: false }),
    needs.has("files") && context.reads.list(at("files"), pullFileSchema, { identity: (file) => file.filename }),
    needs.has("commits") && context.reads.list(at("commits"), pullCommitSchema, { identity: (commit) => commit.sha }),
    needs.has("checks") && checksOf(context, repository, pull.head.sha, { live, early }),
  ]);
  if (files || commits || (checks && !live)) await requireSameHead(context, repository, pull);
  return {
    pull,
    ...(detail && { detail }),
    ...(issue && { issue }),
    ...(files && { files }),
    ...(commits && { commits }),
    ...(checks && { checks }),
  };
}

function checksOf(
  context: Context,
  repository: RepositoryName,
  sha: string,
  { live, early }: { readonly live: boolean; readonly early: EarlyChecks | undefined },
): Promise<readonly CheckContext[]> {
  return early ? early.of(repository, sha) : readChecks(context, repository, sha, { live: live && "vouched" });
}

/** Files and commits are of one head: it is asked again, live, after they were read. */
export async function requireSameHead(
  context: Context,
  repository: RepositoryName,
  pull: RestPullListItem,
): Promise<void> {
  const again = await readPull(context, repository, pull.number, { live: true });
  if (again.head.sha !== pull.head.sha) context.native("the head moved while it was read");
}
