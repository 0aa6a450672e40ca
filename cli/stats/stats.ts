/** `octopool stats`: what the pool answered, and what it cost and saved. */
import { poolStatsPath, poolStatsSchema } from "../../shared/stats.ts";
import { type Context, connectionFlags } from "../command.ts";
import { requireConnection } from "../connection.ts";
import { readDaemonCounters } from "../daemon-status.ts";
import { printJson } from "../output/json.ts";
import { withProgress } from "../output/progress.ts";
import { request } from "../relay/client.ts";
import { windowSeconds } from "../words/window.ts";
import { renderStats, type StatsReport } from "./render.ts";

/** The relay's figures have underscores in their names: one object, one way of writing. */
function asJson({ uptimeSeconds, ...counters }: NonNullable<StatsReport["daemon"]>) {
  return { uptime_seconds: uptimeSeconds, ...counters };
}

export async function stats({ io, input }: Context): Promise<undefined> {
  const since = input.text("since");
  if (since !== undefined) windowSeconds(since);
  const connection = await requireConnection(io, connectionFlags(input));
  const query = new URLSearchParams();
  for (const name of ["since", "client"]) {
    const value = input.text(name);
    if (value !== undefined) query.set(name, value);
  }
  const path = poolStatsPath(connection.pool) + (query.size > 0 ? `?${query}` : "");
  const [relay, daemon] = await withProgress(io, `Asking ${connection.server}`, () =>
    Promise.all([request(io, { ...connection, path }, poolStatsSchema), readDaemonCounters(io.env)]),
  );
  const report: StatsReport = { relay, daemon: daemon ?? null, client: connection.clientName };
  if (input.flag("json")) await printJson(io.stdout, { ...report, daemon: report.daemon && asJson(report.daemon) });
  else await io.stdout.write(`${renderStats(report, io.stdout).join("\n")}\n`);
}
