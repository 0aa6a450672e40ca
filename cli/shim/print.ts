/** Output that is written whole or ends the process as gh would end: nothing is lost in silence. */
import { writeSync } from "node:fs";

const descriptor = { stdout: 1, stderr: 2 } as const;

/** The reader of our output has gone. */
export class BrokenPipe extends Error {
  override readonly name = "BrokenPipe";
}

/**
 * Writes all of `chunk`.
 * @throws BrokenPipe, or the system's error (a full disk).
 */
export function printAll(stream: "stdout" | "stderr", chunk: Uint8Array): void {
  let offset = 0;
  while (offset < chunk.length) {
    try {
      offset += writeSync(descriptor[stream], chunk, offset);
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code === "EAGAIN") pause();
      else if (code === "EPIPE") throw new BrokenPipe();
      else throw error;
    }
  }
}

/** A descriptor that somebody made non-blocking is full: look again in a millisecond, as a blocking write would. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
}

/** Ends as a program does whose output nobody reads: by SIGPIPE, which Node had ignored. */
export function dieOfBrokenPipe(): never {
  const restore = () => undefined;
  process.on("SIGPIPE", restore);
  process.off("SIGPIPE", restore);
  process.kill(process.pid, "SIGPIPE");
  process.exit(141);
}
