import type { Issue, Pull, Repository } from "../world/model.ts";

export function pullsOf(repository: Repository): Pull[] {
  return [...repository.threads.values()].filter((thread) => thread.kind === "pull");
}

export function issuesOf(repository: Repository): Issue[] {
  return [...repository.threads.values()].filter((thread) => thread.kind === "issue");
}

/** The issues a pull request closes. */
export function closing(pull: Pull): Issue[] {
  return pull.closes.map((number) => pull.repository.threads.get(number)).filter((thread) => thread?.kind === "issue");
}

/** The pull requests that close an issue. */
export function closedBy(issue: Issue): Pull[] {
  return pullsOf(issue.repository).filter((pull) => pull.closes.includes(issue.number));
}
