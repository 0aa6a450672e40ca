import { notFound, ok, type RepositoryCall, type RepositoryRoutes } from "../http.ts";
import { annotation, checkRun, checkSuite, commitStatus, latestChecks } from "../render/actions.ts";
import { minimalRepository } from "../render/repositories.ts";
import type { CheckRun, CheckSuite, Status } from "../world/model.ts";
import { repositoryPage } from "./common.ts";
import { resolveCommit } from "./refs.ts";

/** Check runs and suites by id. */
export const checkRoutes: RepositoryRoutes = {
  "GET /check-runs/:id": (call) => {
    const found = findCheck(call);
    return found ? ok(checkRun(call.world, call.repository, found)) : notFound("/checks/runs#get-a-check-run");
  },
  "GET /check-runs/:id/annotations": (call) => {
    const found = findCheck(call);
    return found
      ? repositoryPage(call, found.annotations, (each) => annotation(call.repository, found.suite.sha, each))
      : notFound("/checks/runs#list-check-run-annotations");
  },
  "GET /check-suites/:id": (call) => {
    const found = call.repository.suites.find((each) => each.id === Number(call.params.id));
    return found ? ok(checkSuite(call.world, call.repository, found)) : notFound("/checks/suites#get-a-check-suite");
  },
  "GET /check-suites/:id/check-runs": (call) => {
    const found = call.repository.suites.find((each) => each.id === Number(call.params.id));
    return found ? checkPage(call, [found]) : notFound("/checks/suites");
  },
  "GET /statuses/:sha": (call) => statuses(call, call.params.sha ?? ""),
};

/** The answers of `GET /repos/:o/:r/commits/:ref/…` for checks and statuses. */
export const commitCheckRoutes: Record<
  string,
  (call: RepositoryCall, ref: string) => ReturnType<RepositoryRoutes[string]>
> = {
  "check-runs": (call, ref) => {
    const sha = resolveCommit(call.repository, ref)?.sha;
    return sha
      ? checkPage(
          call,
          call.repository.suites.filter((each) => each.sha === sha),
        )
      : missing(ref);
  },
  "check-suites": (call, ref) => {
    const sha = resolveCommit(call.repository, ref)?.sha;
    if (!sha) return missing(ref);
    const name = call.query.get("check_name");
    const app = call.query.get("app_id");
    const found = call.repository.suites.filter(
      (each) =>
        each.sha === sha &&
        (!name || each.checks.some((check) => check.name === name)) &&
        (!app || String(appId(call, each)) === app),
    );
    return repositoryPage(
      call,
      found,
      (each) => checkSuite(call.world, call.repository, each),
      (check_suites, total_count) => ({ total_count, check_suites }),
    );
  },
  status: (call, ref) => {
    const commit = resolveCommit(call.repository, ref);
    if (!commit) return missing(ref);
    const latest = latestStatuses(commit.statuses);
    const state = combined(latest);
    const url = `https://api.github.com/repos/${call.repository.full_name}/commits/${commit.sha}`;
    return repositoryPage(
      call,
      latest,
      (each) => commitStatus(call.repository, commit.sha, each, true),
      (items, total_count) => ({
        state,
        statuses: items,
        sha: commit.sha,
        total_count,
        repository: minimalRepository(call.repository),
        commit_url: url,
        url: `${url}/status`,
      }),
    );
  },
  statuses,
};

function missing(ref: string) {
  return {
    status: 422,
    body: {
      message: `No commit found for SHA: ${ref}`,
      documentation_url: "https://docs.github.com/rest/commits/commits",
      status: "422",
    },
  };
}

function statuses(call: RepositoryCall, ref: string) {
  const commit = resolveCommit(call.repository, ref);
  if (!commit) return notFound("/commits/statuses");
  const newestFirst = [...commit.statuses].sort((a, b) => b.created_at.localeCompare(a.created_at) || b.id - a.id);
  return repositoryPage(call, newestFirst, (each) => commitStatus(call.repository, commit.sha, each));
}

/** Of each context the newest. */
export function latestStatuses(all: Status[]): Status[] {
  const newest = new Map<string, Status>();
  for (const each of all) {
    const known = newest.get(each.context);
    if (!known || each.created_at >= known.created_at) newest.set(each.context, each);
  }
  return [...newest.values()];
}

function combined(all: Status[]): string {
  if (all.some((each) => each.state === "failure" || each.state === "error")) return "failure";
  return all.length > 0 && all.every((each) => each.state === "success") ? "success" : "pending";
}

function findCheck({ repository, params }: RepositoryCall): CheckRun | undefined {
  return repository.suites.flatMap((suite) => suite.checks).find((each) => each.id === Number(params.id));
}

function appId(call: RepositoryCall, suite: CheckSuite): number | undefined {
  const rendered = checkSuite(call.world, call.repository, suite);
  const app: unknown = "app" in rendered ? rendered.app : undefined;
  return typeof app === "object" && app !== null && "id" in app && typeof app.id === "number" ? app.id : undefined;
}

function checkPage(call: RepositoryCall, suites: CheckSuite[]) {
  const { query } = call;
  const all = query.get("filter") === "all";
  const [name, status, app] = [query.get("check_name"), query.get("status"), query.get("app_id")];
  const found = suites
    .filter((suite) => !app || String(appId(call, suite)) === app)
    .flatMap((suite) => (all ? suite.checks : latestChecks(suite)))
    .filter((check) => (!name || check.name === name) && (!status || check.status === status))
    .sort((a, b) => b.id - a.id);
  return repositoryPage(
    call,
    found,
    (each) => checkRun(call.world, call.repository, each),
    (check_runs, total_count) => ({ total_count, check_runs }),
  );
}
