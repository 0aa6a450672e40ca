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

/** The directory, `GH_REPO`, then every argument that names a place, or `*` when anything may be meant. */
export function placesOf({ args, cwd, env }: Pick<WriteMark, "args" | "cwd" | "env">): readonly string[] {
  const hints = args[0] === "api" ? apiHints(args) : args.flatMap((arg, index) => hintOf(arg, index, args));
  return [cwd, env.GH_REPO ?? "", ...hints];
}

/** An address, a value of `-R`, or, where a repository is itself the argument, `owner/name`. */
function hintOf(arg: string, index: number, args: readonly string[]): readonly string[] {
  if (/^https?:\/\/[^@]*$/.test(arg)) return [arg];
  const before = args[index - 1];
  if (before === "-R" || before === "--repo") return [arg];
  const attached = /^(?:--repo=|-R=?)(.+)$/s.exec(arg)?.[1];
  if (attached !== undefined) return [attached];
  const takesRepository = args[0] === "repo" || args[1] === "transfer";
  return takesRepository && /^([\w.-]+\/)?[\w.-]+\/[\w.-]+$/.test(arg) ? [arg] : [];
}

/** A path of a repository, one with placeholders (the directory's repository), or anything at all. */
function apiHints(args: readonly string[]): readonly string[] {
  const path = args.find((arg) => /^(https:\/\/api\.github\.com)?\/?repos\/[^/]+\/[^/]+/.test(arg));
  if (path === undefined) return ["*"];
  return path.includes("{") || path.includes("/:") ? [] : [path.replace(/[?#].*$/, "")];
}
