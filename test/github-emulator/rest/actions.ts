import { mayWrite, permissionOn } from "../auth.ts";
import { failure, notFound, ok, type RepositoryCall, type RepositoryRoutes } from "../http.ts";
import { artifact, job, run, workflow } from "../render/actions.ts";
import { jobLog, runLogs } from "../render/logs.ts";
import type { Attempt, Job, Run, Workflow } from "../world/model.ts";
import { repositoryPage } from "./common.ts";
import { signedRedirect } from "./signed.ts";

const actions = (part: string) => notFound(`/actions/${part}`);

/** Workflows, runs, jobs, logs and artifacts. */
export const actionRoutes: RepositoryRoutes = {
  "GET /actions/workflows": (call) =>
    repositoryPage(
      call,
      call.repository.workflows,
      (each) => workflow(call.repository, each),
      (workflows, total_count) => ({ total_count, workflows }),
    ),
  "GET /actions/workflows/:workflow": (call) => {
    const found = findWorkflow(call);
    return found ? ok(workflow(call.repository, found)) : actions("workflows#get-a-workflow");
  },
  "GET /actions/workflows/:workflow/runs": (call) => {
    const found = findWorkflow(call);
    return found
      ? runPage(
          call,
          call.repository.runs.filter((each) => each.workflow === found),
        )
      : actions("workflow-runs");
  },
  "GET /actions/runs": (call) => runPage(call, call.repository.runs),
  "GET /actions/runs/:id": onRun((_call, found) => ok(run(found), found.attempts.at(-1)?.updated_at)),
  "GET /actions/runs/:id/attempts/:attempt": onAttempt((_call, found, attempt) => ok(run(found, attempt))),
  "GET /actions/runs/:id/jobs": onRun((call, found) => {
    const attempts = call.query.get("filter") === "all" ? found.attempts : found.attempts.slice(-1);
    return jobPage(
      call,
      attempts.flatMap((attempt) => attempt.jobs),
    );
  }),
  "GET /actions/runs/:id/attempts/:attempt/jobs": onAttempt((call, _found, attempt) => jobPage(call, attempt.jobs)),
  "GET /actions/runs/:id/logs": onRun((call, found) => runLogsOf(call, found.attempts.at(-1))),
  "GET /actions/runs/:id/attempts/:attempt/logs": onAttempt((call, _found, attempt) => runLogsOf(call, attempt)),
  "GET /actions/runs/:id/timing": onRun((_call, found) => {
    const last = found.attempts.at(-1);
    const run_duration_ms = last ? Date.parse(last.updated_at) - Date.parse(last.run_started_at) : 0;
    return ok({ billable: {}, run_duration_ms });
  }),
  "GET /actions/runs/:id/artifacts": onRun((call, found) => {
    const name = call.query.get("name");
    const items = found.artifacts.filter((each) => !name || each.name === name);
    return repositoryPage(
      call,
      items,
      (each) => artifact(found, each),
      (artifacts, total_count) => ({ total_count, artifacts }),
    );
  }),
  "GET /actions/artifacts": (call) => {
    const name = call.query.get("name");
    const items = call.repository.runs
      .flatMap((each) => each.artifacts.map((item) => ({ each, item })))
      .filter(({ item }) => !name || item.name === name);
    return repositoryPage(
      call,
      items,
      ({ each, item }) => artifact(each, item),
      (artifacts, total_count) => ({ total_count, artifacts }),
    );
  },
  "GET /actions/jobs/:id": (call) => {
    const found = findJob(call);
    return found ? ok(job(found)) : actions("workflow-jobs#get-a-job-for-a-workflow-run");
  },
  "GET /actions/jobs/:id/logs": (call) => {
    const found = findJob(call);
    if (!found) return actions("workflow-jobs#download-job-logs-for-a-workflow-run");
    if (found.status !== "completed") return actions("workflow-jobs#download-job-logs-for-a-workflow-run");
    return (
      readable(call) ??
      signedRedirect(call, `${found.id}.txt`, "text/plain; charset=utf-8", () => Buffer.from(jobLog(found)))
    );
  },
  "POST /actions/runs/:id/rerun": onRun((call, found) => {
    if (!mayWrite(permissionOn(call.world, call.viewer, call.repository)))
      return failure(403, "Must have admin rights to Repository.");
    const last = found.attempts.at(-1);
    if (last) {
      found.attempts.push({
        ...last,
        number: last.number + 1,
        status: "queued",
        conclusion: null,
        run_started_at: call.now,
        updated_at: call.now,
        jobs: [],
      });
    }
    return { status: 201, body: {} };
  }),
  "POST /actions/runs/:id/cancel": onRun((call, found) => {
    if (!mayWrite(permissionOn(call.world, call.viewer, call.repository)))
      return failure(403, "Must have admin rights to Repository.");
    const last = found.attempts.at(-1);
    if (last?.status === "completed") return failure(409, "Cannot cancel a workflow run that is completed.");
    if (last) Object.assign(last, { status: "completed", conclusion: "cancelled", updated_at: call.now });
    return { status: 202, body: {} };
  }),
};

/** Logs of public repositories too are only for those with credentials. */
function readable(call: RepositoryCall) {
  return call.viewer.kind === "anonymous"
    ? failure(
        403,
        "Must have admin rights to Repository.",
        "/actions/workflow-jobs#download-job-logs-for-a-workflow-run",
      )
    : null;
}

function runLogsOf(call: RepositoryCall, attempt: Attempt | undefined) {
  if (attempt?.status !== "completed") return actions("workflow-runs#download-workflow-run-logs");
  return readable(call) ?? signedRedirect(call, "logs.zip", "application/zip", () => runLogs(attempt.jobs));
}

function onRun(
  handle: (call: RepositoryCall, found: Run) => ReturnType<RepositoryRoutes[string]>,
): RepositoryRoutes[string] {
  return (call) => {
    const found = call.repository.runs.find((each) => each.id === Number(call.params.id));
    return found ? handle(call, found) : actions("workflow-runs#get-a-workflow-run");
  };
}

function onAttempt(
  handle: (call: RepositoryCall, found: Run, attempt: Attempt) => ReturnType<RepositoryRoutes[string]>,
): RepositoryRoutes[string] {
  return onRun((call, found) => {
    const attempt = found.attempts.find((each) => each.number === Number(call.params.attempt));
    return attempt ? handle(call, found, attempt) : actions("workflow-runs#get-a-workflow-run-attempt");
  });
}

function findWorkflow({ repository, params }: RepositoryCall): Workflow | undefined {
  return repository.workflows.find(
    (each) => each.id === Number(params.workflow) || each.path.split("/").at(-1) === params.workflow,
  );
}

function findJob({ repository, params }: RepositoryCall): Job | undefined {
  const id = Number(params.id);
  return repository.runs
    .flatMap((each) => each.attempts.flatMap((attempt) => attempt.jobs))
    .find((each) => each.id === id);
}

function jobPage(call: RepositoryCall, jobs: Job[]) {
  return repositoryPage(call, jobs, job, (items, total_count) => ({ total_count, jobs: items }));
}

type Filter = (found: Run, value: string) => boolean;

const filters: Record<string, Filter> = {
  actor: (found, value) => found.actor?.login.toLowerCase() === value.toLowerCase(),
  branch: (found, value) => found.branch === value,
  event: (found, value) => found.event === value,
  status: (found, value) => found.attempts.at(-1)?.status === value || found.attempts.at(-1)?.conclusion === value,
  head_sha: (found, value) => found.sha === value,
  check_suite_id: (found, value) => found.suite.id === Number(value),
  created: (found, value) => inRange(found.created_at, value),
};

function runPage(call: RepositoryCall, runs: Run[]) {
  const found = runs.filter((each) =>
    Object.entries(filters).every(([name, filter]) => {
      const value = call.query.get(name);
      return value === null || value === "" || filter(each, value);
    }),
  );
  return repositoryPage(
    call,
    found,
    (each) => run(each),
    (workflow_runs, total_count) => ({ total_count, workflow_runs }),
  );
}

/** GitHub's date syntax: `2026-01-01`, `>=2026-01-01`, `2026-01-01..2026-02-01`, with or without a time. */
export function inRange(at: string, range: string): boolean {
  const between = /^(.+)\.\.(.+)$/.exec(range);
  if (between)
    return (between[1] === "*" || at >= start(between[1] ?? "")) && (between[2] === "*" || at <= end(between[2] ?? ""));
  const [, sign = "", date = ""] = /^(>=|<=|>|<)?(.*)$/.exec(range) ?? [];
  if (sign === ">=") return at >= start(date);
  if (sign === "<=") return at <= end(date);
  if (sign === ">") return at > end(date);
  if (sign === "<") return at < start(date);
  return at >= start(date) && at <= end(date);
}

function start(date: string): string {
  return date.length === 10 ? `${date}T00:00:00Z` : instant(date);
}

function end(date: string): string {
  return date.length === 10 ? `${date}T23:59:59Z` : instant(date);
}

function instant(date: string): string {
  const time = Date.parse(date);
  return Number.isNaN(time) ? date : `${new Date(time).toISOString().slice(0, 19)}Z`;
}
