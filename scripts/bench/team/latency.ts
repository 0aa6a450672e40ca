/** How long one command takes, by how far it has to go, with GitHub at hand and 120 ms away; in real time. */
import type { Figures } from "../figures.ts";
import { type ShapeTag, shapes } from "./commands.ts";
import { quantile } from "./distribution.ts";
import { TeamStage } from "./stage.ts";
import { makeTrace } from "./trace.ts";

const repo = "acme/r01";
/** Those that are open when a day begins. */
const pulls = Array.from({ length: 12 }, (_, at) => String(100 + at));

interface Measured {
  readonly name: string;
  /** The machine decides the source of each answer: another machine each time knows nothing itself. */
  readonly machines: (at: number) => string;
  readonly args: (at: number) => readonly string[];
}

const pullOf = (at: number) => pulls[at % pulls.length] ?? "100";
const command = (tag: ShapeTag) => (at: number) => shapes[tag].args(repo, pullOf(at));
const machineOf = (at: number) => `m-p${String(2 + (at % 19)).padStart(2, "0")}`;
const title = (at: number) => ["pr", "view", pullOf(at), "-R", repo, "--json", "title"];

const measured = {
  local: { name: "this machine's memory", machines: () => "m-p01", args: () => title(0) },
  relay: { name: "the relay's cache", machines: (at) => machineOf(Math.floor(at / pulls.length)), args: title },
  github: {
    name: "GitHub: pr view --json state",
    machines: machineOf,
    args: (at) => ["pr", "view", pullOf(at), "-R", repo, "--json", "state"],
  },
  rollup: { name: "pr view --json …statusCheckRollup", machines: machineOf, args: command("pr-view-rollup") },
  checks: { name: "pr checks", machines: machineOf, args: command("pr-checks") },
} as const satisfies Record<string, Measured>;

export async function measureLatency(say: (line: string) => void, quick: boolean): Promise<Figures> {
  const stage = await TeamStage.set(makeTrace({ seed: 1, people: 20, bots: 6, length: 0 }), "octopool");
  const figures: Record<string, number> = {};
  try {
    stage.clock.virtual = undefined;
    await stage.relay?.clock(undefined);
    // Every pull request has been seen by a member before.
    for (const each of Object.values<Measured>(measured)) {
      for (let at = 0; at < pulls.length; at += 1) await stage.time("m-p20", each.args(at));
    }
    for (const delay of [0, 120]) {
      if (delay > 0) stage.github.control.delay(delay);
      say(`\nGitHub ${delay} ms away, one command after the other (ms: middle, 95th and 99th of 100):`);
      for (const [key, each] of Object.entries<Measured>(measured)) {
        const times = await timesOf(stage, each, { first: delay > 0 ? 60 : 0, count: quick ? 12 : 48 });
        say(
          `  ${each.name.padEnd(36)}${[0.5, 0.95, 0.99].map((share) => quantile(times, share).toFixed(1)).join(" / ")}`,
        );
        figures[`team_${key}_ms_${delay}`] = quantile(times, 0.5);
      }
    }
  } finally {
    await stage.close();
  }
  return figures;
}

async function timesOf(stage: TeamStage, { machines, args }: Measured, turns: { first: number; count: number }) {
  const times: number[] = [];
  for (let at = turns.first; at < turns.first + turns.count; at += 1)
    times.push(await stage.time(machines(at), args(at)));
  return times;
}
