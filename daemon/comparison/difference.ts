/** The difference between gh's answer and ours, in one line; digests decide, the texts only show the place. */
import { createHash } from "node:crypto";

/** The output of gh: digests of all of it, and enough of it to find where a difference begins. */
export interface Printed {
  readonly stdout: { readonly sha256: string; readonly start: string };
  readonly stderr: { readonly sha256: string; readonly start: string };
  readonly exitCode: number;
}

interface Answer {
  readonly stdout: string | Uint8Array;
  readonly stderr: string;
  readonly exitCode: number;
}

/** Undefined for equal answers. */
export function firstDifference(real: Printed, ours: Answer): string | undefined {
  if (real.exitCode !== ours.exitCode)
    return `gh ended with exit code ${real.exitCode}, Octopool with ${ours.exitCode}`;
  return streamDifference("output", real.stdout, ours.stdout) ?? streamDifference("messages", real.stderr, ours.stderr);
}

function streamDifference(what: string, real: Printed["stdout"], ours: string | Uint8Array): string | undefined {
  const bytes = Buffer.from(ours);
  if (sha256(bytes) === real.sha256) return undefined;
  const [theirs, own] = [real.start.split("\n"), bytes.toString().split("\n")];
  const at = theirs.findIndex((line, index) => line !== own[index]);
  const line = at < 0 ? theirs.length : at;
  return `${what}, line ${line + 1}: gh ${shown(theirs[line])}, Octopool ${shown(own[line])}`;
}

/** Names of fields rather than their values: a line is cut short. */
function shown(line: string | undefined): string {
  if (line === undefined) return "has ended";
  return `prints ${JSON.stringify(line.length > 60 ? `${line.slice(0, 60)}…` : line)}`;
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
