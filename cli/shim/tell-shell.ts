/** Messages to the sh script that runs this client as a child. Without one, the script runs the real gh by itself. */
import { writeSync } from "node:fs";
import type { ShimProcess } from "./process.ts";

/** Descriptor on which the sh script listens. */
const channel = 3;

/** Sends the sh script, if one called, the action of this process or the one that the script must take. */
export function tellShell(
  { caller }: Pick<ShimProcess, "caller">,
  word: "printed" | "native" | `after ${string}` | `via ${string}`,
): void {
  if (caller?.kind !== "ask") return;
  try {
    writeSync(channel, `${word}\n`);
  } catch {
    // The script has ended.
  }
}
