import type { Commit, Signature } from "../world/model.ts";

const trailer = /^co-authored-by:\s*(.+?)\s*<([^>]+)>\s*$/gim;

/** Who else a commit's message names as its author, without those who sign it anyway. */
export function coAuthors(commit: Commit): Signature[] {
  const named = [...commit.message.matchAll(trailer)].map(
    ([, name = "", email = ""]): Signature => ({ name, email, date: commit.author.date, account: null }),
  );
  return named.filter((each) => each.email.toLowerCase() !== commit.author.email.toLowerCase());
}
