/** Messages to the sh script that runs this client as a child. Without one, the script runs the real gh by itself. */
import { writeSync } from "node:fs";
import type { ShimProcess } from "./process.ts";

/** Descriptor on which the sh script listens. */
const channel = 3;

/** Tells the sh script that asked, if one did, what this process did or what the script must do. */
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
