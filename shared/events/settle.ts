/**
 * Whether an answer is as new as the events that the relay knows: GitHub's API, and its validators, may lag behind its
 * own webhooks by seconds. An answer that does not yet show an event is given, but not trusted.
 */
import type { RouteKind } from "../routes/table.ts";
import type { EventEvidence } from "./evidence.ts";
import { reflects } from "./reflects.ts";
import { concerns, type EventTag } from "./tags.ts";

/** An event is compared with answers for so long, ms; then GitHub's answer is taken as it is. */
export const settleMs = 120_000;
/** An answer that cannot be compared with an event, and was asked for so soon after it, is kept no longer, ms. */
const uncertainMs = 10_000;
/** When an answer that does not show an event may be asked for again: seconds after the event. */
const pauses = [1, 2, 4, 8, 15, 30, 60, settleMs / 1000];
/** The least that an answer is kept, ms. */
const leastMs = 1_000;

/** A mark, as far as it is compared. */
export interface Compared {
  readonly at: number;
  readonly tags: readonly EventTag[];
  readonly evidence?: EventEvidence;
  readonly happenedAt?: number;
}

interface EventSubject {
  readonly kind: RouteKind;
  readonly tags: readonly EventTag[];
  /** The parsed JSON of the answer. */
  readonly body: unknown;
  /** It is the whole list: an item that is not in it does not exist. */
  readonly whole: boolean;
  /** When GitHub was asked, ms since the epoch. */
  readonly askedAt: number;
}

/**
 * - `settled`: it shows all that is known.
 * - `uncertain`: it cannot be compared with an event that arrived a moment before it was asked for.
 * - `unsettled`: it does not yet show an event; `since` is when that arrived.
 */
export type EventStanding =
  | { readonly is: "settled" }
  | { readonly is: "uncertain" }
  | { readonly is: "unsettled"; readonly since: number };

export function standingOf(subject: EventSubject, marks: readonly Compared[]): EventStanding {
  const { kind, body, whole, askedAt, tags } = subject;
  const relevant = marks.filter(
    ({ at, tags: marked }) => at <= askedAt && askedAt - at < settleMs && concerns(marked, tags),
  );
  let since: number | undefined;
  let uncertain = false;
  for (const mark of newestOfEach(relevant)) {
    const shown = mark.evidence && reflects(kind, body, mark.evidence, { whole });
    if (shown === false) since = Math.min(since ?? mark.at, mark.at);
    else if (shown === undefined && askedAt - mark.at < uncertainMs) uncertain = true;
  }
  if (since !== undefined) return { is: "unsettled", since };
  return { is: uncertain ? "uncertain" : "settled" };
}

/**
 * Until when an answer is kept at most, ms since the epoch.
 * @param now - ms since the epoch
 */
export function keptUntil(standing: EventStanding, now: number): number {
  if (standing.is === "settled") return Number.POSITIVE_INFINITY;
  if (standing.is === "uncertain") return now + uncertainMs;
  const next = pauses.map((seconds) => standing.since + seconds * 1000).find((at) => at > now);
  return Math.max(now + leastMs, next ?? 0);
}

/** Of several events about one thing only the newest counts; of pushes, those that no other one followed. */
function newestOfEach(marks: readonly Compared[]): readonly Compared[] {
  const newest = new Map<string, Compared>();
  const pushes = marks.flatMap(({ evidence }) => (evidence?.of === "ref" ? [evidence] : []));
  const chosen: Compared[] = [];
  for (const mark of marks) {
    const { evidence } = mark;
    if (evidence === undefined) chosen.push(mark);
    else if (evidence.of === "ref") {
      const followed = pushes.some(({ name, before }) => name === evidence.name && before === evidence.after);
      chosen.push(followed ? { at: mark.at, tags: mark.tags } : mark);
    } else {
      const name = nameOf(evidence);
      const known = newest.get(name);
      if (!known || timeOf(mark) >= timeOf(known)) newest.set(name, mark);
    }
  }
  return [...chosen, ...newest.values()];
}

const timeOf = ({ happenedAt, at }: Compared): number => happenedAt ?? at;

function nameOf(evidence: Exclude<EventEvidence, { of: "ref" }>): string {
  switch (evidence.of) {
    case "pull":
    case "issue":
      return `thread ${evidence.number}`;
    case "item":
      return `${evidence.kind} ${evidence.id}`;
    case "status":
      return `status ${evidence.sha} ${evidence.context}`;
    default:
      return `${evidence.of} ${evidence.id}`;
  }
}
