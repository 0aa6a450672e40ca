import { latestChecks } from "../render/actions.ts";
import { latestStatuses } from "../rest/checks.ts";
import type { CheckRun, CheckSuite, Commit, Repository, Status } from "../world/model.ts";
import { compare } from "./repositories.ts";

/**
 * The parts of a commit's rollup: of each suite the current checks, then the newest status of each context. Suites
 * stand by the name of their workflow or App, the newest first among equals; within one, checks stand as they were
 * created (seen in cli/cli#9079 and cli/cli#9973; REST lists them the other way round).
 */
export function rollupContexts(repository: Repository, commit: Commit): (CheckRun | Status)[] {
  const suites = repository.suites.filter((suite) => suite.sha === commit.sha);
  suites.sort((a, b) => compare(titleOf(a), titleOf(b)) || b.id - a.id);
  const checks = suites.flatMap((suite) => latestChecks(suite).sort((a, b) => a.id - b.id));
  return [...checks, ...latestStatuses(commit.statuses)];
}

function titleOf(suite: CheckSuite): string {
  return suite.run?.workflow.name ?? suite.app;
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
