/** The facts about this process that the daemon needs; loaded for reads only. */
import { fstatSync } from "node:fs";
import { mountsSeen } from "../../shared/mounts.ts";
import { networkFile } from "../../shared/protocol.ts";
import { linkIfAny, statIfAny } from "../../shared/regular-file.ts";
import type { CallSurroundings } from "./call.ts";

export async function surroundingsOf(args: readonly string[], env: CallSurroundings["env"]): Promise<CallSurroundings> {
  const nothing = statIfAny("/dev/null")?.rdev;
  const devices = ([0, 1, 2] as const).map((descriptor) => mayBeTerminal(descriptor, nothing));
  // For pipes, files and /dev/null node:tty is not loaded.
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
    mounts: mountsSeen(),
    network: linkIfAny(networkFile),
  };
}

/**
 * The working directory of this process. A directory that was removed, or cannot be read, is sent as an empty place: a
 * command that needs no directory can still be answered, and any other fails as it would there.
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

/** Only a character device is a terminal, and the null device is none; a closed descriptor is neither. */
function mayBeTerminal(descriptor: number, nothing: number | undefined): boolean {
  try {
    const device = fstatSync(descriptor);
    return device.isCharacterDevice() && device.rdev !== nothing;
  } catch {
    return false;
  }
}
