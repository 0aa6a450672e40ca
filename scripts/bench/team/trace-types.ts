/** A team's day as data: the changes on GitHub, and the reads. Nothing of it depends on any answer. */
import type { WorldFile } from "../../../test/github-emulator/index.ts";

/** Milliseconds since the trace began. */
export type Moment = number;

export interface JobPlan {
  readonly id: number;
  readonly name: string;
  readonly started: Moment;
  readonly ended: Moment;
  readonly conclusion: string;
}

export type Event =
  | { readonly kind: "open"; readonly pull: number }
  | { readonly kind: "push"; readonly branch: string; readonly sha: string }
  | {
      readonly kind: "run";
      readonly run: number;
      readonly workflow: string;
      readonly pull: number;
      readonly sha: string;
      readonly branch: string;
      readonly jobs: readonly JobPlan[];
    }
  | { readonly kind: "job_start"; readonly run: number; readonly job: number; readonly sha: string }
  | {
      readonly kind: "job_step";
      readonly run: number;
      readonly job: number;
      readonly step: number;
      readonly sha: string;
    }
  | {
      readonly kind: "job_end";
      readonly run: number;
      readonly job: number;
      readonly conclusion: string;
      readonly sha: string;
    }
  | { readonly kind: "comment" | "label" | "edit_issue"; readonly number: number }
  | { readonly kind: "issue"; readonly number: number }
  | { readonly kind: "edit" | "merge"; readonly pull: number }
  | { readonly kind: "review"; readonly pull: number; readonly state: "APPROVED" | "CHANGES_REQUESTED" }
  | { readonly kind: "fetch" };

export type Change = Event & {
  readonly t: Moment;
  readonly repo: string;
  readonly actor?: string;
  /** The machine that wrote through its own shim or pushed; absent: a stranger, or GitHub itself. */
  readonly machine?: string;
  /** Seen by the next command in that checkout, not at once. */
  readonly push?: boolean;
};

/** The purpose of a read, by which ages are reported: a later decision, CI, or information. */
export type Field = "gate" | "ci" | "descriptive";

export interface TeamRead {
  readonly t: Moment;
  readonly machine: string;
  readonly actor: string;
  readonly repo: string;
  readonly args: readonly string[];
  /** The kind of command, for costs. */
  readonly tag: string;
  readonly field: Field;
  /** Asked again and again until CI ends. */
  readonly poll: boolean;
  readonly isPrivate: boolean;
  /** When the watched run ends. */
  readonly watchUntil?: Moment;
}

export interface Trace {
  readonly world: WorldFile;
  readonly changes: readonly Change[];
  readonly reads: readonly TeamRead[];
  /** Pull requests that stand in the world file and are opened during the day, by repository. */
  readonly hidden: Readonly<Record<string, readonly number[]>>;
  readonly machines: readonly string[];
  readonly actors: readonly string[];
}

/** When every trace begins, ms since the epoch. */
export const traceStart = Date.parse("2026-11-28T16:00:00Z");
export const iso = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
export const second = 1000;
