/**
 * `npm run bench -- relay|shim|daemon [--json]`: ratios against named references, measured in one run.
 * With `--json` the last line is one object of numbers.
 */
import { parseArgs } from "node:util";
import type { BenchModule } from "./bench/figures.ts";

const benches: Readonly<Record<string, () => Promise<BenchModule>>> = {
  relay: () => import("./bench/relay.ts"),
  shim: () => import("./bench/shim.ts"),
  daemon: () => import("./bench/daemon.ts"),
};

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: "boolean" } } });
const chosen = positionals.length > 0 ? positionals : Object.keys(benches);
const unknown = chosen.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(`bench: no bench named ${unknown.join(", ")}; there are ${Object.keys(benches).join(", ")}`);
  process.exit(2);
}

// A certificate bundle from the surroundings adds tens of milliseconds to every Node start that is timed.
delete process.env.NODE_EXTRA_CA_CERTS;

const say = values.json ? (line: string) => console.error(line) : (line: string) => console.log(line);
const figures: Record<string, number | null> = {};
for (const name of chosen) {
  const bench = await benches[name]?.();
  Object.assign(figures, await bench?.run({ say }));
}
if (values.json) console.log(JSON.stringify(figures));
