/**
 * Counts the real gh's requests to GitHub for each command of the mix, and of the page's table of reads, and writes
 * `gh-costs.json`.
 *   node scripts/bench/team/count-gh.ts --gh /usr/bin/gh [--each 12]
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { Clock } from "./clock.ts";
import { countPage } from "./count-page.ts";
import { type Cost, costsFile } from "./gh-costs.ts";
import { type Count, GhCounter, versionOf } from "./gh-counter.ts";
import { makeTrace } from "./trace.ts";
import type { TeamRead } from "./trace-types.ts";
import { WorldChanges } from "./world-changes.ts";

const { values } = parseArgs({ options: { gh: { type: "string" }, each: { type: "string", default: "12" } } });
const { gh, each } = values;
if (gh === undefined) throw new Error("say which gh to count: --gh PATH");

const minutes = 60_000;
const trace = makeTrace({ seed: 1, people: 20, bots: 6, length: 25 * minutes });
const clock = new Clock();
const counter = await GhCounter.start(gh, trace.world, clock.now);
const changes = new WorldChanges(counter.github, clock.now, trace);

function countOne(read: TeamRead, extra: readonly string[] = []): Promise<Count> {
  return counter.count({ token: `token-${read.actor}`, args: [...read.args, ...extra] });
}

/** The middle one of several. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;
}

const wanted = Number(each);
const counts = new Map<string, Count[]>();
const watches: { readonly requests: Count; readonly looks: number }[] = [];
let change = 0;
for (const read of trace.reads) {
  for (; (trace.changes[change]?.t ?? Number.POSITIVE_INFINITY) <= read.t; change += 1) {
    const due = trace.changes[change];
    if (due === undefined) break;
    clock.virtual = due.t;
    await changes.apply(due);
    counter.github.engine.changed();
  }
  clock.virtual = read.t;
  const known = counts.get(read.tag) ?? [];
  if (known.length >= wanted) continue;
  if (read.watchUntil === undefined) {
    // The first command of a day asks which features GitHub has, and remembers.
    await countOne(read);
    counts.set(read.tag, [...known, await countOne(read)]);
  } else if (watches.length < 3) {
    // A run that has ended: one look; one that goes on: until the time is over.
    const requests = await countOne(read, ["-i", "1"]);
    const looks = counter.seen.filter((url) => /\/actions\/runs\/\d+(\?|$)/.test(url)).length - 1;
    watches.push({ requests, looks });
  }
}
const commands = [...counts]
  .toSorted(([a], [b]) => (a < b ? -1 : 1))
  .map(([tag, list]) => {
    const middle = (name: keyof Count) => median(list.map((count) => count[name]));
    const cost: Cost = {
      rest: middle("rest"),
      graphql: middle("graphql"),
      points: middle("points"),
      counted: list.length,
    };
    return [tag, cost] as const;
  });
const look = 3;
const begin = median(watches.map(({ requests, looks }) => requests.rest + requests.graphql - look * looks));
const watch = { begin, look, points: median(watches.map(({ requests }) => requests.points)) };
const page = await countPage(gh);
const costs = { gh: await versionOf(gh), watch, commands: Object.fromEntries(commands), page };
writeFileSync(costsFile, `${JSON.stringify(costs, null, 2)}\n`);
process.stderr.write(`${costsFile}: ${[...counts.values()].flat().length} commands counted\n`);
await counter.close();
