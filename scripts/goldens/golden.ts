import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { type Case, caseSchema } from "../differential/cases.ts";
import type { EraCounts } from "../differential/eras.ts";
import type { ProcessOutput } from "../differential/run.ts";

/** Whole, or its SHA-256 where it is long. */
const bytes = z.union([z.string(), z.object({ sha256: z.string(), bytes: z.int() })]);

const goldenSchema = caseSchema.extend({
  stdout: bytes,
  exitCode: z.int(),
  stderr: bytes,
  /** Octopool answered it when it was recorded, and must go on doing so. */
  answered: z.boolean(),
  /** When, where that was later than the file's first line says. */
  recorded: z.iso.datetime().optional(),
});

/**
 * @param unsteady avoidable natives among the cases that have no golden, since their answers change with the seconds
 */
export function countsOf(goldens: readonly Golden[], unsteady: number): EraCounts {
  const native = goldens.filter(({ answered }) => !answered);
  return {
    cases: goldens.length,
    answered: goldens.length - native.length,
    avoidableNative: native.filter((each) => !each.native).length + unsteady,
    unsteadyNative: unsteady,
  };
}

/** The first line of a file: which gh, and when. Relative times are told from then. */
const headerSchema = z.object({ gh: z.string(), recorded: z.iso.datetime() });
type GoldenHeader = z.infer<typeof headerSchema>;

/** Everything recorded of one command. */
export interface GoldenFile {
  name: string;
  header: GoldenHeader;
  goldens: Golden[];
}

/** One answer of the real gh. */
export type Golden = z.infer<typeof goldenSchema>;

/** Longer answers are kept as their digest: the differential suite shows where they differ. */
const maxKept = 1500;

export function goldenOf(each: Case, answer: ProcessOutput, answered: boolean): Golden {
  return { ...each, ...keptOf(answer), answered };
}

/** The same for a case and its golden. */
export function keyOf({ args, env, cwd, checkout, stdin, files, changes, hosts }: Case): string {
  return JSON.stringify([args, env, cwd, checkout, stdin, files, changes, hosts]);
}

/** The compared parts of an answer. */
export function keptOf(answer: ProcessOutput): Pick<Golden, "stdout" | "exitCode" | "stderr"> {
  return { stdout: kept(answer.stdout), exitCode: answer.exitCode, stderr: kept(Buffer.from(answer.stderr)) };
}

/** The parts of an answer that a golden holds, for comparing. */
function kept(stdout: Buffer): Golden["stdout"] {
  const text = stdout.toString();
  if (stdout.length <= maxKept && Buffer.from(text).equals(stdout)) return text;
  return { sha256: createHash("sha256").update(stdout).digest("hex"), bytes: stdout.length };
}

export function formatGoldens(header: GoldenHeader, goldens: readonly Golden[]): string {
  return [header, ...goldens].map((line) => `${JSON.stringify(line)}\n`).join("");
}

/** All goldens of a directory, one file a command. */
export async function readGoldens(directory: string): Promise<GoldenFile[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith(".jsonl")).sort();
  return Promise.all(
    names.map(async (name) => {
      const [first = "", ...rest] = (await readFile(join(directory, name), "utf8")).trimEnd().split("\n");
      return {
        name: name.replace(/\.jsonl$/, ""),
        header: headerSchema.parse(JSON.parse(first)),
        goldens: rest.map((line) => goldenSchema.parse(JSON.parse(line))),
      };
    }),
  );
}
