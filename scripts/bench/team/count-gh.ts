/**
 * Counts what the real gh asks GitHub for each command of the mix, and writes `gh-costs.json`.
 *   node scripts/bench/team/count-gh.ts --gh /usr/bin/gh [--each 12]
 */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { startGitHub } from "../../../test/github-emulator/index.ts";
import { Clock } from "./clock.ts";
import { type Cost, costsFile } from "./gh-costs.ts";
import { makeTrace } from "./trace.ts";
import type { TeamRead } from "./trace-types.ts";
import { WorldChanges } from "./world-changes.ts";

const run = promisify(execFile);
const { values } = parseArgs({ options: { gh: { type: "string" }, each: { type: "string", default: "12" } } });
const { gh, each } = values;
if (gh === undefined) throw new Error("say which gh to count: --gh PATH");

const minutes = 60_000;
const trace = makeTrace({ seed: 1, people: 20, bots: 6, length: 25 * minutes });
const directory = mkdtempSync(join(tmpdir(), "octopool-count-gh-"));
const socket = join(directory, "github.sock");
const clock = new Clock();
const github = await startGitHub({ world: trace.world, socket, now: clock.now });
const changes = new WorldChanges(github, clock.now, trace);
mkdirSync(join(directory, "gh"));
writeFileSync(join(directory, "gh", "config.yml"), `http_unix_socket: ${socket}\n`);

let seen: string[] = [];
const handle = github.engine.handle.bind(github.engine);
github.engine.handle = (incoming) => {
  seen.push(incoming.url);
  return handle(incoming);
};

interface Count {
  rest: number;
  graphql: number;
  points: number;
}

async function countOne(read: TeamRead, extra: readonly string[] = []): Promise<Count> {
  const { viewer } = github.engine.authenticator.authenticate(`token token-${read.actor}`, "127.0.0.1");
  const used = () => github.engine.budgets.state(viewer, "graphql").used;
  const before = used();
  seen = [];
  const env = {
    PATH: "/usr/bin:/bin",
    HOME: directory,
    GH_CONFIG_DIR: join(directory, "gh"),
    GH_TOKEN: `token-${read.actor}`,
    GH_NO_UPDATE_NOTIFIER: "1",
  };
  // The output and the exit code are ignored here: failing checks end with 1.
  await run(gh ?? "", [...read.args, ...extra], { cwd: directory, env, timeout: 20_000, maxBuffer: 1 << 26 }).catch(
    () => undefined,
  );
  const graphql = seen.filter((url) => url.startsWith("/graphql")).length;
  return { rest: seen.length - graphql, graphql, points: used() - before };
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
    github.engine.changed();
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
    const looks = seen.filter((url) => /\/actions\/runs\/\d+(\?|$)/.test(url)).length - 1;
    watches.push({ requests, looks });
  }
}
const { stdout } = await run(gh, ["--version"]);
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
writeFileSync(
  costsFile,
  `${JSON.stringify({ gh: stdout.split("\n")[0], watch, commands: Object.fromEntries(commands) }, null, 2)}\n`,
);
process.stderr.write(`${costsFile}: ${[...counts.values()].flat().length} commands counted\n`);
await github.close();
rmSync(directory, { recursive: true, force: true });
