/** Compares GitHub's answer with its events of a moment before: see shared/events/settle.ts for the rule. */
import { type Compared, type EventStanding, keptUntil, settleMs, standingOf } from "../../../shared/events/settle.ts";
import { tagsOf } from "../../../shared/events/tags.ts";
import { parseJson } from "../../../shared/parse-json.ts";
import type { CacheEntry } from "../../cache/entry.ts";
import { takesEvents } from "../../env.ts";
import { logTrouble } from "../../log.ts";
import { eventsOf } from "../../marks/client.ts";
import type { Plan } from "../plan.ts";
import type { Answered } from "./read.ts";
import type { Settled } from "./to-entry.ts";
import type { Work } from "./work.ts";

/**
 * Events of the last two minutes that this read's answer may have to show. Asked for while GitHub is asked; without
 * them, or after a failure, every answer is taken as it is.
 */
export async function marksFor(work: Work): Promise<readonly Compared[]> {
  const { plan, env, deps } = work;
  const events = takesEvents(env) ? eventsOf(env) : undefined;
  if (!events || plan.repo === "" || tagsFor(plan).length === 0) return [];
  try {
    return await events.recent(plan.repo, deps.clock() - settleMs);
  } catch (error) {
    logTrouble("events were not asked for", error);
    return [];
  }
}

/** The tags that a read's answer depends on. */
export function tagsFor(plan: Plan): readonly string[] {
  const query: Record<string, string> = {};
  for (const [name, value] of plan.query) query[name] = value;
  return tagsOf({ kind: plan.classified.route.kind, params: plan.classified.params, query });
}

/** The facts about an answer; a 304 stands for the body that it confirms. */
export function standing(work: Work, { response, askedAt }: Answered, marks: readonly Compared[]): EventStanding {
  const held = response.status === 304 ? work.entry?.answer : undefined;
  const status = held?.status ?? response.status;
  if (marks.length === 0 || status !== 200) return { is: marks.length === 0 ? "settled" : notFound(marks, askedAt) };
  const text = held ? held.body : new TextDecoder().decode(response.body);
  const link = held ? held.headers.link : (response.headers.get("link") ?? undefined);
  return compared(work.plan, { text, link, askedAt }, marks);
}

/** Of an entry with GitHub's 200: whether it shows the events that had arrived when GitHub was asked for it. */
export function standingOfHeld(
  plan: Plan,
  { answer, createdAt }: CacheEntry,
  marks: readonly Compared[],
): EventStanding {
  return compared(plan, { text: answer.body, link: answer.headers.link, askedAt: createdAt }, marks);
}

interface ComparedAnswer {
  readonly text: string;
  readonly link: string | undefined;
  /** ms since the epoch. */
  readonly askedAt: number;
}

function compared(plan: Plan, { text, link, askedAt }: ComparedAnswer, marks: readonly Compared[]): EventStanding {
  const page = plan.query.find(([name]) => name === "page")?.[1] ?? "1";
  const subject = {
    kind: plan.classified.route.kind,
    tags: tagsFor(plan),
    body: parseJson(text),
    whole: link === undefined && page === "1",
    askedAt,
  };
  return standingOf(subject, marks);
}

/** An absent resource may appear at any moment; a 404 is kept for seconds anyway. */
function notFound(marks: readonly Compared[], askedAt: number): "settled" | "uncertain" {
  return marks.some(({ at }) => askedAt - at < settleMs) ? "uncertain" : "settled";
}

/** An answer that does not show an event loses its validator, which may lag as well, and is soon asked for again. */
export function untrusted(settled: Settled, how: EventStanding, now: number): Settled {
  if (how.is === "settled") return settled;
  const { entry } = settled;
  const expiresAt = Math.min(entry.expiresAt, keptUntil(how, now));
  if (how.is === "uncertain") return { ...settled, entry: { ...entry, expiresAt } };
  const answer = { ...entry.answer, unsettled: true as const };
  const { etag: _etag, "last-modified": _modified, ...headers } = settled.headers;
  return { ...settled, headers, entry: { ...entry, answer, etag: null, expiresAt, staleUntil: expiresAt } };
}
