/** `GET /status`: this daemon's state and counters. */
import type { DaemonStatus } from "../../shared/daemon-status.ts";
import { version } from "../../shared/version.ts";
import { GraphqlPoints } from "../graphql-points.ts";
import type { ServerOptions } from "../server-options.ts";
import { ViaCounters } from "../via/counters.ts";

export function statusOf({ world, presence, startedAt, isLeaving }: ServerOptions) {
  const { counters, store, relays, reads, personal, via, events, now } = world;
  const memory = process.memoryUsage();
  const viaCounters = via?.counters ?? new ViaCounters(new GraphqlPoints());
  const status = {
    version,
    pid: process.pid,
    state: isLeaving() ? ("leaving" as const) : ("running" as const),
    counters: {
      uptimeSeconds: Math.floor((now() - startedAt) / 1000),
      local: counters.local,
      coalesced: counters.coalesced,
      stale: counters.stale,
      relayed: counters.relayed,
      refused: counters.refused,
      outages: counters.outages,
      commandsAnswered: counters.answered,
      commandsHandedOver: counters.handedOver,
      githubCalls: counters.githubCalls,
      githubCallsSaved: counters.githubCallsSaved,
    },
    relay: { answers: counters.relay, latencyMs: counters.relayLatency.spread, breakers: relays.breakers },
    events: events.standing,
    commands: { latencyMs: counters.commandLatency.spread },
    own: personal.status,
    via: { commands: via?.given ?? 0, ...viaCounters },
    cache: { entries: store.entries, bytes: store.bytes, underWay: reads.underWay },
    memory: { residentBytes: memory.rss, heapBytes: memory.heapUsed, externalBytes: memory.external },
    callsRunning: Math.max(0, presence.running - 1),
  };
  return status satisfies DaemonStatus;
}
