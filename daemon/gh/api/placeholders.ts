/** `{owner}`, `{repo}`, `{branch}` and the older `:owner` forms, filled from the checkout. */

import { currentBranch } from "../checkout/branch.ts";
import type { Context } from "../context.ts";

const placeholder = /:(owner|repo|branch)\b|\{([a-z]+)\}/g;

/** Fills what gh would fill; other names in braces stay. Git is asked only when there is something to fill. */
export async function fillPlaceholders(text: string, context: Context): Promise<string> {
  const names = new Set([...text.matchAll(placeholder)].map((match) => match[1] ?? match[2] ?? ""));
  const values = new Map<string, string>();
  if (names.has("owner") || names.has("repo")) {
    const { owner, name } = await context.repository.base();
    values.set("owner", owner).set("repo", name);
  }
  if (names.has("branch")) {
    if (context.invocation.env.GH_REPO) context.native("no branch to fill in with GH_REPO set");
    values.set("branch", await currentBranch(context));
  }
  return text.replace(
    placeholder,
    (whole, colon?: string, brace?: string) => values.get(colon ?? brace ?? "") ?? whole,
  );
}
