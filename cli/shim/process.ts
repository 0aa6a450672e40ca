import type { ShellCaller } from "./gh-call.ts";

/** The process, as far as the shim touches it. */
export interface ShimProcess {
  /** Without `gh` itself. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly uid: number;
  readonly platform: string;
  readonly pid: number;
  /** Program and first arguments that run this Octopool; computed only when it must run again, or must be excluded. */
  readonly self: () => readonly [string, ...string[]];
  /** The sh script, when it asks. */
  readonly caller?: ShellCaller | undefined;
  /** The reason why this Node cannot run Octopool; then the real gh runs, with a notice. */
  readonly nodeTooOld?: string | undefined;
}
