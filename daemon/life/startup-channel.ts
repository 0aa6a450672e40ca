/** The start-up channel: a pipe from which the starter reads one line, then the end. */
import { closeSync, writeSync } from "node:fs";

/** Descriptor that the starter opened for it. */
const descriptor = 3;

type StartupWord = "ready" | "busy" | `error ${string}`;

/** Writes the line and closes the channel; the starter may have ended. */
export function tellStarter(word: StartupWord): void {
  try {
    writeSync(descriptor, `${word}\n`);
    closeSync(descriptor);
  } catch {}
}
