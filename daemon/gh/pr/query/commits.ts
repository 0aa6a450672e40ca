/** Commits of a pull request in JSON, from GraphQL. */
import type { QueriedCommit } from "./schema.ts";

/** A commit, keys sorted as Go sorts a map's. */
export function exportQueriedCommit({ commit }: QueriedCommit): object {
  const { authoredDate, authors, committedDate, messageBody, messageHeadline, oid } = commit;
  return {
    authoredDate,
    authors: authors.nodes.map(({ email, name, user }) => ({
      email: email ?? "",
      id: user?.id ?? "",
      login: user?.login ?? "",
      name: name ?? "",
    })),
    committedDate,
    messageBody,
    messageHeadline,
    oid,
  };
}
