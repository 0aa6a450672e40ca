/** Applies a trace's changes to the emulated GitHub: people's by its API where they write, the rest to its world. */
import {
  type Attempt,
  type GitHub,
  type Job,
  nodeId,
  type Pull,
  type Repository,
  type Review,
  type Run,
  type Step,
} from "../../../test/github-emulator/index.ts";
import { type Change, iso, type Trace } from "./trace-types.ts";

const stepNames = ["checkout", "setup", "run", "upload", "post"];

export class WorldChanges {
  readonly problems: string[] = [];
  readonly #github: GitHub;
  readonly #now: () => number;
  readonly #hidden = new Map<string, Pull>();
  readonly #runs = new Map<number, Run>();
  #notes = 0;

  constructor(github: GitHub, now: () => number, trace: Pick<Trace, "hidden">) {
    this.#github = github;
    this.#now = now;
    for (const [name, numbers] of Object.entries(trace.hidden)) this.#hide(this.#repository(name), numbers);
  }

  async apply(change: Change): Promise<void> {
    const { repo } = change;
    const actor = change.actor === undefined || change.actor === "outsider" ? "p01" : change.actor;
    switch (change.kind) {
      case "push": {
        const body = { sha: change.sha, force: true };
        return this.#write("PATCH", `/repos/${repo}/git/refs/heads/${change.branch}`, body, actor);
      }
      case "comment": {
        const body = { body: `Remark ${++this.#notes}` };
        return this.#write("POST", `/repos/${repo}/issues/${change.number}/comments`, body, change.actor ?? actor);
      }
      case "issue": {
        const body = { title: `New ${change.number}`, body: "Something broke." };
        return this.#write("POST", `/repos/${repo}/issues`, body, change.actor ?? actor);
      }
      case "label":
        return this.#write("POST", `/repos/${repo}/issues/${change.number}/labels`, { labels: ["triaged"] }, actor);
      case "edit_issue": {
        const body = { title: `Issue ${change.number}, edited ${++this.#notes}` };
        return this.#write("PATCH", `/repos/${repo}/issues/${change.number}`, body, actor);
      }
      case "edit": {
        const body = { title: `Change ${change.pull}, edited ${++this.#notes}` };
        return this.#write("PATCH", `/repos/${repo}/pulls/${change.pull}`, body, actor);
      }
      case "merge":
        return this.#write("PUT", `/repos/${repo}/pulls/${change.pull}/merge`, { merge_method: "squash" }, actor);
      case "fetch":
        return;
      default:
        this.#github.mutate(() => this.#mutate(change, iso(this.#now())));
    }
  }

  #mutate(change: Change, stamp: string): void {
    const repository = this.#repository(change.repo);
    if (change.kind === "open") this.#open(repository, change.pull, change.actor ?? "", stamp);
    else if (change.kind === "review") this.#review(repository, change, stamp);
    else if (change.kind === "run") this.#startRun(repository, change, stamp);
    else if (change.kind === "job_start" || change.kind === "job_step" || change.kind === "job_end")
      this.#moveJob(change, stamp);
  }

  #repository(name: string): Repository {
    const repository = this.#github.world().repositories.get(name);
    if (repository === undefined) throw new Error(`no repository ${name}`);
    return repository;
  }

  /** Takes out later events. */
  #hide(repository: Repository, numbers: readonly number[]): void {
    this.#github.mutate(() => {
      for (const number of numbers) {
        const pull = repository.threads.get(number);
        if (pull?.kind !== "pull") throw new Error(`no pull request ${number}`);
        this.#hidden.set(`${repository.full_name}#${number}`, pull);
        repository.threads.delete(number);
        repository.branches.delete(pull.head.ref);
      }
    });
  }

  #open(repository: Repository, number: number, actor: string, stamp: string): void {
    const pull = this.#hidden.get(`${repository.full_name}#${number}`);
    if (pull === undefined) throw new Error(`no pull request ${number} waits`);
    pull.author = this.#github.world().accounts.get(actor) ?? null;
    pull.created_at = stamp;
    pull.updated_at = stamp;
    for (const commit of pull.commits) {
      commit.author = { ...commit.author, date: stamp };
      commit.committer = { ...commit.committer, date: stamp };
    }
    repository.threads.set(pull.number, pull);
    const { ref, sha } = pull.head;
    const branch = { name: ref, sha, protected: false, required_checks: [], required_approvals: 0, files: new Map() };
    repository.branches.set(ref, branch);
  }

  #review(
    repository: Repository,
    { pull: number, state, actor }: Extract<Change, { kind: "review" }>,
    stamp: string,
  ): void {
    const world = this.#github.world();
    const pull = repository.threads.get(number);
    if (pull?.kind !== "pull") return;
    const author = world.accounts.get(actor ?? "") ?? null;
    const id = world.ids.timed("review", stamp);
    const commentId = world.ids.timed("review_comment", stamp);
    const common = { author, association: "MEMBER", reactions: {}, commit_sha: pull.head.sha };
    const place = { path: pull.files[0]?.path ?? "README.md", line: 1, start_line: null, side: "RIGHT" as const };
    const comment = {
      ...common,
      ...place,
      id: commentId,
      node_id: nodeId("PRRC", repository.id, commentId),
      review_id: id,
      body: "Here.",
      diff_hunk: "@@ -1 +1 @@",
      in_reply_to: null,
      outdated: false,
      resolved_by: null,
      subject_type: "line" as const,
      created_at: stamp,
      updated_at: stamp,
    };
    const review: Review = {
      ...common,
      id,
      node_id: nodeId("PRR", repository.id, id),
      state,
      body: "Seen.",
      submitted_at: stamp,
      comments: [comment],
    };
    pull.reviews.push(review);
    pull.updated_at = stamp;
  }

  #startRun(repository: Repository, change: Extract<Change, { kind: "run" }>, stamp: string): void {
    const { ids } = this.#github.world();
    const workflow = repository.workflows.find(({ name }) => name === change.workflow);
    const thread = repository.threads.get(change.pull);
    if (workflow === undefined || thread?.kind !== "pull") return;
    const suiteId = ids.timed("suite", stamp);
    const { sha, branch } = change;
    const node = nodeId("CS", repository.id, suiteId);
    const suite: Run["suite"] = {
      id: suiteId,
      node_id: node,
      sha,
      branch,
      app: "github-actions",
      run: null,
      checks: [],
      created_at: stamp,
    };
    repository.suites.push(suite);
    const run: Run = {
      id: change.run,
      node_id: nodeId("WFR", repository.id, change.run),
      repository,
      workflow,
      name: workflow.name,
      title: thread.title,
      number: repository.runs.filter((each) => each.workflow === workflow).length + 1,
      event: "pull_request",
      branch,
      sha,
      head_repository: repository,
      pull: thread,
      actor: thread.author,
      created_at: stamp,
      suite,
      attempts: [],
      artifacts: [],
    };
    suite.run = run;
    const attempt: Attempt = {
      number: 1,
      status: "queued",
      conclusion: null,
      triggering_actor: run.actor,
      run_started_at: stamp,
      updated_at: stamp,
      jobs: [],
    };
    for (const plan of change.jobs) attempt.jobs.push(queuedJob(run, plan, stamp));
    run.attempts.push(attempt);
    repository.runs.unshift(run);
    this.#runs.set(run.id, run);
  }

  #moveJob(change: Extract<Change, { kind: "job_start" | "job_step" | "job_end" }>, stamp: string): void {
    const attempt = this.#runs.get(change.run)?.attempts.at(-1);
    const job = attempt?.jobs.find(({ id }) => id === change.job);
    if (attempt === undefined || job === undefined) return;
    if (change.kind === "job_start") startJob(attempt, job, stamp);
    else if (change.kind === "job_step") nextStep(job, change.step, stamp);
    else endJob(attempt, job, change.conclusion, stamp);
  }

  async #write(method: string, url: string, body: object, actor: string): Promise<void> {
    const headers = {
      host: "api.github.com",
      authorization: `token token-${actor}`,
      "content-type": "application/json",
    };
    const answer = await this.#github.engine.handle({
      method,
      url,
      headers,
      body: JSON.stringify(body),
      address: "127.0.0.1",
    });
    if (!answer || answer.status >= 300) this.problems.push(`${method} ${url} by ${actor}: ${answer?.status}`);
  }
}

function queuedJob(run: Run, { id, name }: { readonly id: number; readonly name: string }, stamp: string): Job {
  const { suite, repository } = run;
  const check: Job["check"] = {
    id,
    node_id: nodeId("CR", repository.id, id),
    suite,
    name,
    app: "github-actions",
    status: "queued",
    conclusion: null,
    started_at: stamp,
    completed_at: null,
    details_url: `https://github.com/${repository.full_name}/actions/runs/${run.id}/job/${id}`,
    external_id: "",
    output: { title: null, summary: null, text: null },
    annotations: [],
    job: null,
  };
  suite.checks.push(check);
  const job: Job = {
    id,
    node_id: check.node_id,
    name,
    run,
    attempt: 1,
    status: "queued",
    conclusion: null,
    created_at: stamp,
    started_at: stamp,
    completed_at: null,
    steps: [],
    labels: ["ubuntu-latest"],
    runner_name: null,
    log: null,
    check,
  };
  check.job = job;
  return job;
}

function stepOf(number: number, stamp: string): Step {
  const name = stepNames[number - 1] ?? "step";
  return { number, name, status: "in_progress", conclusion: null, started_at: stamp, completed_at: null };
}

function startJob(attempt: Attempt, job: Job, stamp: string): void {
  Object.assign(job, { status: "in_progress", started_at: stamp, runner_name: "GitHub Actions 1" });
  job.steps = [stepOf(1, stamp)];
  Object.assign(job.check, { status: "in_progress", started_at: stamp });
  if (attempt.status === "queued") Object.assign(attempt, { status: "in_progress", updated_at: stamp });
}

function nextStep(job: Job, step: number, stamp: string): void {
  Object.assign(job.steps.at(-1) ?? {}, { status: "completed", conclusion: "success", completed_at: stamp });
  job.steps.push(stepOf(step + 1, stamp));
}

function endJob(attempt: Attempt, job: Job, conclusion: string, stamp: string): void {
  const ended = { status: "completed", conclusion, completed_at: stamp };
  for (const step of job.steps) if (step.status !== "completed") Object.assign(step, ended);
  Object.assign(job, ended);
  Object.assign(job.check, ended);
  if (!attempt.jobs.every(({ status }) => status === "completed")) return;
  const failed = attempt.jobs.some((each) => each.conclusion === "failure");
  Object.assign(attempt, { status: "completed", conclusion: failed ? "failure" : "success", updated_at: stamp });
}
