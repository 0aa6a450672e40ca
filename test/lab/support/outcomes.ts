/** The outcomes that are counted, and the judgement of one command. */
import type { LabRun } from "./lab-machine.ts";

/** The families of faults, in the order of the table. */
export const families = [
  "a command is lost",
  "a command waits",
  "a wrong answer",
  "the starter's surroundings",
  "own writes are hidden",
  "trouble with one thing",
  "the read path holds",
] as const;
export type OutcomeFamily = (typeof families)[number];

/**
 * - `right`: the output of the real gh, in time.
 * - `lost`: the command failed or took too long, and the real gh would have answered.
 * - `wrong`: something else was printed, or kept for the next read.
 * - `leaked`: a secret, or data that the caller may not see, was printed or written.
 */
const outcomes = ["right", "lost", "wrong", "leaked"] as const;
export type TrialOutcome = (typeof outcomes)[number];

export interface RecordedOutcome {
  readonly outcome: TrialOutcome;
  readonly milliseconds: number;
  /** The trial's description; with an outcome other than `right` also the observation. */
  readonly what: string;
}

declare module "vitest" {
  interface TaskMeta {
    lab?: { readonly family: OutcomeFamily; readonly recorded: RecordedOutcome[] };
  }
}

/** Output and exit code of the real gh for the same command. */
export type Expected = Pick<LabRun, "stdout" | "exitCode">;

/**
 * @param within ms
 * @param secrets the texts that no output may contain
 * @returns the outcome, and the observation unless it is right
 */
export function judge(
  ran: LabRun,
  expected: Expected,
  within: number,
  secrets: readonly string[],
): readonly [TrialOutcome, string] {
  const leaked = secrets.findIndex((secret) => ran.stdout.includes(secret) || ran.stderr.includes(secret));
  if (leaked >= 0) return ["leaked", `secret number ${leaked} was printed`];
  if (ran.timedOut) return ["lost", `did not end within ${Math.round(ran.milliseconds)} ms`];
  const printed = `exit ${ran.exitCode}, ${sample(ran.stdout)}, stderr ${sample(ran.stderr)}`;
  if (ran.exitCode !== expected.exitCode || (ran.stdout === "" && expected.stdout !== "")) {
    return ["lost", `${printed}; gh: exit ${expected.exitCode}, ${sample(expected.stdout)}`];
  }
  if (ran.stdout !== expected.stdout) return ["wrong", `${printed}; gh: ${sample(expected.stdout)}`];
  if (ran.milliseconds > within) return ["lost", `took ${Math.round(ran.milliseconds)} ms, more than ${within}`];
  return ["right", ""];
}

function sample(text: string): string {
  const most = 200;
  return JSON.stringify(text.length > most ? `${text.slice(0, most)}… (${text.length})` : text);
}
