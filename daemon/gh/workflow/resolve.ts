/** Which workflow a selector means (pkg/cmd/workflow/shared ResolveWorkflow). */
import type { Context } from "../context.ts";
import type { Repository } from "../repository.ts";
import { readWorkflow, readWorkflows, type Workflow } from "./reads.ts";

/** An id, a file name, or a name of an active workflow. What names none or several is the real gh's to refuse. */
export async function resolveWorkflow(context: Context, repository: Repository, selector: string): Promise<Workflow> {
  if (/^[+-]?\d+$/.test(selector) || /\.ya?ml$/i.test(selector)) {
    if (!/^[A-Za-z0-9_.-]+$/.test(selector)) return context.native("an unusual workflow file");
    return readWorkflow(context, repository, selector);
  }
  const workflows = await readWorkflows(context, repository);
  const wanted = selector.toLowerCase();
  const found = workflows.filter(({ name, state }) => state === "active" && name.toLowerCase() === wanted);
  const [only] = found;
  return only && found.length === 1 ? only : context.native(`${found.length} workflows of that name`);
}
