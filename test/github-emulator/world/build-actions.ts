import { annotations, newSuite, settle } from "./build-checks.ts";
import { tipAt } from "./build-git.ts";
import type { ThreadContext } from "./build-threads.ts";
import { latest, namedId, timedId } from "./context.ts";
import { nodeId } from "./ids.ts";
import type { Artifact, Attempt, CheckRun, Job, Pull, Run, Step, Workflow } from "./model.ts";
import type { RepositoryInput, RunInput } from "./schema.ts";

type WorkflowInput = RepositoryInput["workflows"][number];
type JobInput = RunInput["jobs"][number];

export function buildWorkflow(context: ThreadContext, input: WorkflowInput): Workflow {
  const { repository } = context;
  const path = input.path ?? `.github/workflows/${input.name.toLowerCase().replace(/[^a-z0-9]+/g, "-")}.yml`;
  const id = namedId(context, "workflow", input.id, `${repository.full_name}/${path}`);
  const created_at = input.created_at ?? repository.created_at;
  return {
    id,
    node_id: nodeId("W", repository.id, id),
    name: input.name,
    path,
    state: input.state,
    created_at,
    updated_at: input.updated_at ?? created_at,
  };
}

/** A workflow by name or path; one that runs only mention is created. */
function findWorkflow(context: ThreadContext, name: string): Workflow {
  const { repository } = context;
  const found = repository.workflows.find((each) => each.name === name || each.path === name);
  if (found) return found;
  const created = buildWorkflow(
    context,
    name.startsWith(".github/") ? { name, path: name, state: "active" } : { name, state: "active" },
  );
  repository.workflows.push(created);
  return created;
}

export function buildRun(context: ThreadContext, input: RunInput, order: number): Run {
  const { repository } = context;
  const workflow = findWorkflow(context, input.workflow);
  const thread = input.pull === undefined ? undefined : repository.threads.get(input.pull);
  const pull = thread?.kind === "pull" ? thread : null;
  const branch = input.branch === undefined ? (pull?.head.ref ?? repository.default_branch) : input.branch;
  const tip =
    repository.branches.get(branch ?? "")?.sha ?? repository.branches.get(repository.default_branch)?.sha ?? "";
  const ran = input.created_at ? tipAt(repository, tip, input.created_at) : tip;
  const sha = input.sha ?? pull?.head.sha ?? ran;
  const commit = repository.commits.get(sha);
  const created_at = input.created_at ?? context.after(commit?.committer.date ?? repository.created_at, 60 + order);
  const id = timedId(context, "run", input.id, created_at);
  const actor = context.actor(
    input.actor === undefined
      ? (pull?.author?.login ?? commit?.author.account?.login ?? context.maintainer)
      : input.actor,
  );
  const earlier = repository.runs.filter((run) => run.workflow === workflow).length;
  const run: Run = {
    id,
    node_id: nodeId("WFR", repository.id, id),
    repository,
    workflow,
    name: input.name ?? workflow.name,
    title: input.title ?? pull?.title ?? commit?.message.split("\n")[0] ?? workflow.name,
    number: input.number ?? earlier + 1,
    event: input.event ?? (pull ? "pull_request" : "push"),
    branch,
    sha,
    head_repository: pull ? pull.head.repository : repository,
    pull,
    actor,
    created_at,
    suite: newSuite(context, repository, "github-actions", sha, branch, created_at, null),
    attempts: [],
    artifacts: [],
  };
  run.suite.run = run;
  const attempts: AttemptInput[] = [...input.previous_attempts, input];
  let start = created_at;
  for (const [index, each] of attempts.entries()) {
    const attempt = buildAttempt(context, run, each, index + 1, each.run_started_at ?? start);
    run.attempts.push(attempt);
    start = context.after(attempt.updated_at, 600);
  }
  const last = run.attempts.at(-1);
  run.artifacts = input.artifacts.map((each) => buildArtifact(context, run, each, last?.updated_at ?? created_at));
  repository.runs.push(run);
  return run;
}

type AttemptInput = RunInput["previous_attempts"][number];

function buildAttempt(context: ThreadContext, run: Run, input: AttemptInput, number: number, started: string): Attempt {
  const attempt: Attempt = {
    number,
    status: "completed",
    conclusion: null,
    triggering_actor: input.triggering_actor === undefined ? run.actor : context.actor(input.triggering_actor),
    run_started_at: started,
    updated_at: started,
    jobs: [],
  };
  attempt.jobs = input.jobs.map((job) => buildJob(context, run, job, number, started));
  Object.assign(attempt, settle(input.status || input.conclusion ? input : outcome(attempt.jobs)));
  const ended = attempt.jobs.map((job) => job.completed_at ?? job.started_at);
  attempt.updated_at = input.updated_at ?? latest(context.after(started, attempt.jobs.length > 0 ? 5 : 300), ...ended);
  return attempt;
}

/** The state of a run by its jobs. */
function outcome(jobs: Pick<Job, "status" | "conclusion">[]): { status?: string; conclusion?: string } {
  const open = jobs.find((job) => job.status !== "completed");
  if (open) return { status: jobs.some((job) => job.status === "in_progress") ? "in_progress" : open.status };
  const worst = ["failure", "timed_out", "startup_failure", "cancelled", "action_required"].find((each) =>
    jobs.some((job) => job.conclusion === each),
  );
  if (worst) return { conclusion: worst === "timed_out" ? "failure" : worst };
  return { conclusion: jobs.length > 0 && jobs.every((job) => job.conclusion === "skipped") ? "skipped" : "success" };
}

function buildJob(context: ThreadContext, run: Run, input: JobInput, attempt: number, started: string): Job {
  const { repository } = context;
  const { status, conclusion } = settle(input);
  const began = status === "completed" || status === "in_progress";
  const started_at = input.started_at === undefined ? context.after(started, 10) : input.started_at;
  const length = conclusion === "skipped" ? 0 : 30 * Math.max(1, input.steps.length);
  const completed_at =
    status === "completed" ? (input.completed_at ?? context.after(started_at ?? started, length)) : null;
  const id = timedId(context, "check", input.id, started_at ?? started);
  const check: CheckRun = {
    id,
    node_id: nodeId("CR", repository.id, id),
    suite: run.suite,
    name: input.name,
    app: "github-actions",
    status,
    conclusion,
    started_at,
    completed_at,
    details_url: `https://github.com/${repository.full_name}/actions/runs/${run.id}/job/${id}`,
    external_id: "",
    output: { title: null, summary: null, text: null },
    annotations: annotations(input.annotations),
    job: null,
  };
  run.suite.checks.push(check);
  const job: Job = {
    id,
    node_id: nodeId("CR", repository.id, id),
    name: input.name,
    run,
    attempt,
    status,
    conclusion,
    created_at: started,
    started_at,
    completed_at,
    steps: input.steps.map((step, index) =>
      buildStep(context, step, index, { status, conclusion }, started_at ?? started),
    ),
    labels: input.labels,
    runner_name:
      input.runner_name === undefined
        ? began && conclusion !== "skipped"
          ? "GitHub Actions 1"
          : null
        : input.runner_name,
    log: input.log ?? null,
    check,
  };
  check.job = job;
  return job;
}

type StepInput = JobInput["steps"][number];

function buildStep(
  context: ThreadContext,
  input: StepInput,
  index: number,
  job: { status: string; conclusion: string | null },
  start: string,
): Step {
  const { status, conclusion } = settle(input.status || input.conclusion ? input : job);
  return {
    number: index + 1,
    name: input.name,
    status,
    conclusion,
    started_at:
      input.started_at === undefined
        ? status === "queued"
          ? null
          : context.after(start, index * 30)
        : input.started_at,
    completed_at: status === "completed" ? (input.completed_at ?? context.after(start, (index + 1) * 30)) : null,
  };
}

function buildArtifact(context: ThreadContext, run: Run, input: RunInput["artifacts"][number], at: string): Artifact {
  const created_at = input.created_at ?? at;
  const id = timedId(context, "artifact", input.id, created_at);
  return {
    id,
    node_id: nodeId("A", run.repository.id, id),
    name: input.name,
    size: input.size,
    expired: input.expired,
    created_at,
    expires_at: input.expires_at ?? later(created_at, 90),
  };
}

function later(from: string, days: number): string {
  return `${new Date(Date.parse(from) + days * 86_400_000).toISOString().slice(0, 19)}Z`;
}

/** Pull requests a check run or workflow run points at: those whose head it ran for, while they are open. */
export function openPulls(run: Run): Pull[] {
  return run.pull && run.pull.state === "open" && run.pull.head.repository === run.repository ? [run.pull] : [];
}
