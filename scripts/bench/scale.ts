/**
 * Many teams at once, simulated: their commands come when those of the bench's team come, and wait for a database and
 * for a pool's object, each of which does one thing at a time. The numbers of statements and calls are those that the
 * bench of a team measured; how long each takes is an assumption.
 */
import type { BenchModule } from "./figures.ts";
import { quantile } from "./team/distribution.ts";
import { type Random, randomOf } from "./team/random.ts";
import { makeTrace } from "./team/trace.ts";

const minute = 60_000;
/** Of the day: when all members work. */
const from = 8 * minute;
const window = 4 * minute;

/** Of a command, as the bench of a team prints it: D1 statements, and calls of the pool's object. */
const perCommand = { statements: 3, calls: 2.6 } as const;
/** Milliseconds that a statement of D1 and a call of an object take. */
const serviceMs = 1;

export const run: BenchModule["run"] = async ({ say, quick }) => {
  const days = [1, 2, 3].map(commandsOf);
  const length = quick ? 20_000 : 60_000;
  const random = randomOf(1);
  say(`Waiting for a server that does one thing in ${serviceMs} ms, seconds of the busiest minutes: ${length / 1000}.`);
  say(line(["teams", "shared by all", "parts", "busy", "wait p50", "wait p99, ms"]));
  for (const [what, each] of [
    ["databases", perCommand.statements],
    ["objects", perCommand.calls],
  ] as const) {
    for (const teams of [10, 100, 1000]) {
      const arrivals = workOf({ days, teams, each, length, random });
      for (const parts of [1, 10, 100]) {
        const waits = waitsOf(arrivals, parts, random);
        const busy = (arrivals.length * serviceMs) / (length * parts);
        const row = [busy, quantile(waits, 0.5), quantile(waits, 0.99)];
        say(line([String(teams), what, String(parts), ...row.map((value) => value.toFixed(value < 10 ? 2 : 0))]));
      }
    }
  }
  const waitOf = (teams: number) =>
    quantile(waitsOf(workOf({ days, teams, each: 3, length, random }), 1, random), 0.99);
  return { scale_d1_wait_p99_ms_10_teams: waitOf(10), scale_d1_wait_p99_ms_100_teams: waitOf(100) };
};

/** When the commands of one team's day are typed, ms since the window begins. */
function commandsOf(seed: number): readonly number[] {
  const { reads } = makeTrace({ seed, people: 20, bots: 6, length: from + window });
  return reads.map(({ t }) => t - from).filter((t) => t >= 0);
}

interface Load {
  readonly days: readonly (readonly number[])[];
  readonly teams: number;
  /** Things to do for one command, on the average. */
  readonly each: number;
  readonly length: number;
  readonly random: Random;
}

/** Moments at which something is to be done, in order. Each team lives one of the days, begun at another moment. */
function workOf({ days, teams, each, length, random }: Load): Float64Array {
  const times: number[] = [];
  for (let team = 0; team < teams; team++) {
    const offset = random.range(0, window);
    for (const typed of random.pick(days)) {
      const t = (typed + offset) % window;
      if (t >= length) continue;
      const count = Math.floor(each) + (random.chance(each % 1) ? 1 : 0);
      // A command's reads go out together, and each asks again when GitHub has answered.
      for (let at = 0; at < count; at++) times.push(t + (at < count / 2 ? 0 : random.range(80, 200)));
    }
  }
  return Float64Array.from(times).sort();
}

/** How long each waits for those before it, ms; `parts` share the work, each in turn of arrival. */
function waitsOf(arrivals: Float64Array, parts: number, random: Random): readonly number[] {
  const free = new Float64Array(parts);
  return Array.from(arrivals, (t) => {
    const part = random.int(0, parts - 1);
    const begins = Math.max(t, free[part] ?? 0);
    free[part] = begins + serviceMs;
    return begins - t;
  });
}

function line(cells: readonly string[]): string {
  return cells.map((cell, at) => (at === 0 ? cell.padEnd(8) : cell.padStart(16))).join("");
}
