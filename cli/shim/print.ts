/** Output that is written whole or ends the process as gh would end: no output is lost silently. */
import { writeSync } from "node:fs";
import { messageOf } from "../../shared/message-of.ts";
import { oneLine } from "../../shared/one-line.ts";

const descriptor = { stdout: 1, stderr: 2 } as const;
type Stream = keyof typeof descriptor;

/** The reader of our output has gone. */
class BrokenPipe extends Error {
  override readonly name = "BrokenPipe";
}

/**
 * Writes all of `chunk`.
 * @throws BrokenPipe, or the system's error (a full disk).
 */
function printAll(stream: Stream, chunk: Uint8Array): void {
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

/** A non-blocking descriptor is full: try again in a millisecond, as a blocking write would wait. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
}

/** Ends by SIGPIPE, as a program does when its output is closed; Node ignores that signal. */
function dieOfBrokenPipe(): never {
  const restore = () => undefined;
  process.on("SIGPIPE", restore);
  process.off("SIGPIPE", restore);
  process.kill(process.pid, "SIGPIPE");
  process.exit(141);
}

/**
 * The output of a command. It is held back until the command has ended, so that any earlier failure can still
 * become the real gh's; a watch prints as it goes.
 */
export class PrintedOutput {
  readonly #asItComes: boolean;
  readonly #beforeFirst: () => void;
  #held: [Stream, Uint8Array][] = [];
  #printed = false;

  /** @param beforeFirst - called once, before anything is printed */
  constructor(options: { readonly asItComes: boolean; readonly beforeFirst: () => void }) {
    this.#asItComes = options.asItComes;
    this.#beforeFirst = options.beforeFirst;
  }

  /** Whether some of it is printed, so that no other program may answer the command any more. */
  get printed(): boolean {
    return this.#printed;
  }

  add(stream: Stream, chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#held.push([stream, chunk]);
    if (this.#asItComes) this.#print();
  }

  /** The answer will come from elsewhere. */
  drop(): void {
    this.#held = [];
  }

  /** The answer is complete. */
  finish(): void {
    this.#print();
  }

  #print(): void {
    if (!this.#printed) this.#beforeFirst();
    this.#printed = true;
    const held = this.#held;
    this.#held = [];
    for (const [stream, chunk] of held) printOrEnd(stream, chunk);
  }
}

function printOrEnd(stream: Stream, chunk: Uint8Array): void {
  try {
    printAll(stream, chunk);
  } catch (error) {
    if (error instanceof BrokenPipe) dieOfBrokenPipe();
    printLine(`octopool: the output could not be written: ${messageOf(error)}`);
    process.exit(1);
  }
}

/** One line of ours on stderr. Foreign text must not move the cursor, retitle the window or forge a line. */
export function printLine(text: string): void {
  try {
    printAll("stderr", Buffer.from(`${oneLine(text)}\n`));
  } catch {
    // stderr is closed as well: the error cannot be printed.
  }
}
