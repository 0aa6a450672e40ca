/** `octopool admin audit`: the audit trail, oldest first as in a log, and with `-f` new events as they happen. */

import { setTimeout as sleep } from "node:timers/promises";
import { type AuditEvent, auditPageSchema } from "../../shared/admin.ts";
import type { CommandContext } from "../command.ts";
import type { Io } from "../io.ts";
import { printJson } from "../output/json.ts";
import { humanText } from "../output/text.ts";
import type { Style } from "../style.ts";
import { windowSeconds } from "../words/window.ts";
import { allCallers } from "./callers.ts";
import { type AdminSession, openSession } from "./operator.ts";

/** Between two looks for new events, in milliseconds. */
const followEveryMs = 2000;
/** Events shown without --since. */
const defaultCount = 50;
/** Enough for reading on a terminal; for more, query the database. */
const mostEvents = 10_000;

export async function audit(context: CommandContext): Promise<undefined> {
  const { io, input } = context;
  const oldest =
    input.text("since") === undefined ? undefined : io.now() - windowSeconds(input.text("since") ?? "") * 1000;
  const session = await openSession(context);
  const logins = input.flag("json") ? undefined : await loginsOf(session);
  const wanted = { pool: input.text("pool"), changes: input.flag("changes") };
  const { events: all, cut } = await collect(session, wanted, oldest, undefined);
  const first = oldest === undefined ? all.slice(-defaultCount) : all;
  const callerWidth = Math.max(callerTitle.length, ...first.map((event) => callerText(event, logins).length));
  const print = (events: readonly AuditEvent[]) => write(io, events, { logins, callerWidth });
  if (logins !== undefined) await io.stdout.write(`${io.stdout.style.dim(headLine(io, callerWidth))}\n`);
  await print(first);
  if (cut) await io.stderr.write(cutNotice(input.text("since") ?? "", first[0]));
  if (!input.flag("follow")) return;
  let last = first.at(-1)?.id;
  while (!io.signal.aborted) {
    await sleep(followEveryMs, undefined, { signal: io.signal }).catch(() => {});
    if (io.signal.aborted) return;
    const { events: fresh } = await collect(session, wanted, undefined, last);
    await print(fresh);
    last = fresh.at(-1)?.id ?? last;
  }
}

interface Wanted {
  readonly pool: string | undefined;
  /** Operators' changes only. */
  readonly changes: boolean;
}

interface Collected {
  readonly events: readonly AuditEvent[];
  /** More events exist than it may hold. */
  readonly cut: boolean;
}

/** Oldest first, back to `oldest` (milliseconds since the epoch) or to the event `after`, which is left out. */
async function collect(
  session: AdminSession,
  { pool, changes }: Wanted,
  oldest: number | undefined,
  after: string | undefined,
): Promise<Collected> {
  const events: AuditEvent[] = [];
  let cursor: string | null = null;
  for (;;) {
    const query = new URLSearchParams({
      limit: "100",
      ...(pool && { pool }),
      ...(changes && { changes: "1" }),
      ...(cursor !== null && { cursor }),
    });
    const page: { events: AuditEvent[]; next_cursor: string | null } = await session.ask(
      { path: `/audit?${query}` },
      auditPageSchema,
    );
    for (const event of page.events) {
      const known = event.id === after || (oldest !== undefined && Date.parse(event.at) < oldest);
      const full = events.length >= mostEvents;
      if (known || full) return { events: events.reverse(), cut: full && !known };
      events.push(event);
    }
    cursor = page.next_cursor;
    // A page may hold fewer events than match: the relay scans a limited number of rows at a time.
    const enough = oldest === undefined && after === undefined && events.length >= defaultCount;
    if (cursor === null || enough) return { events: events.reverse(), cut: false };
  }
}

function cutNotice(since: string, oldestShown: AuditEvent | undefined): string {
  const back = oldestShown === undefined ? "" : `, back to ${humanText(oldestShown.at)}`;
  return (
    `The last ${humanText(since)} hold more than fits: these are the newest ${mostEvents.toLocaleString("en-US")} events${back}.\n` +
    "A shorter --since, --pool, or --changes for operators' changes alone shows all of fewer.\n"
  );
}

/** Callers by id: people know each other by login. A caller that is new since then shows its id. */
async function loginsOf(session: AdminSession): Promise<ReadonlyMap<string, string>> {
  const callers = await allCallers(session, undefined);
  return new Map(callers.map((caller) => [caller.id, caller.github_login]));
}

/** As JSON lines where there are no logins to show. */
async function write(
  io: Io,
  events: readonly AuditEvent[],
  { logins, callerWidth }: { readonly logins: Logins | undefined; readonly callerWidth: number },
): Promise<void> {
  const { style, isTerminal } = io.stdout;
  const today = isTerminal ? new Date(io.now()).toISOString().slice(0, 10) : "";
  if (logins === undefined) {
    for (const event of events) await printJson({ ...io.stdout, isTerminal: false }, event);
    return;
  }
  const lines = events.map((event) => auditLine(event, { style, logins, callerWidth, today }));
  if (lines.length > 0) await io.stdout.stream(`${lines.join("\n")}\n`);
}

const callerTitle = "CALLER@MACHINE";

/** Over the columns of {@link auditLine}. */
function headLine({ stdout }: Io, callerWidth: number): string {
  const time = "TIME (UTC)".padEnd(stdout.isTerminal ? 10 : 19);
  const columns = [time, "CODE", "TOOK".padStart(8), "CACHE".padEnd(11), callerTitle.padEnd(callerWidth)];
  return [...columns, "READ OR CHANGE"].join("  ");
}

/** Callers' names by id; none where JSON is printed. */
type Logins = ReadonlyMap<string, string>;

function callerText({ caller, client }: AuditEvent, logins: Logins | undefined): string {
  const known = caller === null ? null : (logins?.get(caller) ?? caller);
  const named = [known, client].filter((part) => part !== null);
  return named.map(humanText).join("@") || "-";
}

interface LineContext {
  readonly style: Style;
  readonly logins: Logins;
  /** Of the column of callers. */
  readonly callerWidth: number;
  /** The date, in UTC, that a line may leave out; empty where every line stands alone. */
  readonly today: string;
}

function auditLine(event: AuditEvent, { style, logins, callerWidth, today }: LineContext): string {
  const status = event.status >= 500 ? style.bad : event.status >= 400 ? style.warn : style.good;
  return [
    style.dim(timeText(event.at, today)),
    status(String(event.status).padEnd("CODE".length)),
    `${event.duration_ms} ms`.padStart(8),
    (event.cache ?? "-").padEnd(11),
    callerText(event, logins).padEnd(callerWidth),
    event.action === "request" ? "" : style.accent(humanText(event.action)),
    humanText(event.target ?? ""),
    style.dim(
      [event.error_code, event.fallback_reason]
        .filter((part) => part !== null)
        .map(humanText)
        .join(" "),
    ),
  ]
    .filter((part) => part !== "")
    .join("  ");
}

function timeText(at: string, today: string): string {
  const [date = "", time = ""] = at.replace(/\.\d+Z$|Z$/, "").split("T");
  return date === today ? time : `${date} ${time}`;
}
