/** `octopool health`: whether the pool can answer, and for how long. */
import { exhaustedAt, type PoolHealth, poolHealthPath, poolHealthSchema } from "../../shared/stats.ts";
import { type CommandContext, connectionFlags } from "../command.ts";
import { requireConnection } from "../connection.ts";
import { meter } from "../output/bars.ts";
import { printJson } from "../output/json.ts";
import { withProgress } from "../output/progress.ts";
import { alignRows } from "../output/table.ts";
import { duration, humanText, plural } from "../output/text.ts";
import { request } from "../relay/client.ts";
import type { Style } from "../style.ts";
import { describeEvents } from "./events.ts";

/** Exit code 1 when no identity is healthy, so that scripts can ask. */
export async function health({ io, input }: CommandContext): Promise<number> {
  const connection = await requireConnection(io, connectionFlags(input));
  const answer = await withProgress(io, `Asking ${connection.server}`, () =>
    request(io, { ...connection, path: poolHealthPath(connection.pool) }, poolHealthSchema),
  );
  if (input.flag("json")) await printJson(io.stdout, answer);
  else await io.stdout.write(`${renderHealth(answer, io.now(), io.stdout.style).join("\n")}\n`);
  return answer.identities_healthy > 0 ? 0 : 1;
}

export function renderHealth(pool: PoolHealth, now: number, style: Style): readonly string[] {
  const { identities_healthy: healthy, identities_total: total } = pool;
  const mark = healthy === 0 ? style.bad("✗") : healthy < total ? style.warn("!") : style.good("✓");
  const lines = [
    `${mark} Pool ${style.bold(humanText(pool.pool))}: ${healthy} of ${plural(total, "identity", "identities")} healthy`,
  ];
  if (pool.reset_windows.length > 0) lines.push("", style.bold("Rate limits"), ...budgets(pool, now, style));
  if (pool.recent_errors.length > 0)
    lines.push("", style.bold("Refused or failed in the last hour"), ...troubles(pool, now, style));
  if (pool.events) {
    const { text, hint } = describeEvents(pool.events, now);
    lines.push(
      "",
      style.bold("Events from GitHub"),
      `  ${text}`,
      ...(hint === undefined ? [] : [`  ${style.warn(hint)}`]),
      ...gateLines(pool),
    );
  }
  if (total === 0) lines.push("", idleText(pool.identities_disabled ?? 0));
  return lines;
}

/** Empty where GitHub is asked for all reads that others decide by. */
function gateLines({ gates = "ask" }: PoolHealth): readonly string[] {
  const vouched = { ask: "", probe: "checks", push: "checks, and a pull request's state, head and merge" }[gates];
  return vouched === "" ? [] : [`  gates: ${gates}, events vouch for ${vouched}`];
}

function idleText(disabled: number): string {
  if (disabled === 0) return "The pool has no identity yet: `octopool admin identity add` gives it one.";
  return `The pool has ${plural(disabled, "identity", "identities")}, all disabled: \`octopool admin identity enable\` lets one answer again.`;
}

function budgets(pool: PoolHealth, now: number, style: Style): readonly string[] {
  return alignRows(
    pool.reset_windows.map((window) => [
      `  ${humanText(window.identities?.join(", ") ?? window.budget)}`,
      style.dim(window.identities === undefined ? "" : humanText(window.budget)),
      humanText(window.resource),
      meter(window.limit === 0 ? 0 : window.remaining / window.limit, 20, style),
      {
        text: `${window.remaining.toLocaleString("en-US")} of ${window.limit.toLocaleString("en-US")}`,
        align: "right",
      },
      style.dim(`resets in ${duration((Date.parse(window.reset_at) - now) / 1000)}`),
      exhaustion(window, now, style),
    ]),
  );
}

/** When it is used up at the rate of this window so far; empty where it lasts until it is reset. */
function exhaustion(window: PoolHealth["reset_windows"][number], now: number, style: Style): string {
  const at = exhaustedAt(window, now);
  if (at === undefined) return "";
  return at <= now ? style.bad("used up") : style.warn(`runs out in ${duration((at - now) / 1000)} at this rate`);
}

function troubles(pool: PoolHealth, now: number, style: Style): readonly string[] {
  return alignRows(
    pool.recent_errors.map((trouble) => [
      { text: `  ${trouble.count.toLocaleString("en-US")}×`, align: "right" },
      humanText(trouble.code) + (trouble.reason === null ? "" : style.dim(` ${humanText(trouble.reason)}`)),
      style.dim(`last ${duration((now - Date.parse(trouble.last_at)) / 1000)} ago`),
    ]),
  );
}
