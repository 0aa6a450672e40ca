import { permissionOn } from "../auth.ts";
import type { ApiCall, ApiReply, RepositoryCall } from "../http.ts";
import { paged } from "../links.ts";
import type { Issue, Pull, Repository } from "../world/model.ts";

/** One page of a list below a repository; links name the repository by id, as GitHub's do. */
export function repositoryPage<T>(
  call: RepositoryCall,
  items: T[],
  render: (item: T) => unknown,
  wrap?: (items: unknown[], total: number) => unknown,
): ApiReply {
  return paged(call, items, { path: canonicalPath(call), render, ...(wrap ? { wrap } : {}) });
}

export function canonicalPath({ path, repository }: RepositoryCall): string {
  const rest = path.replace(/^\/repositories\/\d+|^\/repos\/[^/]+\/[^/]+/, "");
  return `/repositories/${repository.id}${rest}`;
}

export function threadOf(call: RepositoryCall): Issue | Pull | undefined {
  return call.repository.threads.get(Number(call.params.number));
}

export function pullOf(call: RepositoryCall): Pull | undefined {
  const thread = threadOf(call);
  return thread?.kind === "pull" ? thread : undefined;
}

export function visibleRepositories(call: ApiCall): Repository[] {
  return [...call.world.repositories.values()].filter((each) => permissionOn(call.world, call.viewer, each) !== null);
}

/** Sorts by the named field; the `direction` parameter turns it round. */
export function sorted<T>(
  items: T[],
  value: (item: T) => string | number,
  direction: string | null,
  otherwise: "asc" | "desc",
): T[] {
  const sign = (direction ?? otherwise) === "asc" ? 1 : -1;
  return [...items].sort((a, b) => {
    const [left, right] = [value(a), value(b)];
    return left === right ? 0 : left < right ? -sign : sign;
  });
}

/** Reactions as a list: one entry a person and content. */
export function reactionEntries(thing: {
  reactions: Repository["releases"][number]["reactions"];
  id: number;
  created_at: string;
}) {
  return Object.entries(thing.reactions).flatMap(([content, accounts]) =>
    (accounts ?? []).map((account, index) => ({
      id: (thing.id % 1_000_000) * 100 + index,
      content,
      account,
      created_at: thing.created_at,
    })),
  );
}
