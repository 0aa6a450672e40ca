/**
 * It takes seconds to detect that a daemon does not answer or cannot be started. A file in the runtime directory
 * records this for half a minute, so that later commands do not wait. Failures of some callers only have a file of
 * their own (failed-start.ts).
 */
import { lstatSync, rmSync, writeFileSync } from "node:fs";
import { avoidName } from "../../shared/protocol.ts";

/** Milliseconds. */
const rememberedMs = 30_000;

/** Whether the daemon of this runtime directory failed a moment ago. */
export function isAvoided(directory: string, now: number = Date.now(), name: string = avoidName): boolean {
  try {
    const stat = lstatSync(`${directory}/${name}`, { throwIfNoEntry: false });
    if (stat === undefined) return false;
    // A future time comes from a clock that was set back since.
    if (stat.isFile() && Math.abs(now - stat.mtimeMs) < rememberedMs) return true;
  } catch {
    return false;
  }
  forgive(directory, name);
  return false;
}

/** Records it, best effort; returns whether it did. */
export function avoid(directory: string, why: string, name: string = avoidName): boolean {
  try {
    forgive(directory, name);
    writeFileSync(`${directory}/${name}`, `${why}\n`, { mode: 0o600, flag: "wx" });
    return true;
  } catch {
    return false;
  }
}

/** A user started or stopped the daemon: it is tried again. */
export function forgive(directory: string, name: string = avoidName): void {
  try {
    rmSync(`${directory}/${name}`, { force: true, recursive: true });
  } catch {
    // A file that cannot be removed is read again next time.
  }
}
