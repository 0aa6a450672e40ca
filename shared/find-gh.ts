/** Finds the real gh, and never Octopool itself: the same file, a link to it, or a script that calls it. */
import { closeSync, constants, openSync, readSync, realpathSync } from "node:fs";
import { basename, delimiter, isAbsolute, join } from "node:path";
import { OctopoolError } from "./errors.ts";
import { isExecutable, statIfAny } from "./regular-file.ts";

interface GhSearch {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Files that are Octopool itself: the entry script, and the program that runs it when it is a single file. */
  readonly ourselves: readonly string[];
  /** Paths that are skipped: wrappers that were seen to call Octopool. */
  readonly except?: (path: string) => boolean;
}

/** The start of a script contains `octopool` when it is our wrapper, or calls Octopool. */
const scriptBytes = 8192;

/** Where installers put gh, for an environment without a usable PATH. */
export const usualPlaces: readonly string[] = [
  "/usr/local/bin/gh",
  "/usr/bin/gh",
  "/opt/homebrew/bin/gh",
  "/home/linuxbrew/.linuxbrew/bin/gh",
  "/snap/bin/gh",
  "/run/current-system/sw/bin/gh",
];

/**
 * `OCTOPOOL_GH_PATH`, else PATH, first after our own directory and then before it, else the gh that the installed shim
 * was made with, else {@link usualPlaces}. The sh shim searches in the same order.
 * @throws OctopoolError `environment_invalid` for an OCTOPOOL_GH_PATH that cannot be it; `real_gh_not_found`.
 */
export function findRealGh(search: GhSearch): string {
  const { env, ourselves, except = () => false } = search;
  const named = env.OCTOPOOL_GH_PATH;
  if (named) return validated(named, ourselves);
  const ours = identitiesOf(ourselves);
  const all = candidates(env, ours);
  const isGh = (path: string) => problemOf(path, ours) === undefined;
  const found = all.find((path) => isGh(path) && !except(path));
  if (found !== undefined) return found;
  const wrapper = all.find(isGh);
  if (wrapper !== undefined) {
    throw new OctopoolError(
      "real_gh_not_found",
      `${wrapper} is a script that leads back to Octopool, not the real gh.`,
      {
        hint: "Set OCTOPOOL_GH_PATH to the real gh.",
      },
    );
  }
  throw new OctopoolError("real_gh_not_found", "This command needs the real gh, and none was found on PATH.", {
    hint: "Install it from https://cli.github.com, or set OCTOPOOL_GH_PATH to it.",
  });
}

/** In the order in which they are tried; each is looked at only when those before it are none. */
function candidates(env: GhSearch["env"], ours: ReadonlySet<string>): readonly string[] {
  const onPath = (env.PATH ?? "")
    .split(delimiter)
    .filter((directory) => isAbsolute(directory))
    .map((directory) => join(directory, "gh"));
  const self = onPath.findIndex((path) => problemOf(path, ours) === itself);
  const ordered = self === -1 ? onPath : [...onPath.slice(self + 1), ...onPath.slice(0, self)];
  return [
    ...ordered,
    ...ghOfInstallation([...(self === -1 ? [] : [onPath[self] ?? ""]), installedShim(env)]),
    ...usualPlaces,
  ];
}

/** Where `octopool install-shim` puts the shim without `--dir`; empty without a home. */
export function installedShim(env: GhSearch["env"]): string {
  const data = env.XDG_DATA_HOME || (env.HOME ? join(env.HOME, ".local/share") : "");
  return data === "" ? "" : join(data, "octopool/bin/gh");
}

/** The gh that was found when the first of these shims was made: cron's PATH is often too short to find it again. */
function ghOfInstallation(shims: readonly string[]): readonly string[] {
  for (const shim of shims) {
    const line = /^op_gh='((?:[^'\n]|'\\'')+)'$/m.exec(firstBytes(shim))?.[1];
    if (line !== undefined) return [Buffer.from(line.replaceAll("'\\''", "'"), "latin1").toString()];
  }
  return [];
}

function validated(path: string, ourselves: readonly string[]): string {
  const problem = problemOf(path, identitiesOf(ourselves));
  if (problem === undefined) return path;
  throw new OctopoolError("environment_invalid", `OCTOPOOL_GH_PATH is ${path}, which ${problem}.`, {
    hint: "Set it to the path of the real gh, or unset it.",
  });
}

const itself = "is Octopool itself";

function problemOf(path: string, ours: ReadonlySet<string>): string | undefined {
  if (!isAbsolute(path)) return "is not an absolute path";
  const stat = statIfAny(path);
  // A place that cannot be read holds no gh that could be run.
  if (stat === undefined) return "does not exist, or cannot be looked at";
  if (!stat.isFile()) return "is not a file";
  if (!isExecutable(path)) return "cannot be executed";
  if (ours.has(`${stat.dev}:${stat.ino}`) || isOctopool(path)) return itself;
  return undefined;
}

/** Device and inode, so that hard links and links are the same file; a copy is recognised by its content. */
function identitiesOf(paths: readonly string[]): ReadonlySet<string> {
  const stats = paths.map(statIfAny);
  return new Set(stats.flatMap((stat) => (stat === undefined ? [] : [`${stat.dev}:${stat.ino}`])));
}

function isOctopool(path: string): boolean {
  if (/^octopool/.test(basename(resolved(path)))) return true;
  const start = firstBytes(path);
  return start.startsWith("#!") && /octopool/i.test(start);
}

function resolved(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
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

/** The first bytes of a file, one character each; nothing where it cannot be read. */
export function firstBytes(path: string, length = scriptBytes): string {
  let file: number | undefined;
  try {
    // A pipe in its place must not block the process.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const buffer = Buffer.alloc(length);
    return buffer.toString("latin1", 0, readSync(file, buffer, 0, length, 0));
  } catch {
    // Executable but not readable: not a script of ours, which must be read to run.
    return "";
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
