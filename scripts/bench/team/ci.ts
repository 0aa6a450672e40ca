/** Continuous integration of a push: runs of several jobs, each with its steps, and the reviewers' work meanwhile. */
import { shaOf } from "../../../test/github-emulator/index.ts";
import { ask } from "./commands.ts";
import type { Ci, Day, OpenPull } from "./day.ts";
import { type JobPlan, type Moment, second } from "./trace-types.ts";

/** Opens the next pull request that waits; undefined when none is left. */
export function openPull(day: Day, actor: string, repo: string, t: Moment): OpenPull | undefined {
  const pull = day.waiting.get(repo)?.shift();
  if (pull === undefined) return undefined;
  pull.author = actor;
  pull.open = true;
  day.pullsOf(repo).push(pull);
  const event = { kind: "open", pull: pull.number } as const;
  if (actor === "outsider") day.change(t, repo, event, { actor });
  else day.write(t, actor, repo, event, true);
  react(day, pull, t);
  return pull;
}

export function pushTo(day: Day, pull: OpenPull, actor: string, t: Moment): void {
  pull.pushes += 1;
  pull.sha = shaOf(pull.repo, pull.branch, pull.pushes);
  const event = { kind: "push", branch: pull.branch, sha: pull.sha } as const;
  if (actor === "outsider") day.change(t, pull.repo, event, { actor });
  else day.write(t, actor, pull.repo, event, true);
  react(day, pull, t);
}

/** CI starts; the review agent looks at the push, and a colleague may. */
function react(day: Day, pull: OpenPull, t: Moment): void {
  const { random } = day;
  startCi(day, pull, t);
  if (random.chance(0.7)) day.at(t + random.range(8, 25) * second, () => reviewAgent(day, pull));
  if (random.chance(0.35)) day.at(t + random.range(60, 240) * second, () => colleague(day, pull));
}

function reviewAgent(day: Day, pull: OpenPull): void {
  const { random, now } = day;
  const { repo, number } = pull;
  const login = day.cast.bots.find(({ role }) => role === "reviewer")?.login;
  if (login === undefined) return;
  ask(day, now, login, repo, "pr-view-description", number);
  ask(day, now + 0.8 * second, login, repo, "pr-diff", number);
  ask(day, now + 2 * second, login, repo, "api-pr-comments", number);
  ask(day, now + 3 * second, login, repo, "pr-view-reviews", number);
  for (const file of [0, 1]) {
    ask(day, now + (5 + 2 * file) * second, login, repo, "api-contents", `src/file${file}.ts?ref=${pull.sha}`);
  }
  if (!random.chance(0.7)) return;
  day.at(now + random.range(25, 70) * second, () => {
    const state = random.chance(0.75) ? "APPROVED" : "CHANGES_REQUESTED";
    day.write(day.now, login, repo, { kind: "review", pull: number, state });
    pull.reviewed = true;
    ask(day, day.now + 1.2 * second, login, repo, "api-pr-comments", number);
    ask(day, day.now + 2 * second, login, repo, "pr-view-rollup", number);
  });
}

function colleague(day: Day, { repo, number }: OpenPull): void {
  const { random, now } = day;
  const actor = random.pick(day.cast.people);
  ask(day, now, actor, repo, "pr-view", number);
  ask(day, now + 3 * second, actor, repo, "pr-diff", number);
  ask(day, now + 5 * second, actor, repo, "pr-checks", number, { poll: true });
  if (!random.chance(0.5)) return;
  day.at(now + 40 * second, () => {
    day.write(day.now, actor, repo, { kind: "comment", number });
    ask(day, day.now + second, actor, repo, "pr-view-comments", number);
  });
}

function startCi(day: Day, pull: OpenPull, t: Moment): void {
  const { random } = day;
  const ok = random.chance(0.78);
  const failing = ok ? -1 : random.int(1, 3);
  const long = Math.min(720, Math.max(110, Math.exp(random.range(4.9, 6.1))));
  const names = ["build", "test-1", "test-2", "test-3", "docs", "e2e"].slice(0, random.int(4, 6));
  const shapes = [
    { workflow: "CI", names, long, failing },
    { workflow: "Lint", names: ["lint", "types"], long: random.range(40, 100), failing: -1 },
  ];
  const runs = shapes.map((shape) => startRun(day, pull, t, shape));
  const ci: Ci = { start: t, end: Math.max(...runs.map(({ end }) => end)), ok, sha: pull.sha, runs };
  pull.ci = ci;
}

interface RunShape {
  readonly workflow: string;
  readonly names: readonly string[];
  /** Seconds of the longest job. */
  readonly long: number;
  readonly failing: number;
}

function startRun(day: Day, pull: OpenPull, t: Moment, { workflow, names, long, failing }: RunShape) {
  const { random } = day;
  const { repo, number, sha, branch } = pull;
  const run = day.newRun();
  const created = t + random.range(2, 6) * second;
  const jobs = names.map((name, at): JobPlan => {
    const later = workflow === "CI" && at > 0 ? random.range(5, 20) : 0;
    const started = created + (random.range(4, 25) + later) * second;
    const length = (at === 1 || names.length < 3 ? long : long * random.range(0.35, 0.95)) * second;
    const conclusion = at === failing ? "failure" : "success";
    return { id: day.newJob(), name, started, ended: started + length, conclusion };
  });
  day.change(created, repo, { kind: "run", run, workflow, pull: number, sha, branch, jobs });
  for (const { id: job, started, ended, conclusion } of jobs) {
    day.change(started, repo, { kind: "job_start", run, job, sha });
    for (let step = 1; step < 5; step += 1) {
      day.change(started + ((ended - started) * step) / 5, repo, { kind: "job_step", run, job, step, sha });
    }
    day.change(ended, repo, { kind: "job_end", run, job, conclusion, sha });
  }
  return { id: run, end: Math.max(...jobs.map(({ ended }) => ended)) + second };
}
