/** Directories of daemons that were killed: their sockets have no listener. */
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isAlive } from "../../shared/alive.ts";

export function removeOldWays(directory: string): void {
  for (const name of readdirSync(directory)) {
    const pid = Number(/^(?:via|filter)-(\d+)$/.exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(pid) || (pid !== process.pid && isAlive(pid))) continue;
    rmSync(join(directory, name), { recursive: true, force: true });
  }
}
