import type { Bench } from "./bench.ts";
import { type Case, commandLine } from "./cases.ts";
import { differences } from "./compare.ts";
import type { OctopoolAnswer } from "./octopool.ts";
import { eachOf } from "./parallel.ts";
import type { CommandResult, ReadPath } from "./read-path.ts";
import type { ProcessOutput } from "./run.ts";

/** The result of one case. */
export interface CaseVerdict {
  command: string;
  case: Case;
  /** Why the real gh answers in Octopool's place; then there is nothing to differ. */
  native?: string;
  /** By temperature; absent when identical. */
  different?: { cold?: string[]; warm?: string[] };
  /** Reads of GitHub that the cold answer cost. */
  reads?: number;
  /** Answered by Octopool, with the caller's gh as a filter of its reads. */
  filtered?: boolean;
}

/** Runs every case through both sides, a few at a time. */
export async function compareAll(
  bench: Bench,
  readPath: ReadPath,
  cases: readonly Case[],
  options: { concurrency: number; onVerdict?: (verdict: CaseVerdict, done: number) => void },
): Promise<CaseVerdict[]> {
  let done = 0;
  return eachOf(cases, options.concurrency, async (each) => {
    const verdict = readPath.setsClock
      ? await compareInTime(bench, readPath, each)
      : await compareTwice(bench, readPath, each);
    done += 1;
    options.onVerdict?.(verdict, done);
    return verdict;
  });
}

/** Alike is an answer that Octopool gives at one of the moments in which the real gh ran. */
async function compareInTime(bench: Bench, readPath: ReadPath, each: Case): Promise<CaseVerdict> {
  const started = Date.now();
  const real = await bench.askGh(each);
  const moments = momentsBetween(started, Date.now());
  const verdicts: CaseVerdict[] = [];
  for (const now of moments) {
    const verdict = judge(each, real, await readPath.ask(each, now));
    if (!verdict.different) return verdict;
    verdicts.push(verdict);
  }
  return verdicts[0] ?? { command: commandLine(each), case: each };
}

/**
 * Where only the real clock can be used, a difference must show twice, and not in a line in which the real gh differs
 * from itself: seconds that tick over, dates and request ids of headers.
 */
async function compareTwice(bench: Bench, readPath: ReadPath, each: Case): Promise<CaseVerdict> {
  const first = await bench.askGh(each);
  const verdict = judge(each, first, await readPath.ask(each, Date.now()));
  if (!verdict.different) return verdict;
  const second = await bench.askGh(each);
  const { cold, warm } = await readPath.ask(each, Date.now());
  const steady = steadyLines(first, second);
  return judge(each, steady(second), { cold: withAnswer(cold, steady), warm: withAnswer(warm, steady) });
}

function withAnswer(asked: OctopoolAnswer, change: (answer: ProcessOutput) => ProcessOutput): OctopoolAnswer {
  return asked.answer ? { ...asked, answer: change(asked.answer) } : asked;
}

/** The header of `--include` that tells the second in which GitHub answered. */
const dateHeader = /^Date: .* GMT\r?$/;

/** Blanks the lines in which two answers of the real gh to one command differ, or do a second later. */
export function steadyLines(one: ProcessOutput, two: ProcessOutput): (answer: ProcessOutput) => ProcessOutput {
  const [left, right] = [one, two].map(({ stdout }) => stdout.toString("latin1").split("\n"));
  const unsteady = (left ?? []).map((line, index) => line !== right?.[index] || dateHeader.test(line));
  return (answer) => {
    const lines = answer.stdout.toString("latin1").split("\n");
    const kept = lines.map((line, index) => (unsteady[index] ? "" : line));
    return { ...answer, stdout: Buffer.from(kept.join("\n"), "latin1") };
  };
}

/** The end, the start, and every second between: times are printed in whole seconds. */
export function momentsBetween(started: number, ended: number): number[] {
  const moments = [ended];
  for (let second = Math.floor(ended / 1000) * 1000 - 1; second > started; second -= 1000) moments.push(second);
  return ended === started ? moments : [...moments, started];
}

function judge(each: Case, real: ProcessOutput, { cold, warm, reads, filtered }: CommandResult): CaseVerdict {
  const verdict: CaseVerdict = { command: commandLine(each), case: each, ...(reads !== undefined && { reads }) };
  if (cold.native !== undefined) verdict.native = cold.native;
  else if (filtered) verdict.filtered = true;
  const coldly = cold.answer ? differences(real, cold.answer) : [];
  const warmly = warm.answer ? differences(real, warm.answer) : [];
  if (coldly.length === 0 && warmly.length === 0) return verdict;
  return {
    ...verdict,
    different: { ...(coldly.length > 0 && { cold: coldly }), ...(warmly.length > 0 && { warm: warmly }) },
  };
}
