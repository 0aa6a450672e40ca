/** The status of this machine's daemon, read over its socket. */
import * as z from "zod";
import { daemonStatusSchema } from "../shared/daemon-status.ts";
import { parseJson } from "../shared/parse-json.ts";
import { statusPath } from "../shared/protocol.ts";
import type { Environment } from "../shared/settings/environment.ts";
import { ask, placeOf } from "./daemon-socket.ts";

/** Reads with the caller's own token, and gh's requests through the daemon; an older daemon does not send them. */
const ownSchema = daemonStatusSchema.pick({ own: true, via: true, counters: true }).required();
export type OwnStatus = z.infer<typeof ownSchema>;

/** The part of the daemon's status that its answers are counted in. */
const countersSchema = daemonStatusSchema.shape.counters.pick({
  uptimeSeconds: true,
  local: true,
  coalesced: true,
  relayed: true,
});
export type DaemonCounters = z.infer<typeof countersSchema>;

/** Time for an answer over the socket, in milliseconds. */
const timeoutMs = 2000;

/** `undefined` when no daemon runs, or this version cannot parse its answer. */
export async function readDaemonCounters(env: Environment): Promise<DaemonCounters | undefined> {
  return countersOf(await readDaemonStatus(env));
}

function countersOf(status: unknown): DaemonCounters | undefined {
  return z.object({ counters: countersSchema }).safeParse(status).data?.counters;
}

/**
 * The daemon's counters and its counters of own reads, from one request; each `undefined` where the daemon does not
 * report it.
 */
export async function readAllCounters(env: Environment) {
  const status = await readDaemonStatus(env);
  return { daemon: countersOf(status), own: ownSchema.safeParse(status).data };
}

/** The daemon's whole status, unparsed; `undefined` when none answers. */
export function readDaemonStatus(env: Environment): Promise<unknown> {
  return readDaemonJson(env, statusPath);
}

/** The daemon's answer at a path, unparsed; `undefined` when no daemon answers. */
export async function readDaemonJson(env: Environment, path: string): Promise<unknown> {
  const answer = await ask(placeOf(env), "GET", path, { patienceMs: timeoutMs }).catch(() => undefined);
  return answer?.status === 200 ? parseJson(answer.body) : undefined;
}
