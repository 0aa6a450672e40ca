/** The first difference between two answers to one command, for people. */

export interface CommandAnswer {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface Difference {
  readonly what: "exit code" | "output" | "messages";
  /** From 1; absent for an exit code. */
  readonly line?: number;
  readonly gh: string;
  readonly octopool: string;
}

/** Undefined for equal answers. */
export function firstDifference(gh: CommandAnswer, octopool: CommandAnswer): Difference | undefined {
  if (!gh.stdout.equals(octopool.stdout)) return lineOf("output", gh.stdout.toString(), octopool.stdout.toString());
  if (gh.stderr !== octopool.stderr) return lineOf("messages", gh.stderr, octopool.stderr);
  if (gh.exitCode === octopool.exitCode) return undefined;
  return { what: "exit code", gh: String(gh.exitCode), octopool: String(octopool.exitCode) };
}

/** Line ends and invisible characters are shown as JSON writes them. */
function lineOf(what: Difference["what"], gh: string, octopool: string): Difference {
  const [theirs, ours] = [gh, octopool].map((text) => text.split(/(?<=\n)/));
  const lines = Math.max(theirs?.length ?? 0, ours?.length ?? 0);
  const at = [...Array(lines).keys()].find((index) => theirs?.[index] !== ours?.[index]) ?? 0;
  const shown = (line: string | undefined) =>
    line === undefined || line === "" ? "(has ended)" : JSON.stringify(line);
  return { what, line: at + 1, gh: shown(theirs?.[at]), octopool: shown(ours?.[at]) };
}
