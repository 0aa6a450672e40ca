import { apiUrl, webUrl } from "../http.ts";
import { openPulls } from "../world/build-actions.ts";
import type {
  Annotation,
  Artifact,
  Attempt,
  CheckRun,
  CheckSuite,
  Job,
  Pull,
  Repository,
  Run,
  Status,
  Workflow,
  World,
} from "../world/model.ts";
import { app, avatar, user } from "./accounts.ts";
import { headCommit } from "./commits.ts";
import { minimalRepository } from "./repositories.ts";
import { pullReference } from "./threads.ts";

export function workflow(repository: Repository, each: Workflow): object {
  const host = `${webUrl}/${repository.full_name}`;
  return {
    id: each.id,
    node_id: each.node_id,
    name: each.name,
    path: each.path,
    state: each.state,
    created_at: each.created_at,
    updated_at: each.updated_at,
    url: `${apiUrl}/repos/${repository.full_name}/actions/workflows/${each.id}`,
    html_url: `${host}/blob/${repository.default_branch}/${each.path}`,
    badge_url: `${host}/workflows/${encodeURIComponent(each.name)}/badge.svg`,
  };
}

/** A run as of one attempt; absent: the current one. */
export function run(each: Run, attempt: Attempt | undefined = each.attempts.at(-1)): object {
  const { repository } = each;
  const base = `${apiUrl}/repos/${repository.full_name}`;
  const url = `${base}/actions/runs/${each.id}`;
  const number = attempt?.number ?? 1;
  return {
    id: each.id,
    name: each.name,
    node_id: each.node_id,
    head_branch: each.branch,
    head_sha: each.sha,
    path: each.workflow.path,
    display_title: each.title,
    run_number: each.number,
    event: each.event,
    status: attempt?.status ?? "queued",
    conclusion: attempt?.conclusion ?? null,
    workflow_id: each.workflow.id,
    check_suite_id: each.suite.id,
    check_suite_node_id: each.suite.node_id,
    url,
    html_url: `${webUrl}/${repository.full_name}/actions/runs/${each.id}`,
    pull_requests: openPulls(each).map(pullReference),
    created_at: each.created_at,
    updated_at: attempt?.updated_at ?? each.created_at,
    actor: user(each.actor),
    run_attempt: number,
    referenced_workflows: [],
    run_started_at: attempt?.run_started_at ?? each.created_at,
    triggering_actor: user(attempt?.triggering_actor ?? null),
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${base}/check-suites/${each.suite.id}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: number > 1 ? `${url}/attempts/${number - 1}` : null,
    workflow_url: `${base}/actions/workflows/${each.workflow.id}`,
    head_commit: headCommit(repository.commits.get(each.sha)),
    repository: minimalRepository(repository),
    head_repository: each.head_repository ? minimalRepository(each.head_repository) : null,
  };
}

export function job(each: Job): object {
  const { run: parent } = each;
  const base = `${apiUrl}/repos/${parent.repository.full_name}`;
  const runner = each.runner_name;
  return {
    id: each.id,
    run_id: parent.id,
    workflow_name: parent.workflow.name,
    head_branch: parent.branch,
    run_url: `${base}/actions/runs/${parent.id}`,
    run_attempt: each.attempt,
    node_id: each.node_id,
    head_sha: parent.sha,
    url: `${base}/actions/jobs/${each.id}`,
    html_url: `${webUrl}/${parent.repository.full_name}/actions/runs/${parent.id}/job/${each.id}`,
    status: each.status,
    conclusion: each.conclusion,
    created_at: each.created_at,
    started_at: each.started_at,
    completed_at: each.completed_at,
    name: each.name,
    steps: each.steps.map((step) => ({
      name: step.name,
      status: step.status,
      conclusion: step.conclusion,
      number: step.number,
      started_at: step.started_at,
      completed_at: step.completed_at,
    })),
    check_run_url: `${base}/check-runs/${each.id}`,
    labels: each.labels,
    runner_id: runner === null ? null : 1_000_000 + (each.id % 1000),
    runner_name: runner,
    runner_group_id: runner === null ? null : 0,
    runner_group_name: runner === null ? null : "GitHub Actions",
  };
}

export function artifact(parent: Run, each: Artifact): object {
  const { repository } = parent;
  const url = `${apiUrl}/repos/${repository.full_name}/actions/artifacts/${each.id}`;
  return {
    id: each.id,
    node_id: each.node_id,
    name: each.name,
    size_in_bytes: each.size,
    url,
    archive_download_url: `${url}/zip`,
    expired: each.expired,
    digest: null,
    created_at: each.created_at,
    updated_at: each.created_at,
    expires_at: each.expires_at,
    workflow_run: {
      id: parent.id,
      repository_id: repository.id,
      head_repository_id: parent.head_repository?.id ?? repository.id,
      head_branch: parent.branch,
      head_sha: parent.sha,
    },
  };
}

/** Open pull requests of this repository whose head is the commit. */
function pullsAt(repository: Repository, sha: string): Pull[] {
  return [...repository.threads.values()].filter(
    (thread): thread is Pull =>
      thread.kind === "pull" &&
      thread.state === "open" &&
      thread.head.sha === sha &&
      thread.head.repository === repository,
  );
}

export function checkRun(world: World, repository: Repository, each: CheckRun): object {
  const url = `${apiUrl}/repos/${repository.full_name}/check-runs/${each.id}`;
  const html_url = each.job
    ? `${webUrl}/${repository.full_name}/actions/runs/${each.job.run.id}/job/${each.id}`
    : `${webUrl}/${repository.full_name}/runs/${each.id}`;
  return {
    id: each.id,
    name: each.name,
    node_id: each.node_id,
    head_sha: each.suite.sha,
    external_id: each.external_id,
    url,
    html_url,
    details_url: each.details_url,
    status: each.status,
    conclusion: each.conclusion,
    started_at: each.started_at,
    completed_at: each.completed_at,
    output: { ...each.output, annotations_count: each.annotations.length, annotations_url: `${url}/annotations` },
    check_suite: { id: each.suite.id },
    app: app(world, each.app),
    pull_requests: pullsAt(repository, each.suite.sha).map(pullReference),
  };
}

export function annotation(repository: Repository, sha: string, each: Annotation): object {
  return {
    path: each.path,
    blob_href: `${webUrl}/${repository.full_name}/blob/${sha}/${each.path}`,
    start_line: each.start_line,
    start_column: each.start_column,
    end_line: each.end_line,
    end_column: each.end_column,
    annotation_level: each.level,
    title: each.title,
    message: each.message,
    raw_details: each.raw_details,
  };
}

export function checkSuite(world: World, repository: Repository, each: CheckSuite): object {
  const url = `${apiUrl}/repos/${repository.full_name}/check-suites/${each.id}`;
  const checks = latestChecks(each);
  const { status, conclusion } = suiteState(each);
  const commit = repository.commits.get(each.sha);
  return {
    id: each.id,
    node_id: each.node_id,
    head_branch: each.branch,
    head_sha: each.sha,
    status,
    conclusion,
    url,
    before: commit?.parents[0] ?? null,
    after: each.sha,
    pull_requests: pullsAt(repository, each.sha).map(pullReference),
    app: app(world, each.app),
    created_at: each.created_at,
    updated_at: checks.reduce(
      (newest, check) => (check.completed_at && check.completed_at > newest ? check.completed_at : newest),
      each.created_at,
    ),
    rerequestable: true,
    runs_rerequestable: each.run === null,
    latest_check_runs_count: checks.length,
    check_runs_url: `${url}/check-runs`,
    head_commit: headCommit(commit),
    repository: minimalRepository(repository),
  };
}

/** Of each name the newest, as `filter=latest` asks. */
export function latestChecks(suite: CheckSuite): CheckRun[] {
  const attempt = suite.run?.attempts.at(-1)?.number;
  if (attempt !== undefined) return suite.checks.filter((check) => check.job?.attempt === attempt);
  return [...new Map(suite.checks.map((check) => [check.name, check])).values()];
}

function suiteState(suite: CheckSuite): { status: string; conclusion: string | null } {
  const attempt = suite.run?.attempts.at(-1);
  if (attempt) return { status: attempt.status, conclusion: attempt.conclusion };
  const checks = latestChecks(suite);
  const open = checks.find((check) => check.status !== "completed");
  if (open) return { status: open.status, conclusion: null };
  const order = ["failure", "timed_out", "action_required", "cancelled", "stale", "success", "neutral", "skipped"];
  return {
    status: "completed",
    conclusion: order.find((each) => checks.some((check) => check.conclusion === each)) ?? null,
  };
}

/** A commit status; the combined view leaves out its creator. */
export function commitStatus(repository: Repository, sha: string, each: Status, combined = false): object {
  return {
    url: `${apiUrl}/repos/${repository.full_name}/statuses/${sha}`,
    avatar_url: each.creator ? avatar(each.creator) : null,
    id: each.id,
    node_id: each.node_id,
    state: each.state,
    description: each.description,
    target_url: each.target_url,
    context: each.context,
    created_at: each.created_at,
    updated_at: each.updated_at,
    ...(combined ? {} : { creator: user(each.creator) }),
  };
}
