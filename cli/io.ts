/** Everything a command takes from the process it runs in, so that a test can hand it another one. */
import { OctopoolError } from "../shared/errors.ts";
import type { Environment } from "../shared/settings/environment.ts";
import { withPreferences } from "../shared/settings/preferences.ts";
import { environmentFetch } from "./fetch.ts";
import type { Fetch } from "./fetch-direct.ts";
import { workingDirectory } from "./shim/surroundings.ts";
import { createStyle, type Style } from "./style.ts";

export interface Output {
  readonly isTerminal: boolean;
  /** Terminal width; 80 where there is none. */
  readonly columns: number;
  readonly style: Style;
  /** Applied to the output of `--json`. */
  readonly jq?: string | undefined;
  /**
   * Resolves when the system has taken every byte; a short write is an error. A reader that has gone, such as `head`,
   * is no error: the command still finishes its work.
   */
  write(chunk: string | Uint8Array): Promise<void>;
  /** For endless output: as `write`, but rejects with {@link OutputClosed} when the reader has gone. */
  stream(chunk: string | Uint8Array): Promise<void>;
}

export interface Io {
  /** With the settings of `octopool config` for variables that are not set. */
  readonly env: Environment;
  /** The environment as it is. */
  readonly processEnv: Environment;
  readonly cwd: string;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdinIsTerminal: boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly fetch: Fetch;
  /** Aborted when the person presses Ctrl-C. */
  readonly signal: AbortSignal;
  /** Files that are Octopool itself, so that a search for gh can pass over them. */
  readonly ourselves: readonly string[];
}

/** The reader of our output has closed it: following would have no reader. */
export class OutputClosed extends Error {
  override readonly name = "OutputClosed";
}

/** The parts of a process that a command uses. */
interface Surroundings extends Pick<Io, "cwd" | "stdin" | "signal" | "ourselves"> {
  readonly env: Environment;
  readonly stdout: Terminal;
  readonly stderr: Terminal;
}

type Terminal = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

/** The process itself. Ctrl-C cancels the current wait; a second one ends the process. */
export function processIo(): Io {
  const { env, stdin, stdout, stderr, argv, execPath } = process;
  const interrupt = new AbortController();
  process.once("SIGINT", () => interrupt.abort());
  const ourselves = [argv[1], execPath].filter((path) => path !== undefined);
  return ioOf({ env, stdin, stdout, stderr, cwd: workingDirectory(), signal: interrupt.signal, ourselves });
}

export function ioOf({ env: processEnv, stdin, stdout, stderr, ...surroundings }: Surroundings): Io {
  const env = withPreferences(processEnv);
  return {
    ...surroundings,
    env,
    processEnv,
    stdout: output(stdout, env),
    stderr: output(stderr, env),
    stdin,
    stdinIsTerminal: stdin.isTTY === true,
    now: Date.now,
    fetch: environmentFetch(env),
  };
}

function output(stream: Terminal, env: Environment): Output {
  // The callback of write reports a failure; without a listener the event would end the process before it is read.
  stream.on("error", () => {});
  const isTerminal = stream.isTTY === true;
  const streamChunk = (chunk: string | Uint8Array) =>
    new Promise<void>((resolve, reject) => {
      stream.write(chunk, (error) => {
        if (error === null || error === undefined) return resolve();
        if (hasGone(error)) return reject(new OutputClosed());
        reject(
          new OctopoolError("output_failed", `The output could not be written: ${error.message}.`, {
            hint: "Check that there is space where it goes.",
            cause: error,
          }),
        );
      });
    });
  return {
    isTerminal,
    columns: stream.columns ?? 80,
    style: createStyle(env, isTerminal),
    stream: streamChunk,
    write: (chunk) =>
      streamChunk(chunk).catch((error: unknown) => {
        if (!(error instanceof OutputClosed)) throw error;
      }),
  };
}

/** After the first EPIPE, Node refuses further writes by other names. */
function hasGone(error: Error): boolean {
  const code = "code" in error ? error.code : undefined;
  return code === "EPIPE" || code === "ERR_STREAM_DESTROYED" || code === "ERR_STREAM_WRITE_AFTER_END";
}
