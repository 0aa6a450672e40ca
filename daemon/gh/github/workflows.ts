/** Workflows as GitHub's REST API has them. */
import * as z from "zod";
import { type RepositoryName, repositoryPath } from "../checkout/repository.ts";
import type { Context } from "../context.ts";
import { orNotFound } from "./not-found.ts";

const workflowSchema = z.looseObject({
  id: z.number().int(),
  name: z.string(),
  path: z.string(),
  state: z.string(),
});
export type RestWorkflow = z.infer<typeof workflowSchema>;

const workflowsSchema = z.looseObject({ total_count: z.number().int(), workflows: z.array(workflowSchema) });

/** A repository's workflows, all or the first few. */
export async function readWorkflows(
  context: Context,
  repository: RepositoryName,
  limit?: number,
): Promise<readonly RestWorkflow[]> {
  const { items } = await context.reads.envelopeUpTo(
    repositoryPath(repository, "actions", "workflows"),
    workflowsSchema,
    (body) => ({ items: body.workflows, total: body.total_count }),
    { identity: ({ id }) => id, ...(limit !== undefined && { limit, perPage: Math.min(limit, 100) }) },
  );
  return items;
}

/** One workflow, by its id or the name of its file. */
export function readWorkflow(
  context: Context,
  repository: RepositoryName,
  key: string | number,
): Promise<RestWorkflow> {
  const path = repositoryPath(repository, "actions", "workflows", encodeURIComponent(String(key)));
  return context.reads.get(path, workflowSchema);
}

/** {@link readWorkflow} of one that a user named: gh's own failure where there is none. */
export function readNamedWorkflow(context: Context, repository: RepositoryName, key: string): Promise<RestWorkflow> {
  const words = context.gh.has("workflowNotFound") ? `workflow ${key} not found on the default branch` : undefined;
  const url = repositoryPath(repository, "actions", "workflows", encodeURIComponent(key));
  return orNotFound(readWorkflow(context, repository, key), { url, ...(words !== undefined && { words }) });
}
