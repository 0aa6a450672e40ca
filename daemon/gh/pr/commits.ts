/** Commits of a pull request in JSON. */

import type { Context } from "../context.ts";
import { typeOf } from "../github/actors.ts";
import { type RestPullCommit, told, userSchema } from "../github/schemas.ts";

/** The longest first line that GitHub certainly does not shorten. */
export const longestHeadline = 72;

/**
 * A commit, keys sorted as Go sorts a map's. GraphQL also lists co-authors, who are matched to accounts by address, and
 * shortens long first lines; REST shows neither, so such commits are native.
 */
export function exportCommit({ sha, commit, author }: RestPullCommit, context: Context): object {
  const { author: written, committer } = commit;
  if (!written || !committer) return context.native("a commit without author or committer");
  if (/^co-authored-by:/im.test(commit.message)) context.native("a commit with co-authors");
  const user = userOf(author, context);
  return {
    authoredDate: written.date,
    authors: [{ email: written.email, id: user.id, login: user.login, name: written.name }],
    committedDate: committer.date,
    ...splitMessage(commit.message, context),
    oid: sha,
  };
}

function userOf(author: RestPullCommit["author"], context: Context): { id: string; login: string } {
  const user = userSchema.safeParse(author);
  if (!user.success) return { id: "", login: "" };
  if (typeOf(user.data) !== "User") return context.native("a commit by a bot");
  return { id: told(user.data.node_id, "the id of an account"), login: user.data.login };
}

function splitMessage(message: string, context: Context) {
  const [headline = "", ...rest] = message.split("\n");
  const plain = headline === headline.trim() && (rest.length === 0 || rest[0] === "") && message === message.trimEnd();
  if (!plain || [...headline].length > longestHeadline) context.native("a commit message of an unusual form");
  return { messageBody: rest.join("\n").replace(/^\n+/, ""), messageHeadline: headline };
}
