/** Runs a trace in accelerated time. */

import type { GitHubCall } from "./calls.ts";
import type { AskRecord, CommandRecord } from "./records.ts";
import type { Spent } from "./relay.ts";
import { type Mode, TeamStage } from "./stage.ts";
import type { Moment, Trace } from "./trace-types.ts";

/** Commands within so many milliseconds run at once, with the clock stopped: about GitHub's own delay. */
const tick = 200;

export interface Lived {
  readonly mode: Mode;
  /** Commands, requests to the relay and calls of GitHub after warming up. */
  readonly commands: readonly CommandRecord[];
  readonly asks: readonly AskRecord[];
  readonly calls: readonly GitHubCall[];
  readonly spent: Spent;
  readonly problems: readonly string[];
}

export interface LiveOptions {
  readonly mode: Mode;
  /** The first so many milliseconds only fill the caches. */
  readonly warmUp: Moment;
  readonly length: Moment;
  readonly bindings?: Readonly<Record<string, string>>;
  readonly progress: (t: Moment, reads: number) => void;
}

export async function live(trace: Trace, options: LiveOptions): Promise<Lived> {
  const { mode, warmUp, length, progress, bindings } = options;
  const stage = await TeamStage.set(trace, mode, bindings);
  const { changes, reads } = trace;
  let nextChange = 0;
  let nextRead = 0;
  let warm = false;
  try {
    for (;;) {
      const times = [changes[nextChange]?.t, reads[nextRead]?.t, ...stage.timers.map(({ t }) => t)];
      const first = Math.min(...times.filter((t) => t !== undefined));
      const now = Math.floor(first / tick) * tick;
      if (!Number.isFinite(now) || now > length) break;
      if (!warm && now >= warmUp) {
        warm = true;
        stage.verify();
        await stage.relay?.spent(true);
      }
      const until = now + tick;
      stage.clock.virtual = Math.max(stage.clock.virtual ?? 0, now);
      for (let change = changes[nextChange]; change !== undefined && change.t < until; change = changes[++nextChange]) {
        await stage.apply(change);
      }
      const begun = nextRead;
      while ((reads[nextRead]?.t ?? Number.POSITIVE_INFINITY) < until) nextRead += 1;
      const due = stage.timers.filter(({ t }) => t < until);
      if (nextRead === begun && due.length === 0) continue;
      stage.clock.virtual += 2;
      await stage.moment(reads.slice(begun, nextRead), due);
      progress(now, nextRead);
    }
    stage.verify();
    const nothing: Spent = { d1: 0, object: 0, audit: 0, events: 0, wakings: 0 };
    return {
      mode,
      commands: stage.commands.filter(
        ({ read, outcome, ended }) => read.t >= warmUp && (outcome !== "failed" || ended > 0),
      ),
      asks: stage.asks.filter(({ t }) => t >= warmUp),
      calls: stage.log.calls.filter(({ t }) => t >= warmUp),
      spent: (await stage.relay?.spent()) ?? nothing,
      problems: stage.problems,
    };
  } finally {
    await stage.close();
  }
}
