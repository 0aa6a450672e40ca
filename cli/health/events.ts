/** The state of GitHub's events at a relay, in words. */
import { type EventsHealth, eventTroubles } from "../../shared/stats.ts";
import { duration, plural } from "../output/text.ts";

interface EventsInWords {
  readonly text: string;
  /** The problem and its remedy; undefined when there is none. */
  readonly hint?: string;
}

/** @param now ms since the epoch */
export function describeEvents(events: EventsHealth | null, now: number): EventsInWords {
  if (events === null) {
    return { text: "not set up: every answer lives as long as its kind allows" };
  }
  const { trouble, missing, failed, machines, families } = events;
  if (trouble !== null) return { text: eventTroubles[trouble].what, hint: eventTroubles[trouble].todo };
  const ago = (at: string | null) => (at === null ? "none so far" : `${duration((now - Date.parse(at)) / 1000)} ago`);
  const listeners = `${plural(machines, "machine", "machines")} ${machines === 1 ? "listens" : "listen"}`;
  const text = `last delivery ${ago(events.last_delivery_at)}; ${listeners}; ${failed} failed in a day, ${missing} never came`;
  const unsubscribed = families.filter(({ subscribed }) => !subscribed).map(({ family }) => family);
  if (unsubscribed.length > 0) {
    return {
      text: `${text}; the App does not get all events of ${unsubscribed.join(", ")}`,
      hint: "Its owner ticks them on the App's page under Permissions & events; docs/identities.md has the list.",
    };
  }
  const late = families.filter(({ state }) => state === "late").map(({ family }) => family);
  if (late.length > 0)
    return {
      text: `${text}; late: ${late.join(", ")}`,
      hint: "GitHub delivers late; watches poll meanwhile.",
    };
  if (events.verified_at === null) {
    return {
      text: `${text}; not compared with GitHub's list yet`,
      hint: "The comparison runs every five minutes; look again soon.",
    };
  }
  if (missing > 0)
    return { text, hint: "GitHub is asked for them again; `npx wrangler tail` shows why the relay refuses them." };
  return { text };
}
