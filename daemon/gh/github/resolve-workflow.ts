/** Finds the workflow of a selector (pkg/cmd/workflow/shared ResolveWorkflow). */

import type { RepositoryName } from "../checkout/repository.ts";
import { CommandFailure } from "../command-failure.ts";
import type { Context } from "../context.ts";
import { type RestWorkflow, readNamedWorkflow, readWorkflows } from "./workflows.ts";

/** An id, a file name, or the name of a workflow in one of `states`. Throws gh's own refusal where a name means none or several. */
export async function resolveWorkflow(
  context: Context,
  repository: RepositoryName,
  selector: string,
  states: readonly string[] = ["active"],
): Promise<RestWorkflow> {
  if (/^[+-]?\d+$/.test(selector) || /\.ya?ml$/i.test(selector)) {
    if (!/^[A-Za-z0-9_.-]+$/.test(selector)) return context.native("an unusual workflow file");
    return readNamedWorkflow(context, repository, selector);
  }
  const workflows = await readWorkflows(context, repository);
  const wanted = selector.toLowerCase();
  const found = workflows.filter(({ name, state }) => states.includes(state) && name.toLowerCase() === wanted);
  const [only] = found;
  if (!only) throw new CommandFailure(`could not find any workflows named ${selector}`);
  if (found.length === 1) return only;
  if (context.invocation.tty.stdin && context.style.stdoutTty) return context.native("several workflows of that name");
  const files = found.map(({ path }) => path.split("/").at(-1)).join(" ");
  throw new CommandFailure(`could not resolve to a unique workflow; found: ${files}`);
}
