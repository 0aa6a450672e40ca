/**
 * Whether a directory can be reached by this user alone: a socket elsewhere could belong to another user. The thin
 * client loads this file.
 */
import { lstatSync, type Stats } from "node:fs";
import { messageOf } from "./message-of.ts";

/**
 * The reason why `path` must not hold our socket; `undefined` when it may. `does not exist` is an answer of its own.
 * Never throws.
 */
export function directoryProblem(path: string, uid: number): string | undefined {
  try {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    return stat === undefined ? "does not exist" : statProblem(stat, uid);
  } catch (error) {
    return `cannot be looked at (${messageOf(error)})`;
  }
}

function statProblem(stat: Stats, uid: number): string | undefined {
  if (stat.isSymbolicLink()) return "is a symbolic link";
  if (!stat.isDirectory()) return "is not a directory";
  if (stat.uid !== uid) return "belongs to another user";
  if ((stat.mode & 0o077) !== 0) return "can be entered by others";
  return undefined;
}
