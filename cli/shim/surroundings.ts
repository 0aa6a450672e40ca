/** The facts about this process that the daemon needs; loaded for reads only. */
import { fstatSync } from "node:fs";
import { mountsFile, mountsOf, networkFile } from "../../shared/protocol.ts";
import { linkIfAny, readIfRegular } from "../../shared/regular-file.ts";
import type { CallSurroundings } from "./call.ts";

export async function surroundingsOf(args: readonly string[], env: CallSurroundings["env"]): Promise<CallSurroundings> {
  const devices = ([0, 1, 2] as const).map(isCharacterDevice);
  // Only a device may be a terminal; for pipes and files node:tty is not worth its loading.
  const { isatty } = devices.includes(true) ? await import("node:tty") : { isatty: () => false };
  const [stdin = false, stdout = false, stderr = false] = devices.map(
    (device, descriptor) => device && isatty(descriptor),
  );
  const columns = stdout ? process.stdout.columns : undefined;
  return {
    args,
    cwd: workingDirectory(),
    env,
    tty: { stdin, stdout, stderr },
    columns,
    mounts: mountsOf(readIfRegular(mountsFile)),
    network: linkIfAny(networkFile),
  };
}

/**
 * Where this process is. A directory that was removed, or may not be looked at, is told as a place in which there is
 * nothing: what needs no directory can still be answered, and everything else fails as it would there.
 */
export function workingDirectory(): string {
  try {
    return process.cwd();
  } catch {
    return nowhere;
  }
}

/** No directory, and none can be in it. */
const nowhere = "/dev/null";

/** A closed descriptor is none. */
function isCharacterDevice(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isCharacterDevice();
  } catch {
    return false;
  }
}
