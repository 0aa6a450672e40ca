/** `gh pr diff`. */

import { type RepositoryName, repositoryPath } from "../checkout/repository.ts";
import { type Call, type Command, defineCommand, type Result, repositoryFlag } from "../command.ts";
import { CommandFailure, GitHubRefusal } from "../command-failure.ts";
import type { Context } from "../context.ts";
import type { FlagTable } from "../flags.ts";
import { trimSpace } from "../go/strings.ts";
import { hasEscapes } from "../reads/sanitize.ts";
import type { GhRelease } from "../versions.ts";
import { findPull, locatePull } from "./finder.ts";

const flags = {
  ...repositoryFlag,
  color: { type: "string", oneOf: ["always", "never", "auto"], default: "auto" },
  "allow-escape-sequences": { type: "bool" },
  "name-only": { type: "bool" },
  patch: { type: "bool" },
} as const satisfies FlagTable;

async function run({ args, flags: given, given: names, context, refuse }: Call<typeof flags>): Promise<Result> {
  if (args.length === 0 && context.repository.flagged) refuse("argument required when using the `--repo` flag");
  if (names.has("allow-escape-sequences") && !context.gh.has("escapesRefused")) context.native("a flag of gh 2.97");
  if (context.style.stdoutTty) context.native("a diff on a terminal is made printable");
  if (given.color === "always" || (given.color === "auto" && context.style.color)) context.native("a coloured diff");
  const form = given.patch && !given["name-only"] ? "patch" : "diff";
  const body = await readDiff(context, args[0], form);
  if (given["name-only"]) return { stdout: changedNames(body, context.gh) };
  if (!given["allow-escape-sequences"] && hasEscapes(body) && context.gh.has("escapesRefused")) {
    throw new CommandFailure(
      "the diff contains terminal escape sequences; pass --allow-escape-sequences to output it anyway",
    );
  }
  return { stdout: body };
}

/** A number is not looked up first: a missing diff shows that there is no such pull request. */
async function readDiff(context: Context, selector: string | undefined, form: "patch" | "diff"): Promise<Uint8Array> {
  const options = { headers: { accept: `application/vnd.github.v3.${form}` } };
  const read = (repository: RepositoryName, number: number) =>
    context.reads.bytes(repositoryPath(repository, "pulls", number), options);
  const { repository, at } = await locatePull(context, selector);
  if (typeof at === "number") {
    try {
      return await read(repository, at);
    } catch (error) {
      if (!(error instanceof GitHubRefusal) || error.status !== 404) throw error;
    }
  }
  const found = await findPull(context, selector, { live: false }).catch(async (error: unknown) => {
    // Older versions of gh ask for the diff of a number without checking that the pull request exists.
    const number = /^#?(\d+)$/.exec(selector ?? "")?.[1];
    if (!(error instanceof CommandFailure) || number === undefined || context.gh.has("numberIsAsked")) throw error;
    const { owner, name } = await context.repository.base();
    const url = `${context.reads.api}/repos/${owner}/${name}/pulls/${Number(number)}`;
    throw new CommandFailure(`could not find pull request diff: HTTP 404: Not Found (${url})`);
  });
  return read(found.repository, found.pull.number);
}

/**
 * The new names in the headers, trimmed. Names that git quotes are left out before gh 2.50, and stand in git's quotes
 * since.
 */
export function changedNames(diff: Uint8Array, gh: GhRelease): string {
  // Bytes, because a diff need not be text; \s is ASCII in Go.
  const text = Buffer.from(diff).toString("latin1");
  const withQuoted = /(?:^|\n)diff[\t\n\f\r ]--git[^\n]*[\t\n\f\r ]("?)b\/([^\n]*)/g;
  const found = [...text.matchAll(withQuoted)].map(([, quote = "", name = ""]) => ({ quote, name }));
  const quoted = found.some(({ quote }) => quote !== "") && gh.has("quotedNames");
  return found
    .filter(({ quote }) => quoted || quote === "")
    .map(({ quote, name }) => `${trimSpace(Buffer.from(quote + name, "latin1").toString("utf8"))}\n`)
    .join("");
}

export const prDiff: Command = defineCommand({
  path: ["pr", "diff"],
  flags,
  arguments: "optional",
  announceCache: true,
  run,
});
