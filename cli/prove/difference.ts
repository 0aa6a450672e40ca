/** Where two answers of one command first differ, as people read it. */
import { createHash } from "node:crypto";

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

/** Undefined where nothing differs. */
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

/** Enough to tell where a difference begins. */
const keptBytes = 64 * 1024;

/** What the daemon takes of gh's answer: digests, and the start of each stream. */
export function reportOf({ exitCode, stdout, stderr }: CommandAnswer) {
  const said = (bytes: Buffer) => ({
    sha256: createHash("sha256").update(bytes).digest("hex"),
    start: bytes.subarray(0, keptBytes).toString(),
  });
  return { exitCode, stdout: said(stdout), stderr: said(Buffer.from(stderr)) };
}
