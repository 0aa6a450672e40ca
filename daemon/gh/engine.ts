/**
 * The interface between the daemon and the gh engine: one command in, gh's bytes out, or "the real gh must do this".
 */
import type { Family } from "../../shared/events/families.ts";
import type { GitHubReader } from "../reader.ts";

/** One `gh …` as the user typed it, with all of its environment that may change the answer. */
export interface Invocation {
  /** Without `gh` itself. */
  readonly args: readonly string[];
  readonly cwd: string;
  /** Only the variables of the environment table. */
  readonly env: Readonly<Record<string, string>>;
  readonly tty: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean };
  /** Terminal width, when stdout is one. */
  readonly columns?: number;
  /** The text of standard input, where the client has read it: for a command that names it. */
  readonly stdin?: string;
}

/** Wakes a watch. */
interface ChangeWatch {
  /** Waits at least and otherwise at most so many milliseconds; returns whether an event came. */
  wait(bounds: { readonly atLeast: number; readonly otherwise: number }, signal: AbortSignal): Promise<boolean>;
  narrow(tags: readonly string[]): void;
  close(): void;
}

/** A filter over one JSON text. */
export interface Filter {
  readonly kind: "jq" | "template";
  readonly program: string;
  readonly json: string;
}

/** The output of gh for a filter. */
export interface Filtered {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** The engine's dependencies. */
export interface EngineDependencies {
  readonly reader: GitHubReader;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Runs git in `cwd`, bounded in time; rejects when git is missing, hangs or fails. */
  readonly git: (args: readonly string[], cwd: string) => Promise<string>;
  /**
   * Version of the real gh that would run otherwise, such as `2.60.1`. Output that later versions changed is only given
   * when the version is known; `undefined`: 2.46 or any later one.
   */
  readonly ghVersion: () => Promise<string | undefined>;
  /**
   * The hosts that gh's hosts.yml names; undefined where it is written in a way that is not understood. Absent: none.
   */
  readonly ghHosts?: () => readonly string[] | undefined;
  /** The host that ssh's settings map a name to; undefined where ssh cannot be asked. */
  readonly sshHost?: (name: string) => Promise<string | undefined>;
  /** The text of a regular file; undefined where it cannot be read. Absent: no file is read. */
  readonly readText?: (path: string) => string | undefined;
  /** Waits, for watches; rejects when the signal aborts. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Waits for events from the relay; absent where none arrive. */
  readonly watch?: (repository: string, tags: readonly string[], families: readonly Family[]) => ChangeWatch;
  /**
   * Runs a filter that is not computed here in the caller's own gh, without a request to GitHub; undefined where it
   * cannot be asked. Absent: the real gh runs the whole command then.
   */
  readonly filter?: (filter: Filter) => Promise<Filtered | undefined>;
  /** Aborted when the client has gone away. */
  readonly signal: AbortSignal;
  /** Output of long commands as it is produced; a command that uses it is past handing over. */
  readonly emit: (stream: "stdout" | "stderr", chunk: string | Uint8Array) => void;
}

export type Outcome =
  | {
      readonly kind: "done";
      readonly stdout: string | Uint8Array;
      readonly stderr: string;
      readonly exitCode: number;
    }
  | { readonly kind: "native"; readonly reason: string };

/** Answers a command, or reports that only the real gh can. No command line makes it reject. */
export type Engine = (invocation: Invocation, dependencies: EngineDependencies) => Promise<Outcome>;
