/**
 * Leaves word that a native write runs, without asking the daemon: a small file named after this process. The process
 * becomes the real gh, so the daemon sees by its life when the write has ended. Only names of places are written,
 * never other arguments: those may be secrets.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { marksDirectory } from "../../shared/protocol.ts";
import { ensureSafeDirectory } from "../../shared/safe-directory.ts";

export interface WriteMark {
  /** The runtime directory. */
  readonly directory: string;
  readonly uid: number;
  readonly pid: number;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Best effort: a machine on which no mark can be left has no daemon either. */
export function markWrite(mark: WriteMark): void {
  try {
    ensureSafeDirectory(mark.directory, mark.uid);
    const marks = `${mark.directory}/${marksDirectory}`;
    mkdirSync(marks, { recursive: true, mode: 0o700 });
    writeFileSync(`${marks}/${mark.pid}`, placesOf(mark).join("\0"), { mode: 0o600 });
  } catch {}
}

/** The directory, `GH_REPO`, then every argument that names a place, or `*` when none may be the whole story. */
export function placesOf({ args, cwd, env }: WriteMark): readonly string[] {
  const hints = args[0] === "api" ? apiHints(args) : args.flatMap(hintOf);
  return [cwd, env.GH_REPO ?? "", ...hints];
}

/** `https://github.com/o/r/pull/7`, `o/r` (a value of -R, or an argument of its own), `--repo=o/r`, `-Ro/r`. */
function hintOf(arg: string): readonly string[] {
  const value = arg.replace(/^(--repo=|-R=?)/, "");
  return /^(https?:\/\/[^/\s]+\/|([\w.-]+\/)?)[\w.-]+\/[\w.-]+(\/\S*)?$/.test(value) ? [value] : [];
}

/** A path of a repository, one with placeholders (the directory's repository), or anything at all. */
function apiHints(args: readonly string[]): readonly string[] {
  const path = args.find((arg) => /^(https:\/\/api\.github\.com)?\/?repos\/[^/]+\/[^/]+/.test(arg));
  if (path === undefined) return ["*"];
  return path.includes("{") || path.includes("/:") ? [] : [path.replace(/[?#].*$/, "")];
}
