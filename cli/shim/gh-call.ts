/** Finds gh's words in our own command line, and the process that they are run for. */

/** The installed sh script, which runs this client as a child and stays the process that becomes the real gh. */
export type ShellCaller =
  /**
   * It waits for a message on its channel (tell-shell.ts): whether the command is answered, or the real gh must run.
   */
  | { readonly kind: "ask"; readonly pid: number; readonly gh: string }
  /** It has become this process: the real gh runs as a child, and the notice is printed once it has ended. */
  | { readonly kind: "after"; readonly gh: string; readonly notice: string };

interface GhCall {
  /** Without `gh` itself. */
  readonly args: readonly string[];
  readonly caller?: ShellCaller;
}

/**
 * `gh-for PID GH …` and `gh-after GH NOTICE …` are the sh script's.
 * @param script - the path under which this process was called
 * @returns `undefined` for commands of our own
 */
export function ghCallOf(script: string, args: readonly string[]): GhCall | undefined {
  if (script.replace(/^.*\//, "") === "gh") return { args };
  const [word, first = "", second = "", ...rest] = args;
  if (word === "gh") return { args: args.slice(1) };
  if (word === "gh-for") return { args: rest, caller: { kind: "ask", pid: Number(first), gh: second } };
  if (word === "gh-after") return { args: rest, caller: { kind: "after", gh: first, notice: second } };
  return undefined;
}
