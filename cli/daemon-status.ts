/** What this machine's daemon says about itself, read over its socket. */
import { dirname } from "node:path";
import { z } from "zod";
import { daemonStatusSchema } from "../shared/daemon-status.ts";
import { parseJson } from "../shared/parse-json.ts";
import { statusPath } from "../shared/protocol.ts";
import { runtimePaths } from "../shared/runtime-directory.ts";
import { directoryProblem } from "../shared/safe-directory.ts";
import type { Environment } from "../shared/settings/environment.ts";
import { ask } from "./shim/control.ts";

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

/** `undefined` when no daemon runs, or it says nothing this version understands. */
export async function readDaemonCounters(env: Environment): Promise<DaemonCounters | undefined> {
  const status = await readDaemonStatus(env);
  const parsed = z.object({ counters: countersSchema }).safeParse(status);
  return parsed.success ? parsed.data.counters : undefined;
}

/** The daemon's whole status, unparsed; `undefined` when none answers. */
export async function readDaemonStatus(env: Environment): Promise<unknown> {
  const uid = process.getuid?.() ?? 0;
  const paths = runtimePaths({ env, platform: process.platform, uid });
  // A socket in a directory that others can write may belong to another user.
  if (directoryProblem(dirname(paths.socket), uid) !== undefined) return undefined;
  const answer = await ask(paths.socket, "GET", statusPath, { patienceMs: timeoutMs }).catch(() => undefined);
  return answer?.status === 200 ? parseJson(answer.body) : undefined;
}
