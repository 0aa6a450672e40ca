/**
 * A team's day, lived in accelerated time: the cost of its reads with Octopool, with the real gh alone, and with
 * the ways between; and the age of the answers.
 */
import * as z from "zod";
import type { BenchModule, Figures } from "../figures.ts";
import { costs } from "./gh-costs.ts";
import { measureLatency } from "./latency.ts";
import { type Lived, type LiveOptions, live } from "./live.ts";
import { printLived, printSpending } from "./print.ts";
import { agesOfOutputs, agesOfReads, ghWithEtags, plainGh, spendingOf } from "./summary.ts";
import { makeTrace, storedTrace } from "./trace.ts";
import { type Trace, traceStart } from "./trace-types.ts";

const minutes = 60_000;
/** Caches are filled for so long before anything is counted. */
const warmUp = 10 * minutes;

const optionsSchema = z.object({
  hours: z.coerce.number().positive().default(0.5),
  seed: z.coerce.number().int().default(1),
  people: z.coerce.number().int().positive().default(20),
  bots: z.coerce.number().int().nonnegative().default(6),
  trace: z.string().optional(),
  /** `UNSETTLED_CI_SECONDS` of the relay, where it is to be another: a point on the curve of age and cost. */
  unsettled: z.coerce.number().int().positive().optional(),
  /** Octopool alone, without the comparisons and the latencies. */
  alone: z.boolean().default(false),
});

export const run: BenchModule["run"] = async ({ say, quick, team = {} }) => {
  const options = optionsSchema.parse(team);
  const length = warmUp + (quick ? 6 * minutes : options.hours * 60 * minutes);
  const wanted = { seed: options.seed, people: options.people, bots: options.bots, length };
  const trace = options.trace === undefined ? makeTrace(wanted) : await storedTrace(options.trace, wanted);
  say(describe(trace, options.seed));
  const bindings = options.unsettled === undefined ? {} : { UNSETTLED_CI_SECONDS: String(options.unsettled) };
  const settings = { warmUp, length, bindings, progress: progressOn(process.stderr) };
  const octopool = await lived(trace, { ...settings, mode: "octopool" }, say);
  const rows = [
    [costs.gh, plainGh(octopool.commands)],
    ["Octopool", spendingOf(octopool)],
  ] as const;
  if (options.alone) printSpending(say, rows);
  else printSpending(say, [...rows, ...(await comparisons(trace, settings, say))]);
  printLived(say, octopool);
  const latency = options.alone ? {} : await measureLatency(say, quick);
  return { ...figuresOf(octopool), ...latency };
};

async function comparisons(trace: Trace, settings: Omit<LiveOptions, "mode">, say: (line: string) => void) {
  const etags = await lived(trace, { ...settings, mode: "etags" }, say);
  const without = await lived(trace, { ...settings, mode: "no daemon" }, say);
  return [
    ["gh, ETags kept by machine", ghWithEtags(etags)],
    ["relay, machines without memory", spendingOf(without)],
  ] as const;
}

async function lived(trace: Trace, options: LiveOptions, say: (line: string) => void): Promise<Lived> {
  const done = await live(trace, options);
  for (const problem of done.problems.slice(0, 5)) say(`problem: ${problem.slice(0, 400)}`);
  return done;
}

function describe({ reads, changes, machines }: Trace, seed: number): string {
  const counted = reads.filter(({ t }) => t >= warmUp);
  const share = (is: (read: (typeof counted)[number]) => boolean) =>
    Math.round((100 * counted.filter(is).length) / counted.length);
  const polls = share(({ poll }) => poll);
  const hidden = share(({ isPrivate }) => isPrivate);
  const from = new Date(traceStart + warmUp).toISOString();
  return `seed ${seed}: ${counted.length} reads of ${machines.length} machines from ${from} on, ${polls} % CI polling, ${hidden} % of private repositories; ${changes.filter(({ t }) => t >= warmUp).length} changes`;
}

/** Shown on a terminal only. */
function progressOn(stream: NodeJS.WriteStream): LiveOptions["progress"] {
  let last = 0;
  return (t, reads) => {
    const minute = Math.floor(t / minutes);
    if (!stream.isTTY || minute === last) return;
    last = minute;
    stream.write(`\r${minute} min, ${reads} reads `);
  };
}

function figuresOf(lived: Lived): Figures {
  const { requests, paid, pool, own } = spendingOf(lived);
  const { commands, spent } = lived;
  const reads = commands.flatMap((command) => command.reads);
  const gates = agesOfOutputs(commands, "gate").olderThanOwnWrite;
  const hidden = commands.filter(({ hidesOwnWrite }) => hidesOwnWrite).length;
  return {
    team_requests_per_1000: requests,
    team_paid_per_1000: paid,
    team_paid_pool_per_1000: pool,
    team_paid_own_per_1000: own,
    team_ci_out_of_date: agesOfOutputs(commands, "ci").outdated,
    team_gate_older_than_own_write: gates + agesOfReads(reads.filter(({ gate }) => gate)).olderThanOwnWrite,
    team_own_edit_hidden: hidden,
    team_d1_per_command: spent.d1 / commands.length,
    team_do_per_command: spent.object / commands.length,
  };
}
