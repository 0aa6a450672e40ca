import { sorted } from "../rest/common.ts";
import { matchesIssue, matchesRepository, parseQuery, scopeOf } from "../rest/search-query.ts";
import type { Issue, Pull, Repository } from "../world/model.ts";
import type { GraphqlViewer } from "./context.ts";

/** Issues and pull requests as REST's search finds and ranks them. */
export function searchThreads(viewer: GraphqlViewer, text: string): (Issue | Pull)[] {
  const query = parseQuery(text);
  const me = viewer.account?.login ?? null;
  const found = scopeOf(query, readable(viewer))
    .flatMap((repository) => [...repository.threads.values()])
    .filter((thread) => matchesIssue(query, thread, me));
  const key = (thread: Issue | Pull) =>
    query.sort === "updated"
      ? thread.updated_at
      : query.sort === "comments"
        ? thread.comments.length
        : thread.created_at;
  return sorted(
    sorted(found, (thread) => thread.number, "desc", "desc"),
    key,
    query.order,
    "desc",
  );
}

/** Repositories as REST's search finds and ranks them. */
export function searchRepositories(viewer: GraphqlViewer, text: string): Repository[] {
  const query = parseQuery(text);
  const found = scopeOf(query, readable(viewer)).filter((repository) => matchesRepository(query, repository));
  const key = (repository: Repository) => (query.sort === "updated" ? repository.updated_at : repository.stars);
  return sorted(found, key, query.order, "desc");
}

function readable({ world, mayRead }: GraphqlViewer): Repository[] {
  return [...world.repositories.values()].filter((repository) => mayRead(repository));
}
