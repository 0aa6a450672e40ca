import type { Repository } from "../world/model.ts";
import type { Viewer } from "./context.ts";
import { compare } from "./repositories.ts";
import { inRange, parseSearch, type SearchQuery } from "./search-query.ts";

type Test = (repository: Repository, value: string, viewer: Viewer) => boolean;

const isOwnedBy: Test = (repository, value) => repository.owner.login.toLowerCase() === value.toLowerCase();

const tests: Record<string, Test> = {
  user: isOwnedBy,
  org: isOwnedBy,
  repo: (repository, value) => repository.full_name.toLowerCase() === value.toLowerCase(),
  language: (repository, value) =>
    Object.entries(repository.languages)
      .sort((a, b) => b[1] - a[1])[0]?.[0]
      .toLowerCase() === value.toLowerCase(),
  topic: (repository, value) => repository.topics.includes(value),
  archived: (repository, value) => repository.archived === (value === "true"),
  is: (repository, value) => repository.visibility === value,
  license: (repository, value) => repository.license?.key === value.toLowerCase(),
  stars: (repository, value) => inRange(repository.stars, value),
  size: (repository, value) => inRange(repository.size, value),
  created: (repository, value) => inRange(repository.created_at, value),
  pushed: (repository, value) => inRange(repository.pushed_at, value),
  template: (repository, value) => repository.is_template === (value === "true"),
};

const sortKeys: Record<string, (repository: Repository) => string | number> = {
  updated: (repository) => repository.updated_at,
  stars: (repository) => repository.stars,
};

/** Repositories that fit; forks only where the query asks for them, most stars first unless it sorts. */
export function searchRepositories(viewer: Viewer, text: string): Repository[] {
  const query = parseSearch(text);
  const found = [...viewer.world.repositories.values()].filter(
    (repository) => viewer.mayRead(repository) && fits(repository, query, viewer),
  );
  const key = sortKeys[query.sort?.field ?? "stars"] ?? ((repository: Repository) => repository.stars);
  const sign = query.sort?.direction === "asc" ? 1 : -1;
  return found.sort((a, b) => sign * (compare(key(a), key(b)) || a.id - b.id));
}

function fits(repository: Repository, query: SearchQuery, viewer: Viewer): boolean {
  if (!fitsForks(repository, query)) return false;
  const qualifiers = query.qualifiers.filter(({ key }) => key !== "fork" && key !== "in");
  if (!qualifiers.every(({ key, value, negated }) => (tests[key]?.(repository, value, viewer) ?? true) !== negated)) {
    return false;
  }
  const haystack = `${repository.full_name}\n${repository.description ?? ""}\n${repository.topics.join(" ")}`;
  return query.words.every(({ text, negated }) => haystack.toLowerCase().includes(text) !== negated);
}

function fitsForks(repository: Repository, query: SearchQuery): boolean {
  const forks = query.qualifiers.find(({ key }) => key === "fork")?.value ?? "false";
  if (forks === "true") return true;
  return forks === "only" ? repository.parent !== null : repository.parent === null;
}
