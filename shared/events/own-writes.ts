/**
 * The changes that a gh command may make in its repository, as tags. A command that is not in the table may change
 * anything: its words do not show the objects that it pushes, renames or runs.
 */
import type { EventTag } from "./tags.ts";

/** A label, a comment, a release or a merge may start workflows. */
const ci: readonly EventTag[] = ["runs", "checks", "sha:*", "suite:*"];
/** Issues and pull requests share their numbers, and a text may refer to any other of them. */
const threads: readonly EventTag[] = ["issue:*", "issues", "pull:*", "pulls", "activity:*", "activity", ...ci];
const comments: readonly EventTag[] = ["comments:*", "comments"];
/** A run names the open pull requests of its head. */
const pullsOfRuns: EventTag = "run:*";
/** The counts of open issues and pull requests. */
const counts: readonly EventTag[] = ["milestones", "repo"];
const refs: readonly EventTag[] = ["refs", "ref:*", "base:*"];
const runs: readonly EventTag[] = ["run:*", "job:*", "checkrun:*", "deployments", ...ci];
const releases: readonly EventTag[] = ["releases", "tags", "repo", "activity", ...refs, ...runs];

/** Commands by their changes; a command is its first two words. */
export const tagsOfWrites: readonly { readonly commands: readonly string[]; readonly tags: readonly EventTag[] }[] = [
  { commands: ["issue comment", "pr comment"], tags: [...threads, ...comments] },
  {
    commands: ["issue lock", "issue unlock", "issue pin", "issue unpin", "pr lock", "pr unlock", "pr ready"],
    tags: threads,
  },
  {
    commands: ["issue create", "issue new", "issue edit", "pr edit"],
    tags: [...threads, ...counts, pullsOfRuns],
  },
  {
    commands: ["issue close", "issue reopen", "issue delete", "pr reopen"],
    tags: [...threads, ...comments, ...counts, pullsOfRuns],
  },
  { commands: ["pr review"], tags: [...threads, "reviews:*", "rcomments:*", "rcomments", "threads:*"] },
  // With the branch that it may delete.
  { commands: ["pr close"], tags: [...threads, ...comments, ...counts, pullsOfRuns, ...refs, "code"] },
  // It closes issues, moves a branch, and starts the workflows that follow a push.
  { commands: ["pr merge"], tags: [...threads, ...counts, ...refs, "code", ...runs] },
  // `create --force` changes a label that is there.
  { commands: ["label create", "label edit", "label delete"], tags: ["labels", ...threads] },
  { commands: ["run rerun", "run cancel", "run delete", "workflow run"], tags: runs },
  {
    commands: ["release create", "release new", "release edit", "release delete"],
    tags: releases,
  },
  { commands: ["release upload", "release delete-asset"], tags: ["releases", "repo", ...runs] },
].map(({ commands: names, tags }) => ({ commands: names, tags: [...new Set(tags)] }));

const table: ReadonlyMap<string, readonly EventTag[]> = new Map(
  tagsOfWrites.flatMap(({ commands, tags }) => commands.map((command) => [command, tags] as const)),
);

/** Undefined: anything of the repository. */
export function tagsWrittenBy([noun = "", verb = ""]: readonly string[]): readonly EventTag[] | undefined {
  return table.get(`${noun} ${verb}`);
}
