import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { changeSchema } from "../../test/github-emulator/index.ts";

const checkoutSchema = z.object({
  /** Remote name to `owner/name` or a URL. */
  remotes: z.record(z.string(), z.string()).optional(),
  /** The branch checked out. */
  branch: z.string().optional(),
  /** Where remotes that are named `owner/name` are; github.com when absent. */
  host: z.string().optional(),
  /** The remote branch it follows, as `remote/branch` or `remote/refs/…`; `null`: none. */
  tracks: z.string().nullable().optional(),
  /** Remote names whose `gh-resolved` is set, as `gh repo set-default` does: `base`. */
  resolved: z.record(z.string(), z.string()).optional(),
  /** HEAD is no branch. */
  detached: z.boolean().optional(),
});
export type CheckoutSettings = z.infer<typeof checkoutSchema>;

export const hostSchema = z.enum(["github.com", "acme.ghe.com", "git.example.org"]);

export const caseSchema = z.object({
  /** Without `gh` itself. */
  args: z.array(z.string()),
  /** Added to a clean environment. */
  env: z.record(z.string(), z.string()).optional(),
  /** `repo`: in a checkout; else in an empty directory. */
  cwd: z.literal("repo").nullish(),
  stdin: z.string().optional(),
  /** Files of the directory in which it runs, which is then its own: name to text. */
  files: z.record(z.string(), z.string()).optional(),
  checkout: checkoutSchema.optional(),
  /** Changes on GitHub between the looks of a watch: one list behind each of its screens. */
  changes: z.array(z.array(changeSchema)).optional(),
  /** The hosts that gh's hosts.yml names, each with its token; no token is in the environment then. */
  hosts: z.array(hostSchema).optional(),
  /** Its purpose. */
  about: z.string().optional(),
  /** The first gh that knows it: an older one has nothing to compare with. */
  since: z.string().optional(),
  /** Why the real gh is the right one to answer: a row that the compatibility table marks native. */
  native: z.string().optional(),
});

/** One command, run through the real gh and through Octopool. */
export type Case = z.infer<typeof caseSchema>;

/**
 * Cases of a `.jsonl` file, or of all such files of a directory, in the order of their names.
 * @throws Error that names the file and line of a malformed case.
 */
export async function readCases(path: string): Promise<Case[]> {
  const files = (await stat(path)).isDirectory()
    ? (await readdir(path))
        .filter((name) => name.endsWith(".jsonl"))
        .sort()
        .map((name) => join(path, name))
    : [path];
  const all = await Promise.all(files.map(readCaseFile));
  return all.flat();
}

async function readCaseFile(file: string): Promise<Case[]> {
  const lines = (await readFile(file, "utf8")).split("\n");
  return lines.flatMap((line, index) => (line.trim() === "" ? [] : [parseCase(line, `${file}:${index + 1}`)]));
}

function parseCase(line: string, place: string): Case {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new Error(`${place}: not JSON`);
  }
  const parsed = caseSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(`${place}: ${z.prettifyError(parsed.error)}`);
}

/** A case as a person would type it. */
export function commandLine({ args, env, cwd, hosts }: Case): string {
  const known = hosts ? `   (gh knows ${hosts.join(", ")})` : "";
  const variables = Object.entries(env ?? {}).map(([name, value]) => `${name}=${quote(value)} `);
  return `${variables.join("")}gh ${args.map(quote).join(" ")}${cwd === "repo" ? "   (in a checkout)" : ""}${known}`;
}

function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Whether a gh of this version knows a case's command. */
export function isKnownTo({ since }: Case, version: string): boolean {
  if (since === undefined) return true;
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = since.split(".").map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}
