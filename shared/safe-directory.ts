/** A directory that nobody but this user can reach into: a socket anywhere else could be somebody else's. */
import { lstatSync, mkdirSync, type Stats } from "node:fs";
import { OctopoolError } from "./errors.ts";

/** Why `path` must not hold our socket; `undefined` when it may. `missing` is its own answer. */
export function directoryProblem(path: string, uid: number): string | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat === undefined ? "does not exist" : statProblem(stat, uid);
}

/**
 * Makes the directory with mode 0700 where it is missing.
 * @throws OctopoolError `socket_unsafe` when it is a link, is not ours, is open to others, or cannot be made.
 */
export function ensureSafeDirectory(path: string, uid: number): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    // A link or a file in its place is told apart below, with its own words.
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) {
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
