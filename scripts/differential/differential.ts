import type { Bench } from "./bench.ts";
import { type Case, commandLine } from "./cases.ts";
import { differences } from "./compare.ts";
import type { OctopoolAnswer } from "./octopool.ts";
import { eachOf } from "./parallel.ts";
import type { Answer } from "./run.ts";

/** What one case showed. */
export interface Verdict {
  command: string;
  case: Case;
  /** Why the real gh answers in Octopool's place; then there is nothing to differ. */
  native?: string;
  /** By temperature; absent when identical. */
  different?: { cold?: string[]; warm?: string[] };
  /** Reads of GitHub that the cold answer cost. */
  reads: number;
}

/**
 * Runs every case through both sides, a few at a time. A difference must show twice: a clock that ticks over between
 * the two sides ("59 seconds ago", "1 minute ago") is none.
 */
export async function compareAll(
  bench: Bench,
  cases: readonly Case[],
  options: { concurrency: number; onVerdict?: (verdict: Verdict, done: number) => void },
): Promise<Verdict[]> {
  let done = 0;
  return eachOf(cases, options.concurrency, async (each) => {
    const first = await compareOne(bench, each);
    const verdict = first.different ? await compareOne(bench, each) : first;
    done += 1;
    options.onVerdict?.(verdict, done);
    return verdict;
  });
}

async function compareOne(bench: Bench, each: Case): Promise<Verdict> {
  const reader = bench.coldReader(each);
  const [real, cold] = await Promise.all([bench.askGh(each), bench.askOctopool(each, reader)]);
  const reads = reader.calls;
  const warm = await bench.askOctopool(each, reader);
  return judge(each, real, { cold, warm }, reads);
}

function judge(
  each: Case,
  real: Answer,
  { cold, warm }: { cold: OctopoolAnswer; warm: OctopoolAnswer },
  reads: number,
): Verdict {
  const verdict: Verdict = { command: commandLine(each), case: each, reads };
  if (cold.native !== undefined) verdict.native = cold.native;
  const coldly = cold.native === undefined ? differences(real, cold.answer) : [];
  const warmly = warm.native === undefined ? differences(real, warm.answer) : [];
  if (coldly.length === 0 && warmly.length === 0) return verdict;
  return {
    ...verdict,
    different: { ...(coldly.length > 0 && { cold: coldly }), ...(warmly.length > 0 && { warm: warmly }) },
  };
}
