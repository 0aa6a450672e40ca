/** `octopool stats`: the pool's answers, their cost, and the API calls saved. */
import { setTimeout as sleep } from "node:timers/promises";
import { poolStatsPath, poolStatsSchema } from "../../shared/stats.ts";
import { type CommandContext, connectionFlags } from "../command.ts";
import { requireConnection } from "../connection.ts";
import { readAllCounters } from "../daemon-status.ts";
import type { Io } from "../io.ts";
import { printJson } from "../output/json.ts";
import { withProgress } from "../output/progress.ts";
import { request } from "../relay/client.ts";
import { windowSeconds } from "../words/window.ts";
import { dimensions, renderBy } from "./by.ts";
import { readNatives, renderNatives } from "./native.ts";
import { renderStats, type StatsReport } from "./render.ts";

/** The relay's figures have underscores in their names: one object, one way of writing. */
function asJson({ uptimeSeconds, ...counters }: NonNullable<StatsReport["daemon"]>) {
  return { uptime_seconds: uptimeSeconds, ...counters };
}

/** The interval of `--watch`, in milliseconds. */
const watchEveryMs = 5000;

export async function stats({ io, input }: CommandContext): Promise<undefined> {
  const since = input.text("since");
  if (since !== undefined) windowSeconds(since);
  if (input.flag("native")) {
    await natives(io, input.flag("json"));
    return;
  }
  const by = dimensions.find((dimension) => dimension === input.text("by"));
  const connection = await requireConnection(io, connectionFlags(input));
  const query = new URLSearchParams();
  for (const name of ["since", "client"]) {
    const value = input.text(name);
    if (value !== undefined) query.set(name, value);
  }
  const path = poolStatsPath(connection.pool) + (query.size > 0 ? `?${query}` : "");
  const look = async (): Promise<StatsReport> => {
    const asked = [request(io, { ...connection, path }, poolStatsSchema), readAllCounters(io.env)] as const;
    const [relay, { daemon, own }] = await Promise.all(asked);
    return { relay, daemon: daemon ?? null, own: own ?? null, client: connection.clientName };
  };
  const show = async (report: StatsReport): Promise<void> => {
    const { own, ...rest } = report;
    if (input.flag("json"))
      return printJson(io.stdout, {
        ...rest,
        daemon: report.daemon && { ...asJson(report.daemon), ...(own && { own: own.own, via: own.via }) },
      });
    const lines = by === undefined ? renderStats(report, io.stdout) : renderBy(by, report, io.stdout.style);
    await io.stdout.stream(`${lines.join("\n")}\n`);
  };
  await show(await withProgress(io, `Asking ${connection.server}`, look));
  if (input.flag("watch")) await watch(io, look, show);
}

/** It shows only this machine: no relay is asked. */
async function natives(io: Io, json: boolean): Promise<void> {
  const counts = await readNatives(io.env);
  if (json) return printJson(io.stdout, { natives: counts });
  await io.stdout.write(`${renderNatives(counts, io.stdout.style).join("\n")}\n`);
}

/** On a terminal each output replaces the one before; in a pipe they follow each other. */
async function watch(io: Io, look: () => Promise<StatsReport>, show: (report: StatsReport) => Promise<void>) {
  while (!io.signal.aborted) {
    await sleep(watchEveryMs, undefined, { signal: io.signal }).catch(() => {});
    if (io.signal.aborted) return;
    const report = await look();
    // Cursor home, and everything below it away: no flicker of an empty screen.
    if (io.stdout.isTerminal && !io.stdout.jq) await io.stdout.stream("\u001b[H\u001b[J");
    await show(report);
  }
}
