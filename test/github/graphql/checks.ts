import { latestChecks } from "../render/actions.ts";
import { latestStatuses } from "../rest/checks.ts";
import type { CheckRun, Commit, Repository, Status } from "../world/model.ts";

/** What a commit's rollup counts: of each suite the newest check of a name, then the newest status of each context. */
export function rollupContexts(repository: Repository, commit: Commit): (CheckRun | Status)[] {
  const checks = repository.suites.filter((suite) => suite.sha === commit.sha).flatMap(latestChecks);
  return [...checks.sort((a, b) => a.id - b.id), ...latestStatuses(commit.statuses)];
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
