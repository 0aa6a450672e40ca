import type { Commit, Signature } from "../world/model.ts";

const trailer = /^co-authored-by:\s*(.+?)\s*<([^>]+)>\s*$/gim;

/** The further authors that a commit's message names, without its author and committer. */
export function coAuthors(commit: Commit): Signature[] {
  const named = [...commit.message.matchAll(trailer)].map(
    ([, name = "", email = ""]): Signature => ({ name, email, date: commit.author.date, account: null }),
  );
  return named.filter((each) => each.email.toLowerCase() !== commit.author.email.toLowerCase());
}
