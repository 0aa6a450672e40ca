/** Whether the daemon sees this machine as its caller does. */
import type { ParsedCall } from "../parse-call.ts";
import type { World } from "../world.ts";

/**
 * What the two see differently, for a sentence. Paths of a caller that sees other mounts mean other files: its login, its
 * aliases and its checkout are not ours to read. A caller in another network (a sandbox without one, a VPN's) must reach
 * what its own gh would reach, and no more.
 */
export function differenceSeen({ mounts, network }: ParsedCall, world: World): string | undefined {
  if (mounts !== undefined && mounts !== world.mounts) return "other files";
  const isOther = network !== undefined && world.network !== undefined && network !== world.network;
  return isOther ? "another network" : undefined;
}
