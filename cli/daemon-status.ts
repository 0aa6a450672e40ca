/** What this machine's daemon says about itself, read over its socket. */
import { request } from "node:http";
import { dirname } from "node:path";
import { z } from "zod";
import { statusPath } from "../shared/protocol.ts";
import { runtimePaths } from "../shared/runtime-directory.ts";
import { directoryProblem } from "../shared/safe-directory.ts";
import type { Environment } from "../shared/settings/environment.ts";

const count = z.number().int().nonnegative();

/** The part of the daemon's status that its answers are counted in. */
const countersSchema = z.object({
  uptimeSeconds: z.number(),
  /** Answered from this machine's memory. */
  local: count,
  /** Answered while somebody else on this machine was already asking. */
  coalesced: count,
  /** Asked of the relay. */
  relayed: count,
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
export function readDaemonStatus(env: Environment): Promise<unknown> {
  const uid = process.getuid?.() ?? 0;
  const paths = runtimePaths({ env, platform: process.platform, uid });
  // Whoever listens where others can write is not believed.
  if (directoryProblem(dirname(paths.socket), uid) !== undefined) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const call = request({ socketPath: paths.socket, path: statusPath, timeout: timeoutMs }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => resolve(response.statusCode === 200 ? parse(Buffer.concat(chunks)) : undefined));
    });
    call.on("timeout", () => call.destroy());
    call.on("error", () => resolve(undefined));
    call.end();
  });
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
