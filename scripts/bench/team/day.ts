/** The state of a day while it is written: each actor's open work, and a clock that runs through the actors' plans. */
import type { Cast } from "./cast.ts";
import type { Random } from "./random.ts";
import { type Change, type Event, type Field, type Moment, second, type TeamRead } from "./trace-types.ts";

export interface Ci {
  readonly start: Moment;
  readonly end: Moment;
  readonly ok: boolean;
  readonly sha: string;
  /** Run ids, each with its own end. */
  readonly runs: readonly { readonly id: number; readonly end: Moment }[];
}

export interface OpenPull {
  readonly repo: string;
  readonly number: number;
  readonly branch: string;
  author: string;
  sha: string;
  pushes: number;
  open: boolean;
  reviewed: boolean;
  ci?: Ci;
}

interface Planned {
  readonly t: Moment;
  readonly order: number;
  readonly act: () => void;
}

interface ReadPlan {
  readonly tag: string;
  readonly field: Field;
  readonly poll?: boolean;
  readonly watchUntil?: Moment;
}

export class Day {
  readonly random: Random;
  readonly cast: Cast;
  readonly pulls = new Map<string, OpenPull[]>();
  readonly waiting = new Map<string, OpenPull[]>();
  readonly issues = new Map<string, number[]>();
  readonly closedIssues = new Map<string, number[]>();
  readonly changes: Change[] = [];
  readonly reads: TeamRead[] = [];
  readonly end: Moment;
  now: Moment = 0;
  #nextRun = 50_000_000;
  #nextJob = 900_000_000;
  readonly #nextIssue = new Map<string, number>();
  #planned: Planned[] = [];
  #order = 0;

  constructor(random: Random, cast: Cast, end: Moment) {
    this.random = random;
    this.cast = cast;
    this.end = end;
  }

  newRun(): number {
    return this.#nextRun++;
  }

  newJob(): number {
    return this.#nextJob++;
  }

  newIssue(repo: string): number {
    const number = this.#nextIssue.get(repo) ?? 10_000;
    this.#nextIssue.set(repo, number + 1);
    this.issues.get(repo)?.push(number);
    return number;
  }

  pullsOf(repo: string): OpenPull[] {
    return this.pulls.get(repo) ?? [];
  }

  openPulls(repo: string): OpenPull[] {
    return this.pullsOf(repo).filter((pull) => pull.open);
  }

  issuesOf(repo: string): readonly number[] {
    return this.issues.get(repo) ?? [];
  }

  /** Plans an actor's work at `t`. */
  at(t: Moment, act: () => void): void {
    if (t <= this.end) this.#planned.push({ t, order: this.#order++, act });
  }

  change(t: Moment, repo: string, event: Event, by: { actor?: string; machine?: string; push?: boolean } = {}): void {
    if (t <= this.end) this.changes.push({ t: Math.round(t), repo, ...event, ...by });
  }

  /** A write of a member of the team, through the shim on their machine. */
  write(t: Moment, actor: string, repo: string, event: Event, push = false): void {
    this.change(t, repo, event, { actor, machine: this.cast.machineOf(actor), ...(push && { push }) });
  }

  read(t: Moment, actor: string, repo: string, plan: ReadPlan, args: readonly string[]): void {
    if (t > this.end) return;
    const { tag, field, poll = false, watchUntil } = plan;
    const machine = this.cast.machineOf(actor);
    const isPrivate = this.cast.privateRepos.includes(repo);
    const watched = watchUntil === undefined ? {} : { watchUntil };
    this.reads.push({ t: Math.round(t), machine, actor, repo, args, tag, field, poll, isPrivate, ...watched });
  }

  /** Runs until nothing is planned any more. */
  run(): void {
    for (;;) {
      const next = this.#earliest();
      if (next === undefined) return;
      this.now = next.t;
      next.act();
    }
  }

  #earliest(): Planned | undefined {
    let best: Planned | undefined;
    for (const each of this.#planned) {
      if (best === undefined || each.t < best.t || (each.t === best.t && each.order < best.order)) best = each;
    }
    this.#planned = this.#planned.filter((each) => each !== best);
    return best;
  }
}

/** Pull requests whose CI runs, or ended not long ago. */
export function active(day: Day, repo: string, after = 300 * second): OpenPull[] {
  return day.openPulls(repo).filter(({ ci }) => ci !== undefined && day.now < ci.end + after);
}
