/**
 * Answers whose own body shows that their repository is public. GitHub puts the repository into pull requests, runs and
 * combined statuses; its `private` there is the one of the repository's own view. An answer under an unexpired proof
 * renews that proof, without a further request.
 */
import * as z from "zod";
import type { RouteKind } from "../../shared/routes/index.ts";

const publicRepository = z.object({ full_name: z.string(), private: z.literal(false) });
const based = z.object({ base: z.object({ repo: publicRepository }) }).transform(({ base }) => base.repo);
const owned = z.object({ repository: publicRepository }).transform(({ repository }) => repository);
const listed = <T extends z.ZodType>(item: T) => z.array(item).min(1);
const runs = z.object({ workflow_runs: listed(owned) }).transform(({ workflow_runs }) => workflow_runs);

const one = (schema: z.ZodType<Named>) => schema.transform((repository) => [repository]);
type Named = z.output<typeof publicRepository>;

/**
 * The field in which each kind of answer names its repository; an answer without one, or with another one, proves
 * nothing.
 */
const tellers: Partial<Record<RouteKind, z.ZodType<readonly Named[]>>> = {
  pr_view: one(based),
  pr_list: listed(based),
  run_view: one(owned),
  run_list: runs,
  workflow_run_list: runs,
  commit_status: one(owned),
  commit_status_ref: one(owned),
};

/** Whether answers of this kind may show it. */
export function mayTellPublic(kind: RouteKind): boolean {
  return tellers[kind] !== undefined;
}

/**
 * Whether the answer shows that this repository is public.
 *
 * @param repo `owner/name` in lower case
 * @param body GitHub's answer, parsed; a reduced one has no repository that is not public, and so proves nothing
 */
export function tellsPublic(kind: RouteKind, repo: string, body: unknown): boolean {
  const named = tellers[kind]?.safeParse(body).data ?? [];
  return named.length > 0 && named.every(({ full_name }) => full_name.toLowerCase() === repo);
}
