/** The pull request that a run's heading names. */
import * as z from "zod";
import { type RepositoryName, repositoryPath } from "../checkout/repository.ts";
import type { Context } from "../context.ts";
import type { RestRun } from "./model.ts";

const pullSchema = z.looseObject({
  number: z.number().int(),
  head: z.looseObject({
    ref: z.string(),
    repo: z.looseObject({ name: z.string(), owner: z.looseObject({ login: z.string() }).nullish() }).nullish(),
  }),
});

/** As far back as it is worth the pool's budget. */
const mostPages = 4;

/**
 * gh takes the newest pull request, from any fork, whose head branch has the run's name, and shows it when it comes
 * from the run's own repository. REST finds those of one owner: none means that gh shows none. Otherwise the newest of
 * all are read, in pages that the relay takes in one answer.
 */
export async function pullNumber(
  context: Context,
  repository: RepositoryName,
  run: RestRun,
): Promise<number | undefined> {
  const branch = run.head_branch ?? "";
  const owner = run.head_repository?.owner?.login ?? "";
  if (branch === "" || owner === "") return context.native("a run without a branch");
  const path = repositoryPath(repository, "pulls");
  const newest = [
    ["state", "all"],
    ["sort", "created"],
    ["direction", "desc"],
  ] as const;
  const own = await context.reads.get(path, z.array(pullSchema), {
    query: [...newest, ["head", `${owner}:${branch}`], ["per_page", "1"]],
  });
  if (own.length === 0) return undefined;
  const [found] = await context.reads.list(path, pullSchema, {
    query: newest,
    perPage: 30,
    maxPages: mostPages,
    limit: 1,
    accept: ({ head }) => head.ref === branch,
    identity: ({ number }) => number,
  });
  if (!found) return context.native("an old pull request of the run's branch");
  const { repo } = found.head;
  const same = repo?.name === run.head_repository?.name && repo?.owner?.login === owner;
  return same ? found.number : undefined;
}
