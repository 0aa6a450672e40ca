/** The daemon's status, for people. */
import type { DaemonStatus } from "../../shared/daemon-status.ts";

/** One line a fact, names aligned. */
export function statusLines(status: DaemonStatus, socket: string, now: number): readonly string[] {
  const { counters, relay, cache } = status;
  const own = status.commands?.latencyMs;
  const breakers = Object.entries(relay.breakers).map(([server, state]) => `${server} ${breakerWords[state] ?? state}`);
  const latency = relay.latencyMs;
  const rows: readonly (readonly [string, string])[] = [
    ["daemon", `${status.version}, process ${status.pid}, ${status.state} for ${duration(counters.uptimeSeconds)}`],
    ["socket", socket],
    ["commands", `${counters.commandsAnswered} answered, ${counters.commandsHandedOver} left to the real gh`],
    ["reads", `${counters.local} from memory, ${counters.coalesced} shared, ${counters.relayed} by the relay`],
    ["GitHub", `${counters.githubCalls} calls spent, ${counters.githubCallsSaved} saved`],
    ...ownRows(status),
    ["trouble", `${counters.refused} refused, ${counters.outages} outages, ${counters.stale} stale answers`],
    ["relay", breakers.length > 0 ? breakers.join(", ") : "not asked yet"],
    ["events", eventsLine(status.events ?? [], now)],
    ["answers", own ? `median ${own.p50} ms, 99 % within ${own.p99} ms` : "not measured yet"],
    ["latency", latency ? `median ${latency.p50} ms, 95 % within ${latency.p95} ms` : "not measured yet"],
    ["memory", `${megabytes(status.memory.residentBytes)}, ${cache.entries} answers of ${megabytes(cache.bytes)}`],
    ["running", `${status.callsRunning} calls`],
  ];
  return rows.map(([name, value]) => `${name.padEnd(9)} ${value}`);
}

/** Requests to GitHub that used the user's own rate limit. */
function ownRows({ own, via }: DaemonStatus): readonly (readonly [string, string])[] {
  return [
    ...(own ? [["own token", `${own.unchanged} unchanged at no cost, ${own.paid} paid`] as const] : []),
    ...(via
      ? [
          [
            "gh here",
            `${via.commands} commands, ${via.requests} requests: ${via.unchanged} unchanged, ${via.kept + via.coalesced} shared`,
          ] as const,
        ]
      : []),
  ];
}

const breakerWords: Readonly<Record<string, string>> = {
  closed: "answers",
  open: "did not answer lately and is given a pause",
  half_open: "is being tried again",
};

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`;
}

/** Events only end the use of cached answers early; without them every answer stays correct within its lifetime. */
function eventsLine(events: NonNullable<DaemonStatus["events"]>, now: number): string {
  const connected = events.filter((each) => each.connected);
  if (connected.length === 0) return unheard(events);
  const repositories = connected.reduce((sum, each) => sum + each.repositories, 0);
  const lanes = connected.flatMap((each) => Object.entries(each.lanes).filter(([, state]) => state !== "ok"));
  const by = (wanted: string) => [...new Set(lanes.flatMap(([family, state]) => (state === wanted ? [family] : [])))];
  const [late, blind] = [by("late"), by("blind")];
  const feed = connected.find((each) => each.feed)?.feed;
  const slowest = Math.max(0, ...connected.flatMap((each) => Object.values(each.delaysMs ?? {})));
  return [
    `of ${repositories} ${repositories === 1 ? "repository" : "repositories"}`,
    ...(feed ? [lastDelivery(feed.lastDeliveryAt, now)] : []),
    ...(slowest > 0 ? [`${(slowest / 1000).toFixed(1)} s late at most`] : []),
    ...(feed ? [`${feed.failed} failed in a day, ${feed.missing} never came`, `${feed.machines} machines listen`] : []),
    ...(late.length > 0 ? [`late: ${late.join(" ")}`] : []),
    ...(blind.length > 0 ? [`no recent events: ${blind.join(" ")}`] : []),
  ].join(", ");
}

function unheard(events: NonNullable<DaemonStatus["events"]>): string {
  const ways = events.map(({ way }) => way);
  const why = ways.includes("connecting")
    ? "connecting"
    : ways.includes("refused")
      ? "none, because a proxy blocks WebSockets"
      : "none heard";
  return `${why}: every answer lives as long as its kind allows`;
}

function lastDelivery(at: number, now: number): string {
  return at === 0 ? "no delivery yet" : `the last ${duration(Math.max(0, Math.round((now - at) / 1000)))} ago`;
}
