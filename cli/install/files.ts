/** Changes a user's start-up file: whole or not at all, through links, keeping its mode and owner. */
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { messageOf } from "../../shared/message-of.ts";

/** `undefined` when there is none. */
export function readText(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "latin1") : undefined;
}

/**
 * One level at a time: Node's own recursion never ends where the system reports "no such file" for a directory that may
 * not be made.
 */
function makeDirectories(directory: string): void {
  if (existsSync(directory)) return;
  makeDirectories(dirname(directory));
  mkdirSync(directory);
}

/** Bytes are kept as they are: latin1 both ways, because a start-up file need not be UTF-8. */
export function replaceText(path: string, text: string, modeOfNew = 0o644): void {
  makeDirectories(dirname(path));
  const target = existsSync(path) ? realpathSync(path) : path;
  const old = statSync(target, { throwIfNoEntry: false });
  const temporary = `${target}.octopool-${process.pid}`;
  try {
    writeFileSync(temporary, text, { encoding: "latin1", mode: modeOfNew, flag: "wx" });
    chmodSync(temporary, old === undefined ? modeOfNew : old.mode & 0o7777);
    if (old !== undefined && old.uid !== process.getuid?.()) chownSync(temporary, old.uid, old.gid);
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Why a file could not be written, in words. */
export function problemOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return words[code] ?? messageOf(error);
}

const words: Readonly<Record<string, string>> = {
  EACCES: "you may not write there",
  EPERM: "you may not write there",
  EROFS: "the file system is read-only",
  ENOSPC: "there is no space left",
  EDQUOT: "your quota is used up",
  ENOTDIR: "a part of the path is a file",
  EISDIR: "it is a directory",
  ENAMETOOLONG: "the name is too long",
  ELOOP: "its links lead in a circle",
  EEXIST: "something is in the way",
  ENOENT: "the path does not exist and cannot be made",
};

/** How many directories on the way to `path` do not exist yet. */
export function missingDirectories(path: string): number {
  const directory = dirname(path);
  return existsSync(directory) || directory === path ? 0 : 1 + missingDirectories(directory);
}

/** Removes the directories above `path` that were made for it, if they are empty. */
export function removeDirectories(path: string, count: number): void {
  const directory = dirname(path);
  if (count === 0) return;
  try {
    rmdirSync(directory);
  } catch {
    return;
  }
  removeDirectories(directory, count - 1);
}
