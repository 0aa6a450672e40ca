/** `gh pr diff`. */

import { repositoryPath } from "../checkout/repository.ts";
import { type Call, type Command, defineCommand, type Result, repositoryFlag } from "../command.ts";
import type { FlagTable } from "../flags.ts";
import { trimSpace } from "../go/strings.ts";
import { findPull } from "./finder.ts";
import { requireSameHead } from "./source.ts";

const flags = {
  ...repositoryFlag,
  color: { type: "string", oneOf: ["always", "never", "auto"], default: "auto" },
  "name-only": { type: "bool" },
  patch: { type: "bool" },
} as const satisfies FlagTable;

async function run({ args, flags: given, context }: Call<typeof flags>): Promise<Result> {
  if (context.style.stdoutTty) context.native("a diff on a terminal is made printable");
  if (given.color === "always" || (given.color === "auto" && context.style.color)) context.native("a coloured diff");
  const { repository, pull } = await findPull(context, args[0], { live: false });
  const form = given.patch && !given["name-only"] ? "patch" : "diff";
  const body = await context.reads.bytes(repositoryPath(repository, "pulls", pull.number), {
    headers: { accept: `application/vnd.github.v3.${form}` },
  });
  await requireSameHead(context, repository, pull);
  return { stdout: given["name-only"] ? changedNames(body) : body };
}

/** The new names in the headers. Names that git quotes are left out, as gh 2.46 leaves them out. */
export function changedNames(diff: Uint8Array): string {
  // Bytes, because a diff need not be text; \s is ASCII in Go.
  const text = Buffer.from(diff).toString("latin1");
  return [...text.matchAll(/(?:^|\n)diff[\t\n\f\r ]--git[^\n]*[\t\n\f\r ]b\/([^\n]*)/g)]
    .map((match) => `${trimSpace(Buffer.from(match[1] ?? "", "latin1").toString("utf8"))}\n`)
    .join("");
}

export const prDiff: Command = defineCommand({ path: ["pr", "diff"], flags, maxArgs: 1, announceCache: true, run });
