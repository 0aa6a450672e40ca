/** `{owner}`, `{repo}`, `{branch}` and the older `:owner` forms, filled from the checkout. */

import { currentBranch } from "../checkout/branch.ts";
import { CommandFailure } from "../command-failure.ts";
import type { Context } from "../context.ts";

const placeholder = /:(owner|repo|branch)\b|\{([a-z]+)\}/g;

/**
 * Fills the placeholders that gh would fill; other names in braces stay. Git is asked only when a placeholder needs it.
 * @param before gh's prefix for its refusals: of several, the last one is printed
 */
export async function fillPlaceholders(text: string, context: Context, before: string): Promise<string> {
  const names = [...new Set([...text.matchAll(placeholder)].map((match) => match[1] ?? match[2] ?? ""))];
  const values = new Map<string, string>();
  let refusal: CommandFailure | undefined;
  for (const name of names) {
    try {
      const value = await valueFor(name, context, before);
      if (value !== undefined) values.set(name, value);
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error;
      refusal = error;
    }
  }
  if (refusal) throw refusal;
  return text.replace(
    placeholder,
    (whole, colon?: string, brace?: string) => values.get(colon ?? brace ?? "") ?? whole,
  );
}

async function valueFor(name: string, context: Context, before: string): Promise<string | undefined> {
  if (name === "owner") return (await context.repository.names(before)).owner;
  if (name === "repo") return (await context.repository.names(before)).name;
  if (name !== "branch") return undefined;
  if (context.invocation.env.GH_REPO) {
    throw new CommandFailure(`${before}unable to determine an appropriate value for the 'branch' placeholder`);
  }
  return currentBranch(context, before);
}
