import type { Account, Repository } from "../world/model.ts";
import type { GraphqlViewer } from "./context.ts";

export interface RepositoryArguments {
  privacy?: "PUBLIC" | "PRIVATE" | null;
  visibility?: "PUBLIC" | "PRIVATE" | "INTERNAL" | null;
  isFork?: boolean | null;
  isArchived?: boolean | null;
  ownerAffiliations?: readonly string[] | null;
  affiliations?: readonly string[] | null;
  orderBy?: { field: string; direction: "ASC" | "DESC" } | null;
}

type SortKey = (repository: Repository) => string | number;

const sortKeys: Record<string, SortKey> = {
  CREATED_AT: (repository) => repository.created_at,
  UPDATED_AT: (repository) => repository.updated_at,
  PUSHED_AT: (repository) => repository.pushed_at,
  NAME: (repository) => repository.name.toLowerCase(),
  STARGAZERS: (repository) => repository.stars,
};

/** The repositories an account owns, as far as the viewer may know of them. */
export function repositoriesOf(account: Account, wanted: RepositoryArguments, viewer: GraphqlViewer): Repository[] {
  const owned = [...viewer.world.repositories.values()].filter(
    (repository) => repository.owner.id === account.id && viewer.mayRead(repository) && fits(repository, wanted),
  );
  return sorted(owned, wanted.orderBy);
}

function fits(repository: Repository, wanted: RepositoryArguments): boolean {
  if (wanted.privacy && (wanted.privacy === "PRIVATE") !== repository.private) return false;
  if (wanted.visibility && wanted.visibility.toLowerCase() !== repository.visibility) return false;
  if (wanted.isFork != null && wanted.isFork !== (repository.parent !== null)) return false;
  return wanted.isArchived == null || wanted.isArchived === repository.archived;
}

function sorted(repositories: Repository[], order: RepositoryArguments["orderBy"]): Repository[] {
  const key = order && sortKeys[order.field];
  if (!key) return repositories.sort((a, b) => a.id - b.id);
  const sign = order.direction === "DESC" ? -1 : 1;
  return repositories.sort((a, b) => sign * (compare(key(a), key(b)) || a.id - b.id));
}

/** Orders strings by code unit and numbers by size. */
export function compare(a: string | number, b: string | number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
