/** Ends a run with the table of families, and ends the run when its time is over. */
import type { Reporter, TestCase, TestModule, Vitest } from "vitest/node";
import { families, type OutcomeFamily, type RecordedOutcome } from "./outcomes.ts";

/** A run must be over within ten minutes; the rest is for trials that are in progress and for cleaning up. */
const limitMs = 9 * 60_000;
const graceMs = 45_000;

const heading = ["family", "tried", "right", "lost", "wrong", "leaked", "slowest"] as const;

export class Table implements Reporter {
  readonly #out: { write(text: string): unknown };
  readonly #timers: NodeJS.Timeout[] = [];
  #late = false;

  constructor(out: { write(text: string): unknown }) {
    this.#out = out;
  }

  onInit(vitest: Vitest): void {
    const stop = () => {
      this.#late = true;
      vitest.cancelCurrentRun("keyboard-input").catch(() => undefined);
    };
    const giveUp = () => {
      this.#out.write("\nThe run did not end in time; trials that hang were left.\n");
      process.exit(1);
    };
    this.#timers.push(setTimeout(stop, limitMs).unref(), setTimeout(giveUp, limitMs + graceMs).unref());
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    for (const timer of this.#timers) clearTimeout(timer);
    const { text, bad } = summarise(modules.flatMap((module) => [...module.children.allTests()].map(triedBy)));
    this.#out.write(`\n${text}`);
    if (this.#late) this.#out.write("The time for this run was over before every trial had run.\n");
    if (bad || this.#late) process.exitCode = 1;
  }
}

interface Row {
  tried: number;
  right: number;
  lost: number;
  wrong: number;
  leaked: number;
  slowest: number;
}

/** The outcomes of one test. */
interface Tried {
  readonly family: OutcomeFamily;
  readonly recorded: readonly Pick<RecordedOutcome, "outcome" | "milliseconds">[];
  readonly failed: boolean;
}

function triedBy(test: TestCase): Tried {
  const lab = test.meta().lab;
  const failed = test.result().state === "failed";
  return { family: lab?.family ?? families[0], recorded: lab?.recorded ?? [], failed };
}

/** The table, and whether anything in it is not right or nothing was tried. */
export function summarise(tests: readonly Tried[]): { readonly text: string; readonly bad: boolean } {
  const rows = new Map<OutcomeFamily | "all", Row>();
  const count = (
    family: OutcomeFamily | "all",
    { outcome, milliseconds }: Pick<RecordedOutcome, "outcome" | "milliseconds">,
  ) => {
    const row = rows.get(family) ?? { tried: 0, right: 0, lost: 0, wrong: 0, leaked: 0, slowest: 0 };
    row.tried += 1;
    row[outcome] += 1;
    row.slowest = Math.max(row.slowest, milliseconds);
    rows.set(family, row);
  };
  for (const { family, recorded, failed } of tests) {
    // A trial that broke before it could note a fault lost its command.
    const broke = failed && !recorded.some(({ outcome }) => outcome !== "right");
    const all = broke ? [...recorded, { outcome: "lost", milliseconds: 0 } as const] : recorded;
    for (const one of all) for (const row of [family, "all"] as const) count(row, one);
  }
  const present = [...families, "all" as const].filter((family) => rows.has(family));
  const lines = present.map((family) => cellsOf(family, rows.get(family)));
  const all = rows.get("all");
  return { text: drawn([[...heading], ...lines]), bad: !all || all.right !== all.tried };
}

function cellsOf(family: string, row: Row | undefined): string[] {
  if (!row) return [family];
  const { tried, right, lost, wrong, leaked, slowest } = row;
  return [family, ...[tried, right, lost, wrong, leaked].map(String), `${(slowest / 1000).toFixed(1)} s`];
}

function drawn(lines: readonly (readonly string[])[]): string {
  const widths = heading.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const row = (line: readonly string[]) =>
    line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)));
  return `${lines.map((line) => row(line).join(" | ")).join("\n")}\n`;
}
