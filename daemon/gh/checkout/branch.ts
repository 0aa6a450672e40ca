/** The commands' calls of git, each with a time limit; if git cannot answer, the real gh runs and explains it. */
import { GitFailure } from "../../git-failure.ts";
import { NativeRequired } from "../../reader.ts";
import { CommandFailure } from "../command-failure.ts";
import { outsideOfCheckout } from "./remotes.ts";

interface GitSource {
  git(args: readonly string[]): Promise<string>;
}

/** The branch that is checked out. Throws gh's own refusal, with `before` before it, where there is none. */
export async function currentBranch(source: GitSource, before = ""): Promise<string> {
  const words = `${before}could not determine current branch: failed to run git: `;
  const ref = await source.git(["symbolic-ref", "--quiet", "HEAD"]).catch((error: unknown) => {
    // With `--quiet` git prints no error when HEAD is on no branch.
    if (error instanceof GitFailure && error.exitCode === 1 && error.stderr === "")
      throw new CommandFailure(`${words}not on any branch`);
    throw (
      outsideOfCheckout(error, words) ??
      new NativeRequired(`git symbolic-ref failed: ${error instanceof Error ? error.message : "unknown"}`)
    );
  });
  const branch = /^refs\/heads\/(.+)$/.exec(ref.trim())?.[1];
  if (branch === undefined) throw new NativeRequired("not on a branch");
  return branch;
}

/** The remote and branch that a branch merges from: `branch.NAME.remote` and `branch.NAME.merge`. */
export async function branchConfig(source: GitSource, branch: string) {
  const pattern = `^branch\\.${branch.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}\\.(remote|merge)$`;
  // No match is git's exit code 1.
  const listing = await source.git(["config", "--get-regexp", pattern]).catch(() => "");
  const values = new Map<string, string>();
  for (const line of listing.split("\n")) {
    const match = /^branch\..+\.(remote|merge) (.*)$/.exec(line);
    if (match) values.set(match[1] ?? "", match[2] ?? "");
  }
  return { remote: values.get("remote"), merge: values.get("merge") ?? "" };
}
