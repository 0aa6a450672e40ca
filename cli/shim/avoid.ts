/**
 * A daemon that does not answer, or cannot be started, costs seconds to find out. It is remembered for half a minute
 * by a file in the runtime directory, so that the commands that follow pay nothing. What concerns some callers only has
 * a name of its own (failed-start.ts).
 */
import { lstatSync, rmSync, writeFileSync } from "node:fs";
import { avoidName } from "../../shared/protocol.ts";

/** Milliseconds. */
const rememberedMs = 30_000;

/** Whether the daemon of this runtime directory was found to be of no use a moment ago. */
export function isAvoided(directory: string, now: number = Date.now(), name: string = avoidName): boolean {
  try {
    const stat = lstatSync(`${directory}/${name}`, { throwIfNoEntry: false });
    if (stat === undefined) return false;
    // A time to come is a clock's that was put back since.
    if (stat.isFile() && Math.abs(now - stat.mtimeMs) < rememberedMs) return true;
  } catch {
    return false;
  }
  forgive(directory, name);
  return false;
}

/** Remembers it; best effort. Tells whether it did. */
export function avoid(directory: string, why: string, name: string = avoidName): boolean {
  try {
    forgive(directory, name);
    writeFileSync(`${directory}/${name}`, `${why}\n`, { mode: 0o600, flag: "wx" });
    return true;
  } catch {
    return false;
  }
}

/** Somebody looks after the daemon: it gets its chance. */
export function forgive(directory: string, name: string = avoidName): void {
  try {
    rmSync(`${directory}/${name}`, { force: true, recursive: true });
  } catch {
    // A file that cannot be removed is read again next time.
  }
}
