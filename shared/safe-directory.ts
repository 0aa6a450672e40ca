/** Makes a directory that only this user can reach. */
import { lstatSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { directoryProblem } from "./directory-problem.ts";
import { OctopoolError } from "./errors.ts";
import { messageOf } from "./message-of.ts";

/**
 * Makes the directory with mode 0700 where it is missing, and the one above it; nothing inside another user's.
 * @throws OctopoolError `socket_unsafe` when it is a link, is not ours, is open to others, or cannot be made.
 */
export function ensureSafeDirectory(path: string, uid: number): void {
  const trouble = isThere(path) ? undefined : make(path, uid);
  // A link or a file in its place has its own message.
  const problem = directoryProblem(path, uid);
  if (problem === undefined) return;
  if (trouble !== undefined && !isThere(path)) {
    throw new OctopoolError("socket_unsafe", `The directory ${path} cannot be made: ${messageOf(trouble)}.`, {
      hint: "Set OCTOPOOL_RUNTIME_DIR to a directory that you can write, or OCTOPOOL_NO_DAEMON=1.",
      cause: trouble,
    });
  }
  throw new OctopoolError("socket_unsafe", `The directory ${path} ${problem}, so it is not safe for a socket.`, {
    hint: `Remove it, or run \`chmod 700\` on it if it is yours, or set OCTOPOOL_RUNTIME_DIR.`,
  });
}

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

/**
 * Level by level: Node's own `recursive` never ends on a file system that reports every path below an existing
 * directory as absent, as /proc does.
 * @returns the obstacle
 */
function make(path: string, uid: number): unknown {
  try {
    makeParents(dirname(path));
    const { uid: owner } = statSync(dirname(path));
    // A file of root in a user's directory would lock that user out.
    if (owner !== uid && owner !== 0) return new Error(`${dirname(path)} belongs to another user`);
    mkdirSync(path, { mode: 0o700 });
    return undefined;
  } catch (error) {
    return error;
  }
}

function makeParents(path: string): void {
  if (isThere(path) || dirname(path) === path) return;
  makeParents(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process may have been first.
    if (!isThere(path)) throw error;
  }
}
