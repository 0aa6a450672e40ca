/** Writes a day of a team. */
import { readFile, writeFile } from "node:fs/promises";
import { startBots } from "./bots.ts";
import { castOf } from "./cast.ts";
import { Day } from "./day.ts";
import { startPeople } from "./people.ts";
import { randomOf } from "./random.ts";
import type { Trace } from "./trace-types.ts";
import { makeWorld } from "./world.ts";

interface TraceOptions {
  readonly seed: number;
  readonly people: number;
  readonly bots: number;
  /** Milliseconds that the day lasts. */
  readonly length: number;
}

/** The same options always give the same day. */
export function makeTrace({ seed, people, bots, length }: TraceOptions): Trace {
  const cast = castOf(people, bots);
  const day = new Day(randomOf(seed), cast, length);
  const world = makeWorld(day);
  const hidden = Object.fromEntries([...day.waiting].map(([repo, pulls]) => [repo, pulls.map(({ number }) => number)]));
  startPeople(day);
  startBots(day);
  day.run();
  const inOrder = <T extends { readonly t: number }>(items: readonly T[]) =>
    items.filter(({ t }) => t >= 0 && t <= length).toSorted((a, b) => a.t - b.t);
  return {
    world,
    hidden,
    changes: inOrder(day.changes),
    reads: inOrder(day.reads),
    machines: cast.machines,
    actors: [...cast.people, ...cast.bots.map(({ login }) => login)],
  };
}

/** The trace in `file`; when there is none, a new one is written there. */
export async function storedTrace(file: string, options: TraceOptions): Promise<Trace> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Trace;
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error) || error.code !== "ENOENT") throw error;
    const trace = makeTrace(options);
    await writeFile(file, JSON.stringify(trace));
    return trace;
  }
}
