/** People, each with an agent: they read, push, wait for CI, merge and comment. */
import { openPull, pushTo } from "./ci.ts";
import { ask, type ShapeTag } from "./commands.ts";
import type { Ci, Day, OpenPull } from "./day.ts";
import { second } from "./trace-types.ts";

const everyStyle = ["checks", "gate", "decision", "runs", "watch", "api"] as const;
type Style = (typeof everyStyle)[number];

/** How an agent waits for CI, in the order of the team. */
const styles: readonly Style[] = [
  "checks",
  "checks",
  "checks",
  "gate",
  "decision",
  "runs",
  "runs",
  "watch",
  "api",
  "checks",
];

export function startPeople(day: Day): void {
  const { random, cast } = day;
  for (const [at, actor] of cast.people.entries()) {
    const home = random.weighted(cast.weights);
    const person = {
      actor,
      home,
      second: random.weighted(cast.weights),
      style: styles[at % styles.length] ?? "api",
      every: random.pick([10, 15, 20, 30, 30]) * second,
    };
    day.at(random.range(0, 300) * second, () => code(day, person));
    day.at(random.range(0, 240) * second, () => browse(day, person));
    day.at(random.range(30, 400) * second, () => tidyUp(day, person));
  }
}

interface Person {
  readonly actor: string;
  readonly home: string;
  readonly second: string;
  readonly style: Style;
  readonly every: number;
}

/** The agent: context, a push, CI, and the steps after it. */
function code(day: Day, person: Person): void {
  const { random } = day;
  const { actor } = person;
  const repo = random.chance(0.75) ? person.home : person.second;
  const mine = day.openPulls(repo).filter(({ author }) => author === actor);
  const pull = mine.length > 0 && random.chance(0.65) ? random.pick(mine) : undefined;
  const thinking = random.range(60, 260) * second;
  const looks = random.int(3, 7);
  for (let look = 0; look < looks; look += 1)
    lookAround(day, actor, repo, day.now + random.range(2 * second, thinking - 10 * second));
  day.at(day.now + thinking, () => {
    if (pull?.open) pushTo(day, pull, actor, day.now);
    const worked = pull?.open ? pull : openPull(day, actor, repo, day.now);
    if (worked === undefined) {
      day.at(day.now + 60 * second, () => code(day, person));
      return;
    }
    ask(day, day.now + random.range(1, 2.5) * second, actor, repo, "pr-view-head", worked.number);
    const again = () => day.at(day.now + random.range(20, 90) * second, () => code(day, person));
    const style = random.chance(0.8) ? person.style : random.pick(everyStyle);
    waitForCi(day, { actor, style, every: person.every }, worked, (ci) => afterCi(day, actor, worked, ci, again));
  });
}

/** Context while coding. */
function lookAround(day: Day, actor: string, repo: string, t: number): void {
  const { random } = day;
  const issue = random.pick(day.issuesOf(repo));
  const other = random.pick(day.pullsOf(repo)).number;
  const [tag, subject] = random.weighted<readonly [ShapeTag, string | number]>([
    [["issue-view-json", issue], 25],
    [["issue-view", issue], 15],
    [["api-contents", `src/file${random.int(0, 1)}.ts`], 15],
    [["pr-view-description", other], 15],
    [["pr-view-files", other], 10],
    [["pr-list-json", ""], 10],
    [["repo-view", ""], 10],
  ]);
  ask(day, t, actor, repo, tag, subject);
}

interface Waiter {
  readonly actor: string;
  readonly style: Style;
  readonly every: number;
}

/** Polls until the pull request's CI has ended, or was overtaken by a push. */
export function waitForCi(day: Day, waiter: Waiter, pull: OpenPull, done: (ci: Ci) => void): void {
  const { random } = day;
  const { ci, repo } = pull;
  const { actor, style } = waiter;
  const [run] = ci?.runs ?? [];
  if (ci === undefined || run === undefined) return;
  if (style === "watch") {
    day.at(day.now + random.range(8, 12) * second, () => {
      ask(day, day.now, actor, repo, "run-list-branch", pull.branch, { poll: true });
      ask(day, day.now + 1.5 * second, actor, repo, "run-watch", run.id, { poll: true, watchUntil: run.end });
      day.at(Math.max(ci.end, day.now) + random.range(2, 4) * second, () => done(ci));
    });
    return;
  }
  const poll = () => {
    if (pull.ci !== ci) return done(ci);
    look(day, waiter, pull, ci, run.id);
    if (day.now > ci.end) return done(ci);
    day.at(day.now + waiter.every * random.range(0.95, 1.15) + 1.5 * second, poll);
  };
  day.at(day.now + random.range(3, 12) * second, poll);
}

function look(day: Day, { actor, style }: Waiter, { repo, number, branch, sha }: OpenPull, ci: Ci, run: number): void {
  const poll = { poll: true };
  if (style === "checks") ask(day, day.now, actor, repo, "pr-checks", number, poll);
  else if (style === "gate") ask(day, day.now, actor, repo, "pr-view-rollup", number, poll);
  else if (style === "decision") ask(day, day.now, actor, repo, "pr-view-decision", number, poll);
  else if (style === "api") ask(day, day.now, actor, repo, "api-check-runs", sha, poll);
  else {
    ask(day, day.now, actor, repo, "run-list-branch", branch, poll);
    if (day.now > ci.start + 8 * second) ask(day, day.now + 1.2 * second, actor, repo, "run-view-json", run, poll);
  }
}

function afterCi(day: Day, actor: string, pull: OpenPull, ci: Ci, next: () => void): void {
  const { random } = day;
  const { repo, number } = pull;
  const [run] = ci.runs;
  if (!ci.ok) {
    if (run) ask(day, day.now + 2 * second, actor, repo, "run-view", run.id);
    if (run) ask(day, day.now + 5 * second, actor, repo, "run-view-log", run.id);
    next();
    return;
  }
  ask(day, day.now + 2 * second, actor, repo, "pr-view-decision", number);
  ask(day, day.now + 4 * second, actor, repo, "api-pr-comments", number);
  if (random.chance(0.4)) ask(day, day.now + 6 * second, actor, repo, "pr-view-reviews", number);
  if (pull.open && random.chance(pull.reviewed ? 0.6 : 0.2)) {
    const t = day.now + random.range(10, 25) * second;
    ask(day, t - 2 * second, actor, repo, "pr-checks", number);
    day.at(t, () => merge(day, actor, pull));
  } else if (random.chance(0.3)) {
    day.at(day.now + 12 * second, () => {
      day.write(day.now, actor, repo, { kind: "edit", pull: number });
      ask(day, day.now + 0.7 * second, actor, repo, "pr-view-description", number);
    });
  }
  next();
}

function merge(day: Day, actor: string, pull: OpenPull): void {
  const { random } = day;
  if (!pull.open) return;
  pull.open = false;
  day.write(day.now, actor, pull.repo, { kind: "merge", pull: pull.number });
  ask(day, day.now + 0.6 * second, actor, pull.repo, "pr-view-state", pull.number);
  if (random.chance(0.6)) day.at(day.now + random.range(3, 10) * second, () => fetchRefs(day, actor, pull.repo));
}

function fetchRefs(day: Day, actor: string, repo: string): void {
  day.write(day.now, actor, repo, { kind: "fetch" }, true);
}

/** The person, by hand. */
function browse(day: Day, person: Person): void {
  const { random } = day;
  const { actor, home } = person;
  const repo = random.chance(0.7) ? home : random.weighted(day.cast.weights);
  const open = day.openPulls(repo);
  const { number } = random.pick(open.length > 0 ? open : day.pullsOf(repo));
  const [tag, subject] = random.weighted<readonly [ShapeTag, string | number]>([
    [["pr-list", ""], 25],
    [["issue-list", ""], 15],
    [["pr-view", number], 20],
    [["pr-checks", number], 15],
    [["run-list", ""], 10],
    [["release-view", "v1.3.0"], 8],
    [["pr-status", ""], 7],
  ]);
  ask(day, day.now, actor, repo, tag, subject, { poll: tag === "pr-checks" || tag === "run-list" });
  if (random.chance(0.12)) day.at(day.now + random.range(20, 60) * second, () => fileIssue(day, actor, repo));
  if (random.chance(0.1)) day.at(day.now + random.range(5, 20) * second, () => fetchRefs(day, actor, repo));
  day.at(day.now + random.exp(170) * second + 20 * second, () => browse(day, person));
}

function fileIssue(day: Day, actor: string, repo: string): void {
  const number = day.newIssue(repo);
  day.write(day.now, actor, repo, { kind: "issue", number });
  ask(day, day.now + 0.8 * second, actor, repo, "issue-list-json");
  triageSoon(day, repo, number);
}

/** A new issue is looked at, labelled and answered. */
export function triageSoon(day: Day, repo: string, number: number): void {
  const login = day.cast.bots.find(({ role }) => role === "triage")?.login;
  if (login === undefined) return;
  day.at(day.now + day.random.range(20, 120) * second, () => {
    ask(day, day.now, login, repo, "issue-view-json", number);
    day.write(day.now + 15 * second, login, repo, { kind: "label", number });
    day.write(day.now + 17 * second, login, repo, { kind: "comment", number });
    ask(day, day.now + 18 * second, login, repo, "issue-view-json", number);
  });
}

/**
 * Something closed is corrected: read, edited, looked at at once, and again after the time that most caches have
 * forgotten a write in, but not the answers that it outdated.
 */
function tidyUp(day: Day, person: Person): void {
  const { random } = day;
  const closed = day.closedIssues.get(person.home) ?? [];
  if (closed.length > 0) {
    const number = random.pick(closed);
    const colleague = random.pick(day.cast.people);
    ask(day, day.now - 20 * second, colleague, person.home, "issue-view-body", number);
    day.write(day.now, person.actor, person.home, { kind: "edit_issue", number });
    ask(day, day.now + random.range(310, 500) * second, person.actor, person.home, "issue-view-body", number);
  }
  day.at(day.now + random.range(700, 1500) * second, () => tidyUp(day, person));
}
