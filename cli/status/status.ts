/** `octopool status`: the most important facts on one screen; `octopool doctor` gives the remedies. */
import { OctopoolError } from "../../shared/errors.ts";
import { readConnection } from "../../shared/settings/connection.ts";
import { exhaustedAt, type PoolHealth, poolHealthPath, poolHealthSchema } from "../../shared/stats.ts";
import { version } from "../../shared/version.ts";
import { type CommandContext, connectionFlags } from "../command.ts";
import { readDaemonCounters } from "../daemon-status.ts";
import { type Finding, signs } from "../doctor/check.ts";
import { look } from "../doctor/look.ts";
import { machineChecks } from "../doctor/machine.ts";
import { relayChecks } from "../doctor/relay.ts";
import type { Io } from "../io.ts";
import { meter } from "../output/bars.ts";
import { printJson } from "../output/json.ts";
import { withProgress } from "../output/progress.ts";
import { alignRows } from "../output/table.ts";
import { duration, humanText } from "../output/text.ts";
import { request } from "../relay/client.ts";
import type { Style } from "../style.ts";

/** The checks of doctor that are shown, in the order of the screen, with their names here. */
const shown = [
  ["login", "Login"],
  ["server", "Relay"],
  ["pool", "Pool"],
  ["daemon", "Daemon"],
  ["gh on PATH", "Shim"],
  ["real gh", "Real gh"],
] as const;

export async function status({ io, input }: CommandContext): Promise<number> {
  const flags = connectionFlags(input);
  const checks = [...machineChecks(io), ...relayChecks(io, flags)];
  const [findings, health, saved] = await withProgress(io, "Looking", () =>
    Promise.all([
      Promise.all(shown.map(([name]) => look(checks.find((check) => check.name === name)))),
      healthOf(io, flags),
      readDaemonCounters(io.env),
    ]),
  );
  const broken = findings.some((finding) => finding.status === "failure");
  const savedHere = saved === undefined ? 0 : saved.local + saved.coalesced;
  if (input.flag("json")) await printJson(io.stdout, asJson(findings, health, savedHere, !broken));
  else {
    const { style } = io.stdout;
    const lines = [
      style.dim(`octopool ${version}`),
      ...alignRows(findings.map((finding, index) => findingRow(shown[index]?.[1] ?? "", finding, style))),
      ...rateLimits(health, io.now(), style),
      "",
      `API calls saved by this machine's memory since its daemon started: ${style.bold(savedHere.toLocaleString("en-US"))}`,
      ...(findings.every(({ status: each }) => each === "ok") ? [] : ["Remedies: octopool doctor"]),
    ];
    await io.stdout.write(`${lines.join("\n")}\n`);
  }
  return broken ? 1 : 0;
}

async function healthOf(io: Io, flags: ReturnType<typeof connectionFlags>): Promise<PoolHealth | undefined> {
  try {
    const connection = await readConnection({ env: io.env, flags });
    if (connection === undefined) return undefined;
    return await request(io, { ...connection, path: poolHealthPath(connection.pool) }, poolHealthSchema);
  } catch (error) {
    // The line of the relay or of the login reports it.
    if (error instanceof OctopoolError) return undefined;
    throw error;
  }
}

function findingRow(
  name: string,
  { status: state, message, short = message }: Finding,
  style: Style,
): readonly string[] {
  const paint = { ok: style.good, warning: style.warn, failure: style.bad, skipped: style.dim }[state];
  return [`${paint(signs[state])} ${name}`, state === "skipped" ? style.dim(short) : short];
}

function rateLimits(health: PoolHealth | undefined, now: number, style: Style): readonly string[] {
  if (health === undefined || health.reset_windows.length === 0) return [];
  const rows = health.reset_windows.map((window) => {
    const { resource, limit, remaining, reset_at: reset } = window;
    const at = exhaustedAt(window, now);
    const end = at === undefined ? "" : style.warn(`runs out in ${duration((at - now) / 1000)} at this rate`);
    return [
      `  ${humanText(window.identities?.join(", ") ?? window.budget)}`,
      humanText(resource),
      meter(limit === 0 ? 0 : remaining / limit, 10, style),
      { text: `${remaining.toLocaleString("en-US")} of ${limit.toLocaleString("en-US")}`, align: "right" as const },
      end === "" ? style.dim(`resets in ${duration((Date.parse(reset) - now) / 1000)}`) : end,
    ];
  });
  return ["", style.bold("Rate limits"), ...alignRows(rows)];
}

function asJson(findings: readonly Finding[], health: PoolHealth | undefined, saved: number, ok: boolean) {
  const parts = findings.map(({ status: state, message }, index) => [
    (shown[index]?.[0] ?? "").replaceAll(" ", "_"),
    { status: state, message },
  ]);
  return {
    ok,
    version,
    ...Object.fromEntries(parts),
    rate_limits: health?.remaining_by_resource ?? null,
    api_calls_saved_here: saved,
  };
}
