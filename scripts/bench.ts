/**
 * `npm run bench -- [relay] [shim] [daemon] [team]`: ratios against named references, measured in one run.
 *   --quick   few rounds: for a look, not for a verdict
 *   --json    the last line is one object of numbers; all else goes to standard error
 * For `team`: --hours N, --seed N, --people N, --bots N of the day; --trace FILE replays a day, or keeps it there when
 * there is no such file; --unsettled N sets the relay's UNSETTLED_CI_SECONDS; --alone leaves out comparisons and latencies.
 */
import { parseArgs } from "node:util";
import { type BenchModule, verdict } from "./bench/figures.ts";

const benches: Readonly<Record<string, () => Promise<BenchModule>>> = {
  relay: () => import("./bench/relay.ts"),
  shim: () => import("./bench/shim.ts"),
  daemon: () => import("./bench/daemon.ts"),
  team: () => import("./bench/team/team.ts"),
};

const { values, positionals } = parseArgs({
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
  },
});
const { json, quick, ...team } = values;
const chosen = positionals.length > 0 ? positionals : Object.keys(benches);
const unknown = chosen.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(`bench: no bench named ${unknown.join(", ")}; there are ${Object.keys(benches).join(", ")}`);
  process.exit(2);
}

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
