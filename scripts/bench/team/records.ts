/** The record of each command and of each read that it made. */
import type { Moment, TeamRead } from "./trace-types.ts";

export interface ReadRecord {
  readonly t: Moment;
  readonly path: string;
  readonly query: string;
  /** Asked with an age bound of 0. */
  readonly gate: boolean;
  readonly by: "local" | "relay" | "github";
  /** Milliseconds. */
  readonly age: number;
  readonly outdated: boolean;
  /** Since when the world says otherwise, ms before the answer. */
  readonly late: number;
  /** The asker's machine had written to the repository after the answer had ceased to be true. */
  readonly olderThanOwnWrite: boolean;
}

/** One request that reached the relay, or GitHub where there is no relay. */
export interface AskRecord {
  readonly t: Moment;
  readonly path: string;
  readonly query: string;
  /** The age bound that was sent, seconds. */
  readonly maxAge: number | undefined;
  /** A command insisted on GitHub's word. */
  readonly gate: boolean;
  /** The relay's cache outcome, or the reason of its refusal. */
  cache: string;
}

export interface CommandRecord {
  readonly read: TeamRead;
  /** Answered here, or left to the real gh. */
  outcome: "done" | "native" | "failed";
  reason: string;
  layer: "local" | "relay" | "github" | "native";
  readonly reads: ReadRecord[];
  /** Waits of a watch. */
  polls: number;
  /** gh would print something else now. */
  outdated: boolean;
  late: number;
  /** An answer in it was older than a write of its own machine, and gh would print something else. */
  hidesOwnWrite: boolean;
  /** When a watch ended. */
  ended: Moment;
}
