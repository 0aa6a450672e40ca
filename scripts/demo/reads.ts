/** The reads of a demo: each from both machines, twice from each, with the answering layer, the time and the cost. */
import { readDaemonCounters } from "../../cli/daemon-status.ts";
import { alignRows } from "../../cli/output/table.ts";
import { plural } from "../../cli/output/text.ts";
import type { Machine } from "../stack/machine.ts";
import type { DemoRead, Scenario } from "../stack/scenario.ts";
import type { Screen } from "./screen.ts";

/** The sources of answers, from the fastest to the slowest. */
const layers = ["this machine", "the relay", "GitHub"] as const;
type Layer = (typeof layers)[number];

interface Shown {
  readonly read: DemoRead;
  readonly by: Layer;
  readonly milliseconds: number;
  /** GitHub's answers to the calls of this read; undefined where it does not tell. */
  readonly statuses: readonly number[] | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** Prints the table and the verdict; true when every answer was right and each kind of answer was seen. */
export async function showReads(scenario: Scenario, machines: readonly Machine[], screen: Screen): Promise<boolean> {
  const { say, style } = screen;
  const asks = [...machines, ...machines];
  const total = scenario.reads.length * asks.length;
  say(`Each read is asked ${asks.length} times: by each machine, twice.\n`);
  say(style.dim(row("MACHINE", "ANSWERED BY", "TIME", "GITHUB", "COMMAND")));
  const shown: Shown[] = [];
  for (const read of scenario.reads) {
    for (const machine of asks) {
      const doing = `Read ${shown.length + 1} of ${total}`;
      const result = await screen.during(doing, () => measure(scenario, machine, read));
      say(line(machine.name, result, screen));
      shown.push(result);
    }
  }
  scenario.putAway?.(0);
  const wrong = await screen.during("Comparing every answer with GitHub's own", () => wrongAnswers(shown));
  const verdict = `${shown.length - wrong.length} right, ${wrong.length} wrong`;
  say(`\n${shown.length} reads: ${wrong.length === 0 ? style.good(verdict) : style.bad(verdict)}.\n`);
  for (const text of wrong) say(text);
  for (const text of summary(shown, screen)) say(text);
  const missing = layers.filter((layer) => !shown.some(({ by }) => by === layer));
  if (missing.length > 0) say(style.bad(`Not seen: an answer by ${missing.join(" or ")}.`));
  return wrong.length === 0 && missing.length === 0;
}

async function measure(scenario: Scenario, machine: Machine, read: DemoRead): Promise<Shown> {
  const callsBefore = scenario.calls?.().length ?? 0;
  const before = await readDaemonCounters(machine.env);
  const ran = await machine.gh(read.args);
  const after = await readDaemonCounters(machine.env);
  const statuses = scenario
    .calls?.()
    .slice(callsBefore)
    .map(({ status }) => status);
  const relayed = (after?.relayed ?? 0) > (before?.relayed ?? 0);
  const by = (statuses?.length ?? 0) > 0 ? "GitHub" : relayed ? "the relay" : "this machine";
  return { ...ran, read, by, statuses, stdout: new TextDecoder().decode(ran.stdout) };
}

const notModified = (statuses: readonly number[]) => statuses.filter((status) => status === 304).length;

function line(machine: string, { by, milliseconds, statuses, read }: Shown, { style, columns }: Screen): string {
  const paint = { "this machine": style.good, "the relay": style.accent, GitHub: style.warn }[by];
  const calls = statuses === undefined ? "?" : statuses.length === 0 ? "" : callsText(statuses);
  const text = row(machine, by, `${milliseconds.toFixed(0)} ms`, calls, `gh ${read.args.join(" ")}`);
  const cut = text.length > columns ? `${text.slice(0, columns - 1)}…` : text;
  return cut.replace(by, paint(by));
}

function callsText(statuses: readonly number[]): string {
  const unchanged = notModified(statuses);
  return `${plural(statuses.length, "call")}${unchanged === 0 ? "" : ` (${unchanged === 1 ? "304" : `${unchanged}×304`})`}`;
}

/** Medians by layer, and the requests to GitHub. */
function summary(shown: readonly Shown[], { style }: Screen): readonly string[] {
  const rows = layers.flatMap((layer) => {
    const times = shown.filter(({ by }) => by === layer).map(({ milliseconds }) => milliseconds);
    if (times.length === 0) return [];
    const reads = { text: String(times.length), align: "right" as const };
    return [[layer, reads, { text: style.bold(`${median(times).toFixed(0)} ms`), align: "right" as const }]];
  });
  const head = [style.dim("ANSWERED BY"), style.dim("READS"), style.dim("MEDIAN")];
  return [...alignRows([head, ...rows]), "", ...costs(shown, style)];
}

function costs(shown: readonly Shown[], style: Screen["style"]): readonly string[] {
  if (shown.some(({ statuses }) => statuses === undefined)) return [];
  const statuses = shown.flatMap((each) => each.statuses ?? []);
  const unchanged = notModified(statuses);
  const made = statuses.length;
  const free =
    unchanged === 0
      ? ""
      : `\n                 ${style.dim(`${unchanged} of them "304 Not Modified", which GitHub counts against no rate limit`)}`;
  return [
    `API calls made:  ${style.bold(String(made))}, checks that a repository is public included${free}`,
    `API calls saved: ${style.bold(style.good(String(Math.max(0, shown.length - made))))}, compared with one call per read`,
  ];
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

/** Asked last, so that finding the right answers costs none of the calls that were counted. */
async function wrongAnswers(shown: readonly Shown[]): Promise<readonly string[]> {
  const wrong: string[] = [];
  const expected = new Map<DemoRead, string>();
  for (const { read, stdout, stderr, exitCode } of shown) {
    const right = expected.get(read) ?? (await read.expected());
    expected.set(read, right);
    if (stdout === right && exitCode === 0) continue;
    wrong.push(
      `WRONG: gh ${read.args.join(" ")} exited ${exitCode}\n  printed  ${clip(stdout)}\n  expected ${clip(right)}\n  ${stderr}`,
    );
  }
  return wrong;
}

const clip = (text: string) => JSON.stringify(text.length > 300 ? `${text.slice(0, 300)}…` : text);

function row(machine: string, by: string, time: string, calls: string, command: string): string {
  return `${machine.padEnd(10)} ${by.padEnd(12)} ${time.padStart(7)}  ${calls.padEnd(15)} ${command}`;
}
