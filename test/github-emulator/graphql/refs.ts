import type { Repository } from "../world/model.ts";
import { part } from "./context.ts";
import type { RefPart } from "./parts.ts";

const headsPrefix = "refs/heads/";

/** A branch by its short or full name. */
export function refOf(repository: Repository, name: string): RefPart | null {
  const branch = repository.branches.get(name.startsWith(headsPrefix) ? name.slice(headsPrefix.length) : name);
  return branch ? part("Ref", { name: branch.name, sha: branch.sha, prefix: headsPrefix }, repository) : null;
}

export function tagOf(repository: Repository, name: string): RefPart | null {
  const tag = repository.tags.get(name.replace(/^refs\/tags\//, ""));
  return tag ? part("Ref", { name: tag.name, sha: tag.sha, prefix: "refs/tags/" }, repository) : null;
}
