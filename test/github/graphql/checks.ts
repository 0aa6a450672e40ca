import type { CheckRun, Commit, Repository, Status } from "../world/model.ts";
import { compare } from "./repositories.ts";

/** What a commit's rollup counts: of each suite the newest check of a name, then the newest status of each context. */
export function rollupContexts(repository: Repository, commit: Commit): (CheckRun | Status)[] {
  return [...latestChecks(repository, commit.sha), ...latestStatuses(commit)];
}

export function latestChecks(repository: Repository, sha: string): CheckRun[] {
  return repository.suites
    .filter((suite) => suite.sha === sha)
    .flatMap((suite) => [...new Map(suite.checks.map((check) => [check.name, check])).values()].filter(isCurrent))
    .sort((a, b) => a.id - b.id);
}

/** A job of an attempt that was run again is not the suite's any more. */
function isCurrent(check: CheckRun): boolean {
  const attempts = check.job?.run.attempts;
  return attempts === undefined || check.job?.attempt === attempts.length;
}

function latestStatuses(commit: Commit): Status[] {
  const oldestFirst = [...commit.statuses].sort((a, b) => compare(a.created_at, b.created_at) || a.id - b.id);
  const newest = new Map(oldestFirst.map((status) => [status.context, status]));
  return [...newest.values()].sort((a, b) => compare(a.context, b.context));
}

const worst = ["ERROR", "FAILURE", "EXPECTED", "PENDING", "SUCCESS"] as const;
const passing = new Set(["success", "neutral", "skipped"]);

/** GitHub's one word for all of them. */
export function rollupState(contexts: readonly (CheckRun | Status)[]): (typeof worst)[number] {
  const states = new Set(contexts.map(stateOf));
  return worst.find((state) => states.has(state)) ?? "SUCCESS";
}

function stateOf(context: CheckRun | Status): string {
  if ("context" in context) return context.state.toUpperCase();
  if (context.status !== "completed") return "PENDING";
  return passing.has(context.conclusion ?? "") ? "SUCCESS" : "FAILURE";
}
