/** Changing somebody's start-up file: whole or not at all, through links, with its mode and owner kept. */
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

/** `undefined` when there is none. */
export function readText(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "latin1") : undefined;
}

/** Bytes are kept as they are: latin1 both ways, because a start-up file need not be UTF-8. */
export function replaceText(path: string, text: string, modeOfNew = 0o644): void {
  mkdirSync(dirname(path), { recursive: true });
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

/** How many directories on the way to `path` do not exist yet. */
export function missingDirectories(path: string): number {
  const directory = dirname(path);
  return existsSync(directory) || directory === path ? 0 : 1 + missingDirectories(directory);
}

/** Removes the directories above `path` that were made for it, as long as nothing else has come into them. */
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
