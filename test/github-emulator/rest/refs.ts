import type { Commit, Repository } from "../world/model.ts";

/** The commit a branch, tag, `heads/x`, `tags/x`, full or abbreviated sha means. */
export function resolveCommit(repository: Repository, ref: string): Commit | undefined {
  const sha = resolveSha(repository, ref);
  return sha ? repository.commits.get(sha) : undefined;
}

function resolveSha(repository: Repository, ref: string): string | undefined {
  if (ref === "HEAD") return repository.branches.get(repository.default_branch)?.sha;
  if (repository.commits.has(ref)) return ref;
  const name = ref.replace(/^refs\//, "");
  const pull = /^pull\/(\d+)\/(head|merge)$/.exec(name);
  if (pull) {
    const thread = repository.threads.get(Number(pull[1]));
    return thread?.kind === "pull" ? thread.head.sha : undefined;
  }
  const branch = repository.branches.get(name) ?? repository.branches.get(name.replace(/^heads\//, ""));
  const tag = repository.tags.get(name) ?? repository.tags.get(name.replace(/^tags\//, ""));
  if (branch ?? tag) return (branch ?? tag)?.sha;
  if (!/^[0-9a-f]{4,39}$/.test(ref)) return undefined;
  const found = [...repository.commits.keys()].filter((sha) => sha.startsWith(ref));
  return found.length === 1 ? found[0] : undefined;
}
