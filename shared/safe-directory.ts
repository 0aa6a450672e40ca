/** A directory that nobody but this user can reach into: a socket anywhere else could be somebody else's. */
import { chmodSync, lstatSync, mkdirSync, type Stats } from "node:fs";
import { dirname } from "node:path";
import { OctopoolError } from "./errors.ts";
import { lstatIfAny, statIfAny } from "./regular-file.ts";

/**
 * Why `path` must not hold our socket; `undefined` when it may. That it is missing, or may not be looked at, is a
 * reason of its own.
 */
export function directoryProblem(path: string, uid: number): string | undefined {
  try {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    return stat === undefined ? "does not exist" : statProblem(stat, uid);
  } catch (error) {
    return `cannot be looked at (${messageOf(error)})`;
  }
}

/**
 * Makes the directory with mode 0700 where it is missing, and the one that it is in.
 * @throws OctopoolError `socket_unsafe` when it is a link, is not ours, is open to others, or cannot be made.
 */
export function ensureSafeDirectory(path: string, uid: number): void {
  try {
    make(path, uid);
  } catch (cause) {
    // A link or a file in its place is told apart below, with its own words.
    if (lstatIfAny(path) === undefined) {
      throw new OctopoolError("socket_unsafe", `The directory ${path} cannot be made: ${messageOf(cause)}.`, {
        hint: "Set OCTOPOOL_RUNTIME_DIR to a directory that you can write, or OCTOPOOL_NO_DAEMON=1.",
        cause,
      });
    }
  }
  const problem = directoryProblem(path, uid);
  if (problem === undefined) return;
  throw new OctopoolError("socket_unsafe", `The directory ${path} ${problem}, so it is not safe for a socket.`, {
    hint: `Remove it, or run \`chmod 700\` on it if it is yours, or set OCTOPOOL_RUNTIME_DIR.`,
  });
}

/**
 * Not `recursive`: on file systems that say "no such file" below a directory that exists, such as /proc, Node would
 * try for ever.
 */
function make(path: string, uid: number): void {
  if (lstatIfAny(path) !== undefined) return;
  const parent = dirname(path);
  if (statIfAny(parent) === undefined && parent !== dirname(parent)) makeOne(parent);
  const owner = statIfAny(parent)?.uid ?? uid;
  // Whose directory that is would find one of ours in it that they can neither use nor remove.
  if (owner !== uid && owner !== 0) throw new Error(`${parent} belongs to another user`);
  makeOne(path);
}

function makeOne(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
    // The process's mask may have taken the owner's own bits away.
    chmodSync(path, 0o700);
  } catch (error) {
    // Another process made it in between.
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
}

function statProblem(stat: Stats, uid: number): string | undefined {
  if (stat.isSymbolicLink()) return "is a symbolic link";
  if (!stat.isDirectory()) return "is not a directory";
  if (stat.uid !== uid) return "belongs to another user";
  if ((stat.mode & 0o077) !== 0) return "can be entered by others";
  return undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
