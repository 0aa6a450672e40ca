/**
 * What a gh command that writes may change in its repository, as tags. A command that is not in the table may change
 * anything: a merge or a push moves branches, closes issues and starts runs.
 */
import type { Tag } from "./tags.ts";

/** A label or a comment may start workflows, and a text may refer to any other issue or pull request. */
const ci: readonly Tag[] = ["runs", "checks", "sha:*", "suite:*"];
const threads: readonly Tag[] = [
  ...["issue:*", "issues", "pull:*", "pulls", "comments:*", "comments", "reviews:*", "rcomments:*", "rcomments"],
  ...["activity:*", "activity", "milestones", "repo"],
  ...ci,
];
const labels: readonly Tag[] = ["labels", "issue:*", "issues", "pull:*", "pulls", "activity:*", "activity", ...ci];
const runs: readonly Tag[] = ["run:*", "job:*", "checkrun:*", "deployments", ...ci];

const table: Readonly<Record<string, Readonly<Record<string, readonly Tag[]>>>> = {
  issue: Object.fromEntries(
    ["comment", "close", "reopen", "edit", "lock", "unlock", "pin", "unpin", "create", "delete"].map((verb) => [
      verb,
      threads,
    ]),
  ),
  pr: Object.fromEntries(
    ["comment", "edit", "ready", "review", "reopen", "lock", "unlock"].map((verb) => [verb, threads]),
  ),
  label: { create: labels, edit: labels, delete: labels },
  run: { rerun: runs, cancel: runs, delete: runs },
};

/** Undefined: anything of the repository. */
export function tagsWrittenBy(args: readonly string[]): readonly Tag[] | undefined {
  const [noun = "", verb = ""] = args;
  return Object.hasOwn(table, noun) ? own(table[noun], verb) : undefined;
}

function own(verbs: Readonly<Record<string, readonly Tag[]>> | undefined, verb: string): readonly Tag[] | undefined {
  return verbs && Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
}
