/** The reads of a demo: each from both machines, twice from each, with who answered, how fast and at what cost. */
import { readDaemonCounters } from "../../cli/daemon-status.ts";
import type { Machine } from "../stack/machine.ts";
import type { DemoRead, Scenario } from "./scenario.ts";

interface Shown {
  readonly read: DemoRead;
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** Prints the table and the verdict; true when every answer was right and each kind of answer was seen. */
export async function showReads(
  scenario: Scenario,
  machines: readonly Machine[],
  say: (line: string) => void,
): Promise<boolean> {
  say(row("machine", "answered by", "ms", "GitHub", "command"));
  const shown: Shown[] = [];
  const answeredBy = new Map<string, number>();
  for (const read of scenario.reads) {
    for (const machine of [...machines, ...machines]) {
      const result = await measure(scenario, machine, read);
      answeredBy.set(result.by, (answeredBy.get(result.by) ?? 0) + 1);
      say(row(machine.name, result.by, result.milliseconds.toFixed(0), result.calls, `gh ${read.args.join(" ")}`));
      shown.push({ read, stdout: result.stdout, stderr: result.stderr, exitCode: result.exitCode });
    }
  }
  const wrong = await wrongAnswers(shown);
  const tally = [...answeredBy].map(([by, count]) => `${count} by ${by}`).join(", ");
  say(`\n${shown.length} reads: ${tally}. ${shown.length - wrong.length} right, ${wrong.length} wrong.`);
  for (const line of wrong) say(line);
  const kinds = ["GitHub", "the relay", "this machine"].filter((by) => !answeredBy.has(by));
  if (kinds.length > 0) say(`Not seen: an answer by ${kinds.join(" or ")}.`);
  return wrong.length === 0 && kinds.length === 0;
}

async function measure(scenario: Scenario, machine: Machine, read: DemoRead) {
  const callsBefore = scenario.calls?.().length ?? 0;
  const before = await readDaemonCounters(machine.env);
  const ran = await machine.run(["gh", ...read.args]);
  const after = await readDaemonCounters(machine.env);
  const calls = scenario.calls?.().slice(callsBefore);
  const relayed = (after?.relayed ?? 0) > (before?.relayed ?? 0);
  const by = (calls?.length ?? 0) > 0 ? "GitHub" : relayed ? "the relay" : "this machine";
  return { ...ran, stdout: new TextDecoder().decode(ran.stdout), calls: countOf(calls), by };
}

/** An unchanged resource costs a call but, with a credential, none of the budget. */
function countOf(calls: readonly { readonly status: number }[] | undefined): string {
  if (!calls) return "?";
  const free = calls.filter(({ status }) => status === 304).length;
  return free === 0 ? String(calls.length) : `${calls.length} (304)`;
}

/** Asked last, so that finding out what is right costs none of the calls that were counted. */
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

function row(machine: string, by: string, milliseconds: string, calls: string, command: string): string {
  return `${machine.padEnd(11)}${by.padEnd(13)}${milliseconds.padStart(5)}  ${calls.padEnd(8)}  ${command}`;
}
