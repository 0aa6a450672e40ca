/** The `projects:` line of an issue or a pull request. */
import type { Context } from "../context.ts";

/**
 * The text after `projects:`. Classic projects, which gh up to 2.60 lists, no longer exist on github.com. Later
 * versions ask for the others by GraphQL only; for a token without the scope GitHub names none, and gh leaves the line
 * empty.
 */
export async function projectsLine(context: Context): Promise<string> {
  if (!context.gh.has("projects")) return "";
  const scopes = await context.reads.viewerScopes();
  if (scopes === undefined) context.native("projects, for a token that does not tell its scopes");
  if (scopes.some((scope) => scope === "project" || scope === "read:project")) {
    context.native("projects, which REST does not tell");
  }
  return "";
}
