/** Bots sweep; strangers contribute. */
import type { Bot, Role } from "./cast.ts";
import { openPull, pushTo } from "./ci.ts";
import { ask } from "./commands.ts";
import { active, type Day } from "./day.ts";
import { triageSoon, waitForCi } from "./people.ts";
import { second } from "./trace-types.ts";

interface Sweep {
  /** When the first begins, and how long it is to the next, seconds. */
  readonly first: number;
  readonly pause: (day: Day) => number;
  readonly sweep: (day: Day, login: string) => void;
}

const poll = { poll: true };

const sweeps: Readonly<Partial<Record<Role, Sweep>>> = {
  mergebot: { first: 5, pause: () => 90, sweep: mergeable },
  cidash: { first: 21, pause: () => 90, sweep: dashboard },
  orchestrator: { first: 33, pause: () => 45, sweep: decisions },
  triage: { first: 47, pause: () => 150, sweep: newIssues },
  depbot: { first: 60, pause: ({ random }) => random.range(240, 480), sweep: bump },
};

export function startBots(day: Day): void {
  for (const [at, bot] of day.cast.bots.entries()) start(day, bot, at);
  day.at(10 * second, () => outside(day));
}

function start(day: Day, { login, role }: Bot, at: number): void {
  const plan = sweeps[role];
  if (plan === undefined) return;
  const go = () => {
    plan.sweep(day, login);
    day.at(day.now + plan.pause(day) * second, go);
  };
  day.at((plan.first + 13 * Math.floor(at / 6)) * second, go);
}

/** Open pull requests in the six busiest repositories. */
function mergeable(day: Day, login: string): void {
  let t = day.now;
  for (const repo of day.cast.repos.slice(0, 6)) {
    ask(day, t, login, repo, "pr-list-json", "", poll);
    t += 0.7 * second;
    for (const { number } of active(day, repo).slice(0, 5)) {
      ask(day, t, login, repo, "pr-view-rollup", number, poll);
      t += 0.9 * second;
    }
  }
}

/** Workflow runs in progress, in all repositories. */
function dashboard(day: Day, login: string): void {
  let t = day.now;
  for (const repo of day.cast.repos) {
    ask(day, t, login, repo, "run-list-dashboard", "", poll);
    t += 0.6 * second;
    const running = day.pullsOf(repo).filter(({ ci }) => ci && day.now > ci.start + 10 * second && day.now < ci.end);
    for (const { ci } of running.slice(0, 2)) {
      ask(day, t, login, repo, "run-view-json", ci?.runs[0]?.id, poll);
      t += 0.6 * second;
    }
  }
}

/** Its agents' pull requests, with reviewDecision. */
function decisions(day: Day, login: string): void {
  let t = day.now;
  for (const repo of day.cast.repos.slice(0, 8)) {
    for (const { number } of active(day, repo, 120 * second).slice(0, 1)) {
      ask(day, t, login, repo, "pr-view-decision", number, poll);
      t += 0.8 * second;
    }
  }
}

function newIssues(day: Day, login: string): void {
  for (const [at, repo] of day.cast.publicRepos.slice(0, 6).entries()) {
    ask(day, day.now + at * second, login, repo, "issue-list-json");
  }
}

/** Dependencies are bumped, and their CI is waited for. */
function bump(day: Day, login: string): void {
  const repo = day.random.weighted(day.cast.weights);
  const pull = openPull(day, login, repo, day.now);
  ask(day, day.now + second, login, repo, "release-list");
  if (pull) waitForCi(day, { actor: login, style: "api", every: 30 * second }, pull, () => undefined);
}

/** Contributors without a machine in the bench. */
function outside(day: Day): void {
  const { random, cast } = day;
  const repo = random.weighted(cast.weights.filter(([name]) => cast.publicRepos.includes(name)));
  const open = day.openPulls(repo);
  const choice = random.next();
  if (choice < 0.5) {
    const onIssue = random.chance(0.5) || open.length === 0;
    const number = onIssue ? random.pick(day.issuesOf(repo)) : random.pick(open).number;
    day.change(day.now, repo, { kind: "comment", number }, { actor: "outsider" });
  } else if (choice < 0.7) {
    const number = day.newIssue(repo);
    day.change(day.now, repo, { kind: "issue", number }, { actor: "outsider" });
    triageSoon(day, repo, number);
  } else if (choice < 0.85) openPull(day, "outsider", repo, day.now);
  else {
    const theirs = open.filter(({ author }) => author === "outsider");
    if (theirs.length > 0) pushTo(day, random.pick(theirs), "outsider", day.now);
  }
  day.at(day.now + random.exp(55) * second, () => outside(day));
}
