/** Where a demo is shown: lines on stdout, and on a terminal the step in progress. */
import type { Io } from "../../cli/io.ts";
import { withProgress } from "../../cli/output/progress.ts";
import type { Style } from "../../cli/style.ts";

export interface Screen {
  readonly style: Style;
  /** Widest line; no limit in a pipe. */
  readonly columns: number;
  say(line: string): void;
  /** Shows the step in progress on a terminal, as long as it takes. */
  during<Result>(doing: string, work: () => Promise<Result>): Promise<Result>;
}

export function screenOf(io: Io): Screen {
  return {
    style: io.stdout.style,
    columns: io.stdout.isTerminal ? io.stdout.columns : Number.POSITIVE_INFINITY,
    say: (line) => void process.stdout.write(`${line}\n`),
    during: (doing, work) => withProgress(io, doing, work),
  };
}
