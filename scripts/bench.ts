/** `npm run bench`: ratios against named references, measured in one run. */
import { parseArgs } from "node:util";
import { type BenchModule, verdict } from "./bench/figures.ts";
import { readArguments, runScript, UsageError } from "./script.ts";

const usage = `Usage: npm run bench -- [relay] [shim] [daemon] [own] [team] [push] [scale] [options]

Measures ratios against named references, each in one run; all benches unless some are named.

  --quick         few rounds: for a look, not for a verdict
  --json          the last line is one object of numbers; all else goes to standard error
  --help

Of team, a simulated day:
  --hours N       its length (default: 0.5)
  --seed N        another day of the same kind (default: 1)
  --people N      members of the team (default: 20)
  --bots N        its bots (default: 6)
  --trace FILE    replay this day, or keep the day there when there is no such file
  --unsettled N   the relay's UNSETTLED_CI_SECONDS
  --alone         without comparisons and latencies
`;

const benches: Readonly<Record<string, () => Promise<BenchModule>>> = {
  relay: () => import("./bench/relay.ts"),
  shim: () => import("./bench/shim.ts"),
  daemon: () => import("./bench/daemon.ts"),
  own: () => import("./bench/own.ts"),
  team: () => import("./bench/team/team.ts"),
  push: () => import("./bench/push.ts"),
  scale: () => import("./bench/scale.ts"),
};

const { values, positionals } = readArguments("bench", () =>
  parseArgs({
    allowPositionals: true,
    options: {
      json: { type: "boolean", default: false },
      quick: { type: "boolean", default: false },
      alone: { type: "boolean", default: false },
      hours: { type: "string" },
      seed: { type: "string" },
      people: { type: "string" },
      bots: { type: "string" },
      trace: { type: "string" },
      unsettled: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  }),
);
const { json, quick, help, ...team } = values;

/** The permitted range of each number of a day. */
const numbers = {
  hours: { pattern: /^\d{1,2}(?:\.\d+)?$/, min: 0.05, max: 48 },
  seed: { pattern: /^\d{1,9}$/, min: 0, max: 999_999_999 },
  people: { pattern: /^\d{1,4}$/, min: 1, max: 1000 },
  bots: { pattern: /^\d{1,4}$/, min: 0, max: 1000 },
  unsettled: { pattern: /^\d{1,6}$/, min: 1, max: 999_999 },
} as const;

function checkNumbers(): void {
  for (const [name, { pattern, min, max }] of Object.entries(numbers)) {
    const text = Object.entries(team).find(([option]) => option === name)?.[1];
    if (text === undefined) continue;
    const number = pattern.test(String(text)) ? Number(text) : Number.NaN;
    if (!(number >= min && number <= max))
      throw new UsageError(`--${name} must be a number from ${min} to ${max}, not "${text}".`);
  }
}

async function main(): Promise<number> {
  if (help) {
    process.stdout.write(usage);
    return 0;
  }
  checkNumbers();
  const chosen = positionals.length > 0 ? positionals : Object.keys(benches);
  const unknown = chosen.filter((name) => !Object.hasOwn(benches, name));
  if (unknown.length > 0)
    throw new UsageError(`no bench named ${unknown.join(", ")}; there are ${Object.keys(benches).join(", ")}`);

  // A certificate bundle from the surroundings adds tens of milliseconds to every Node start that is timed.
  delete process.env.NODE_EXTRA_CA_CERTS;

  const say = (line: string) => (json ? console.error(line) : console.log(line));
  const measured: Record<string, number | null> = {};
  for (const name of chosen) {
    const bench = await benches[name]?.();
    Object.assign(measured, await bench?.run({ say, quick, team }));
  }
  for (const [name, value] of Object.entries(measured)) {
    say(`${name.padEnd(30)} ${value === null ? "not measured" : Number(value.toFixed(3))}  (${verdict(name, value)})`);
  }
  if (json) console.log(JSON.stringify(measured));
  return 0;
}

await runScript("bench", main);
