/** Finding the real gh without ever finding ourselves: same file, link to us, or a script that calls us. */
import { accessSync, closeSync, constants, openSync, readSync, realpathSync, statSync } from "node:fs";
import { basename, delimiter, isAbsolute, join } from "node:path";
import { OctopoolError } from "./errors.ts";

export interface GhSearch {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Files that are Octopool itself: the entry script, and the program that runs it when it is a single file. */
  readonly ourselves: readonly string[];
}

/** A script says `octopool` somewhere near its start when it is a wrapper of ours, or one that calls us. */
const scriptBytes = 8192;

/** Where installers put gh, for an environment without a PATH worth the name. */
export const usualPlaces: readonly string[] = [
  "/usr/local/bin/gh",
  "/usr/bin/gh",
  "/opt/homebrew/bin/gh",
  "/home/linuxbrew/.linuxbrew/bin/gh",
  "/snap/bin/gh",
  "/run/current-system/sw/bin/gh",
];

/**
 * `OCTOPOOL_GH_PATH`, else PATH without ourselves, else {@link usualPlaces}.
 * @throws OctopoolError `environment_invalid` for an OCTOPOOL_GH_PATH that cannot be it; `real_gh_not_found`.
 */
export function findRealGh(search: GhSearch): string {
  const named = search.env.OCTOPOOL_GH_PATH;
  if (named) return validated(named, search.ourselves);
  const ours = identitiesOf(search.ourselves);
  const found = [...candidatesOnPath(search.env.PATH ?? ""), ...usualPlaces].find((path) => isRealGh(path, ours));
  if (found) return found;
  throw new OctopoolError("real_gh_not_found", "This command needs the real gh, and none was found on PATH.", {
    hint: "Install it from https://cli.github.com, or set OCTOPOOL_GH_PATH to it.",
  });
}

function candidatesOnPath(path: string): readonly string[] {
  return path
    .split(delimiter)
    .filter((directory) => isAbsolute(directory))
    .map((directory) => join(directory, "gh"));
}

function validated(path: string, ourselves: readonly string[]): string {
  const problem = problemOf(path, identitiesOf(ourselves));
  if (problem === undefined) return path;
  throw new OctopoolError("environment_invalid", `OCTOPOOL_GH_PATH is ${path}, which ${problem}.`, {
    hint: "Set it to the path of the real gh, or unset it.",
  });
}

function isRealGh(path: string, ours: ReadonlySet<string>): boolean {
  return problemOf(path, ours) === undefined;
}

function problemOf(path: string, ours: ReadonlySet<string>): string | undefined {
  if (!isAbsolute(path)) return "is not an absolute path";
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return "does not exist";
  if (!stat.isFile()) return "is not a file";
  if (!isExecutable(path)) return "cannot be executed";
  if (ours.has(`${stat.dev}:${stat.ino}`) || isOctopool(path)) return "is Octopool itself";
  return undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Device and inode, so that hard links and links are the same file; a copy is known by what it says. */
function identitiesOf(paths: readonly string[]): ReadonlySet<string> {
  const stats = paths.map((path) => statSync(path, { throwIfNoEntry: false }));
  return new Set(stats.flatMap((stat) => (stat === undefined ? [] : [`${stat.dev}:${stat.ino}`])));
}

function isOctopool(path: string): boolean {
  if (/^octopool/.test(basename(realpathSync(path)))) return true;
  const start = firstBytes(path);
  return start.startsWith("#!") && /octopool/i.test(start);
}

/** Whether the kernel would run it: a script with its interpreter, ELF, or Mach-O (thin, or for several processors). */
export function hasProgramHeader(path: string): boolean {
  const magic = firstBytes(path, 4);
  return /^(#!|\x7fELF|[\xcf\xce]\xfa\xed\xfe|\xca\xfe\xba\xbe)/.test(magic);
}

/** Whether it is a script, which may call `gh` again. */
export function isScript(path: string): boolean {
  return firstBytes(path, 2) === "#!";
}

function firstBytes(path: string, length = scriptBytes): string {
  let file: number | undefined;
  try {
    file = openSync(path, "r");
    const buffer = Buffer.alloc(length);
    return buffer.toString("latin1", 0, readSync(file, buffer, 0, length, 0));
  } catch {
    // Executable but not readable: not a script of ours, which must be read to run.
    return "";
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
