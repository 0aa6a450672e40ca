/** The start-up channel: a pipe on which the starter hears one line, then the end. */
import { closeSync, writeSync } from "node:fs";

/** Descriptor that the starter opened for it. */
const descriptor = 3;

type StartupWord = "ready" | "busy" | `error ${string}`;

/** Says it and closes the channel; the starter may have gone. */
export function tellStarter(word: StartupWord): void {
  try {
    writeSync(descriptor, `${word}\n`);
    closeSync(descriptor);
  } catch {}
}
