/** How a trial is written: its tries, and their outcomes. See README.md. */
import { type TestContext, type TestOptions, test } from "vitest";
import type { LabRun } from "./lab-machine.ts";
import { type Expected, judge, type OutcomeFamily, type RecordedOutcome, type TrialOutcome } from "./outcomes.ts";

/** Records the outcomes of a trial. */
export interface Tries {
  /** Notes an outcome that the trial found out by itself. */
  record(outcome: TrialOutcome, what: string, milliseconds?: number): void;
  /** Right if it holds; else `otherwise`, with the observation. */
  holds(what: string, condition: boolean, otherwise: Exclude<TrialOutcome, "right">, seen?: string): void;
  /**
   * Holds a command against the real gh's run: output, exit code, and the time it may take.
   * @param limits.within ms; the command must have ended by then. Ten seconds if absent.
   * @param limits.secrets the texts that no output may contain
   */
  compare(
    what: string,
    ran: LabRun,
    expected: Expected,
    limits?: { readonly within?: number; readonly secrets?: readonly string[] },
  ): void;
}

const defaultWithinMs = 10_000;

/** Defines a trial: a test that counts in the table. It fails unless every outcome that it notes is `right`. */
export function trial(
  family: OutcomeFamily,
  name: string,
  run: (tries: Tries, context: TestContext) => Promise<void>,
  options: TestOptions = {},
): void {
  test(`${family}: ${name}`, options, async (context) => {
    const recorded: RecordedOutcome[] = [];
    context.task.meta.lab = { family, recorded };
    await run(triesInto(recorded), context);
    if (recorded.length === 0) throw new Error("the trial noted no outcome");
    const bad = recorded.filter(({ outcome }) => outcome !== "right");
    if (bad.length > 0) throw new Error(bad.map(({ outcome, what }) => `${outcome}: ${what}`).join("\n"));
  });
}

function triesInto(recorded: RecordedOutcome[]): Tries {
  const record: Tries["record"] = (outcome, what, milliseconds = 0) => {
    recorded.push({ outcome, what, milliseconds });
  };
  return {
    record,
    holds: (what, condition, otherwise, seen = "") =>
      condition ? record("right", what) : record(otherwise, seen === "" ? what : `${what}: ${seen}`),
    compare: (what, ran, expected, { within = defaultWithinMs, secrets = [] } = {}) => {
      const [outcome, seen] = judge(ran, expected, within, secrets);
      record(outcome, seen === "" ? what : `${what}: ${seen}`, ran.milliseconds);
    },
  };
}
