/** The state of GitHub's events at this relay, for the pool's health and the dashboard. */
import { families, laneState } from "../../shared/events/families.ts";
import type { EventsHealth } from "../../shared/stats.ts";
import type { RelayContext } from "../context.ts";
import { takesEvents } from "../env.ts";
import { logTrouble } from "../log.ts";
import { eventsOf } from "../marks/client.ts";

const iso = (at: number): string | null => (at > 0 ? new Date(at).toISOString() : null);

/** Null on a relay that takes no events. */
export async function eventsHealth({ env }: RelayContext): Promise<EventsHealth | null> {
  const events = takesEvents(env) ? eventsOf(env) : undefined;
  if (!events) return null;
  try {
    const { now, lanes, health, trouble } = await events.snapshot();
    return {
      trouble,
      last_delivery_at: iso(health.lastDeliveryAt),
      verified_at: iso(health.verifiedAt),
      failed: health.failed,
      missing: health.missing,
      machines: health.machines,
      families: families.map((family) => {
        const lane = lanes[family];
        return {
          family,
          state: laneState({ family, lane, health }, now),
          subscribed: !health.blind.includes(family),
          last_at: iso(lane?.sampledAt ?? 0),
          delay_ms: lane && lane.sampledAt > 0 ? lane.delayMs : null,
        };
      }),
    };
  } catch (cause) {
    logTrouble("the object of events failed", cause);
    const unknown = { last_delivery_at: null, verified_at: null, failed: 0, missing: 0, machines: 0, families: [] };
    return { trouble: "events_unavailable", ...unknown };
  }
}
