/** The state of GitHub's events at the relay. */
import type { Dashboard } from "../../../../shared/dashboard.ts";
import { type EventsHealth, eventTroubles } from "../../../../shared/stats.ts";
import { figure, span } from "../format.ts";
import { numeric, Section, Table } from "./section.tsx";

export function Events({ data }: { readonly data: Dashboard }) {
  const { now } = data;
  const events = data.health.events ?? null;
  return (
    <Section id="events" title="Events from GitHub" fold note={events === null ? "not set up" : noteOf(events, now)}>
      <p class="quiet">{gateWords[data.health.gates ?? "ask"]}</p>
      {events?.trouble ? (
        <p class="trouble">
          {eventTroubles[events.trouble].what}. {eventTroubles[events.trouble].todo}
        </p>
      ) : null}
      <Table
        label="Families of events"
        columns={["Family", "State", "Last", numeric("Delay")]}
        rows={(events?.families ?? []).map(({ family, state, subscribed, last_at, delay_ms }) => [
          family,
          subscribed ? states[state] : "the App does not get all of its events",
          last_at === null ? "never" : `${span(last_at, now)} ago`,
          delay_ms === null ? "–" : `${(delay_ms / 1000).toFixed(1)} s`,
        ])}
        empty="No webhook is set up: every answer lives as long as its kind allows."
      />
    </Section>
  );
}

/** The reads that others decide by. */
const gateWords = {
  ask: "Reads that others decide by ask GitHub each time (gates: ask).",
  probe: "Events vouch for checks that others decide by (gates: probe).",
  push: "Events vouch for checks, and for a pull request’s state, head and merge (gates: push).",
} as const;

const states = { ok: "heard", late: "late", blind: "not heard lately" } as const;

function noteOf({ last_delivery_at, failed, missing, machines }: EventsHealth, now: string): string {
  const last = last_delivery_at === null ? "no delivery yet" : `last delivery ${span(last_delivery_at, now)} ago`;
  return `${last}; ${figure(failed)} failed in a day, ${figure(missing)} never came; machines that listen: ${figure(machines)}`;
}
