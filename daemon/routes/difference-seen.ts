/** Whether the daemon sees this machine as its caller does. */
import { OctopoolError } from "../../shared/errors.ts";
import type { ParsedCall } from "../parse-call.ts";
import type { DaemonWorld } from "../world.ts";

/**
 * The difference between caller and daemon, for a sentence. Paths of a caller that sees other mounts mean other files:
 * the daemon cannot read its login, its aliases or its checkout. A caller in another network (a sandbox without one, a
 * VPN's) must reach only the hosts that its own gh would reach.
 */
export function differenceSeen({ mounts, network }: ParsedCall, world: DaemonWorld): string | undefined {
  if (mounts !== undefined && mounts !== world.mounts) return "other files";
  const isOther = network !== undefined && world.network !== undefined && network !== world.network;
  return isOther ? "another network" : undefined;
}

/** @throws OctopoolError `daemon_unavailable` where the daemon sees the machine otherwise than its caller */
export function requireSameSight(parsed: ParsedCall, world: DaemonWorld): void {
  const difference = differenceSeen(parsed, world);
  if (difference === undefined) return;
  throw new OctopoolError("daemon_unavailable", `The daemon sees ${difference} than this command (a container).`, {
    hint: "Set OCTOPOOL_RUNTIME_DIR to a directory that the two do not share.",
  });
}
