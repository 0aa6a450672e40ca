/** What commands ask git, each question bounded; whatever git cannot answer is the real gh's to explain. */
import { NativeRequired } from "../../reader.ts";

interface GitSource {
  git(args: readonly string[]): Promise<string>;
}

/** The branch that is checked out. */
export async function currentBranch(source: GitSource): Promise<string> {
  const ref = await ask(source, ["symbolic-ref", "--quiet", "HEAD"]);
  const branch = /^refs\/heads\/(.+)$/.exec(ref.trim())?.[1];
  if (branch === undefined) throw new NativeRequired("not on a branch");
  return branch;
}

/** Where a branch merges from: `branch.NAME.remote` and `branch.NAME.merge`. */
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

async function ask(source: GitSource, args: readonly string[]): Promise<string> {
  try {
    return await source.git(args);
  } catch (error) {
    throw new NativeRequired(`git ${args[0]} failed: ${error instanceof Error ? error.message : "unknown"}`);
  }
}
