/**
 * Comparisons, for a gh that is newer than every release that was run here. The real gh runs as always and its
 * bytes go to the caller; beside it the engine makes its own answer to the same command, and the two are compared.
 */
import { randomUUID } from "node:crypto";
import { environmentFlag } from "../../shared/settings/environment.ts";
import type { Invocation, Outcome } from "../gh/engine.ts";
import { GhRelease } from "../gh/versions.ts";
import type { GhBuild } from "../gh-versions.ts";
import { firstDifference, type Printed } from "./difference.ts";
import { Ledger } from "./ledger.ts";
import { shapeOf } from "./shape.ts";

/** Whether a command is answered, left to gh, or compared. */
export type Judgement =
  /** `by`: the reason why the answer is known to be gh's. */
  | { readonly kind: "serve"; readonly by: "release" | "machine" }
  | { readonly kind: "native"; readonly reason: string }
  | { readonly kind: "compare"; readonly build: GhBuild; readonly shape: string; readonly reason: string };

interface Running {
  readonly id: string;
  readonly build: GhBuild;
  readonly shape: string;
  readonly outcome: Promise<Outcome>;
  readonly until: number;
}

/** A gh that has not ended by then is forgotten. */
const longestMs = 120_000;

export class Comparisons {
  readonly ledger: Ledger;
  readonly #now: () => number;
  #running: Running | undefined;
  /** Comparisons begun, and how they ended. */
  readonly counts = { begun: 0, equal: 0, different: 0, incomparable: 0 };

  constructor(path: string, now: () => number) {
    this.ledger = new Ledger(path);
    this.#now = now;
  }

  judge(invocation: Invocation, build: GhBuild | undefined): Judgement {
    const subject = this.subjectOf(invocation, build);
    if (subject === undefined) return { kind: "serve", by: "release" };
    const { shape } = subject;
    const standing = this.ledger.standing(subject.build.key, shape);
    if (standing === "served") return { kind: "serve", by: "machine" };
    const news = `gh ${subject.build.version} is newer than the releases Octopool was tried with, and this shape of command`;
    if (standing === "native") return { kind: "native", reason: `${news} printed otherwise on this machine` };
    const reason = `${news} is not proven on this machine yet`;
    return this.#mayCompare(invocation) ? { kind: "compare", ...subject, reason } : { kind: "native", reason };
  }

  /** The key of a comparison by hand; undefined for a gh that needs no comparison, or a command without a shape. */
  subjectOf(invocation: Invocation, build: GhBuild | undefined): { build: GhBuild; shape: string } | undefined {
    if (build === undefined || !new GhRelease(build.version).isAhead) return undefined;
    const shape = shapeOf(invocation);
    return shape === undefined ? undefined : { build, shape };
  }

  /** Never on a terminal, one at a time, and not where a setting disables it. */
  #mayCompare({ tty, env }: Invocation): boolean {
    if (tty.stdout || tty.stderr || tty.stdin) return false;
    if (environmentFlag(env, "OCTOPOOL_NO_PROOF")) return false;
    return this.#running === undefined || this.#running.until < this.#now();
  }

  /** Begins a comparison; the answer is awaited only when gh has ended. */
  begin({ build, shape }: { build: GhBuild; shape: string }, outcome: Promise<Outcome>): string {
    const id = randomUUID();
    this.counts.begun++;
    this.#running = { id, build, shape, outcome, until: this.#now() + longestMs };
    return id;
  }

  /** Takes gh's output and returns the result of the comparison. */
  async settle(id: string, real: Printed): Promise<"equal" | "different" | "incomparable"> {
    const running = this.#running;
    if (running?.id !== id) return "incomparable";
    this.#running = undefined;
    const ours = await running.outcome;
    const result = this.note(running.build, running.shape, real, ours);
    this.counts[result]++;
    return result;
  }

  /** Compares an answer with gh's own and keeps the result. */
  note(build: GhBuild, shape: string, real: Printed, ours: Outcome) {
    if (ours.kind === "native") return "incomparable" as const;
    const difference = firstDifference(real, ours);
    this.ledger.note(build.key, build.version, shape, difference);
    return difference === undefined ? ("equal" as const) : ("different" as const);
  }
}
