/** The daemon's status: the answer of `GET /status`, as its readers use it. */
import * as z from "zod";
import { feedHealthSchema } from "./events/protocol.ts";

const count = z.number().int().nonnegative();

const ownReads = z.object({
  unchanged: count,
  paid: count,
  coalesced: count,
  kept: count,
  /** GraphQL queries, and the points that they took. Absent from an older daemon. */
  queries: count.optional(),
  points: count.optional(),
});

export const daemonStatusSchema = z.object({
  version: z.string(),
  pid: count,
  state: z.enum(["running", "leaving"]),
  counters: z.object({
    uptimeSeconds: count,
    /** Reads answered from this machine's memory. */
    local: count,
    /** Reads that joined an identical one of this machine in progress. */
    coalesced: count,
    stale: count,
    /** Reads asked of the relay. */
    relayed: count,
    refused: count,
    outages: count,
    commandsAnswered: count,
    commandsHandedOver: count,
    githubCalls: count,
    githubCallsSaved: count,
  }),
  relay: z.object({
    /** Null before the first answer. */
    latencyMs: z.object({ p50: z.number(), p95: z.number() }).nullable(),
    /** State of the circuit breaker by relay. */
    breakers: z.record(z.string(), z.string()),
  }),
  /** The event connection of each login. Absent from an older daemon. */
  events: z
    .array(
      z.object({
        connected: z.boolean(),
        /** `listening`, `connecting`, or `refused` by a proxy. Absent from an older daemon. */
        way: z.string().optional(),
        repositories: count,
        /** `ok`, `late` or `blind`, by family of events. */
        lanes: z.record(z.string(), z.string()),
        /** How late the last event of each family was. Absent from an older daemon, as are those below. */
        delaysMs: z.record(z.string(), z.number()).optional(),
        /** The relay's report of its webhook, by its clock (ms since the epoch); null before it has. */
        feed: feedHealthSchema
          // A newer daemon may know other families.
          .extend({ blind: z.array(z.string()) })
          .nullable()
          .optional(),
      }),
    )
    .optional(),
  /** Of answered commands, inside the daemon; null before the first. Absent from an older daemon. */
  commands: z.object({ latencyMs: z.object({ p50: z.number(), p99: z.number() }).nullable() }).optional(),
  /** Reads with callers' own tokens: unchanged ones cost nothing. Absent from an older daemon, as are those below. */
  own: ownReads
    // Of each other host. Absent from an older daemon.
    .extend({ hosts: z.record(z.string(), ownReads).optional() })
    .optional(),
  /** Counters of gh's own requests through the daemon. */
  via: z
    .object({
      /** Commands whose requests were sent there. */
      commands: count,
      requests: count,
      unchanged: count,
      paid: count,
      queries: count,
      /** GraphQL points that those queries took. */
      points: count,
      kept: count,
      coalesced: count,
    })
    .optional(),
  cache: z.object({ entries: count, bytes: count }),
  memory: z.object({ residentBytes: count }),
  callsRunning: count,
});
export type DaemonStatus = z.infer<typeof daemonStatusSchema>;
