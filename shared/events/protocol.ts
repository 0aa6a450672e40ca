/**
 * The messages between a machine and the relay over `GET /v1/events`, a WebSocket: JSON texts, and `ping`, which the
 * runtime answers with `pong` without waking anything. The machine names the repositories that it holds answers of; the
 * relay sends the changes of those that are public. Times are the relay's, ms since the epoch.
 */
import * as z from "zod";
import { families } from "./families.ts";

export const pingText = "ping";
export const pongText = "pong";

/** Repositories of one machine. */
export const mostWatched = 200;
/** Largest message of a machine, in characters. */
export const longestMessage = 32_768;
/** How long the relay remembers the events it sent: a machine that was away for longer starts again without them. */
export const rememberedMs = 15 * 60_000;

const repositoryName = z.string().regex(/^[\w.-]{1,100}\/[\w.-]{1,100}$/);

export const watchSchema = z.object({
  t: z.literal("watch"),
  /** The time of the machine's last event: absent before the first. */
  epoch: z.string().max(64).optional(),
  since: z.int().nonnegative().optional(),
  repos: z.array(repositoryName).max(mostWatched),
});
/** The whole list, on opening and whenever it changes. */
export type WatchMessage = z.infer<typeof watchSchema>;

const marks = z.array(z.tuple([z.string(), z.array(z.string()), z.number()]));
/** {@link FeedHealth} on the wire. */
export const feedHealthSchema = z.object({
  verifiedAt: z.number(),
  blind: z.array(z.enum(families)),
  lastDeliveryAt: z.number(),
  failed: z.int().nonnegative(),
  missing: z.int().nonnegative(),
  machines: z.int().nonnegative(),
});
const lane = z.object({ sampledAt: z.number(), delayMs: z.number(), lateUntil: z.number() });
const told = {
  /** Counts the events that the relay has sent; its store's name is `epoch`. */
  seq: z.int(),
  now: z.number(),
  lanes: z.partialRecord(z.enum(families), lane),
  /** Absent from a relay that does not look for failed deliveries: each of its families counts as blind. */
  health: feedHealthSchema.optional(),
  /** Repository, tags, and when the relay got the event. */
  marks,
};
export const relayMessageSchema = z.discriminatedUnion("t", [
  z.object({
    t: z.literal("state"),
    epoch: z.string(),
    ...told,
    /** Those of the list of which events arrive. */
    covered: z.array(z.string()),
    /** An event may have been missed: every held answer may be out of date. */
    reset: z.boolean().optional(),
  }),
  z.object({ t: z.literal("marks"), ...told }),
  z.object({
    t: z.literal("health"),
    ...told,
    /** Of these no events arrive any more. */
    uncovered: z.array(z.string()).optional(),
  }),
]);
export type RelayMessage = z.infer<typeof relayMessageSchema>;
