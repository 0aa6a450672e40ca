/**
 * Notices `git push` and `git fetch` without hooks: both change the remote-tracking refs of the repository, whether
 * they are loose files, packed, or in a reftable. A look costs a few `stat` calls.
 */
import { type BigIntStats, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { commonGitDirectory, mayPushToGitHub, remoteRepositories } from "./git-directory.ts";
import type { WriteMemory } from "./memory.ts";
import { markLifetimeMs } from "./memory.ts";

/** A directory that changed this recently may change again within the same tick of its clock, unseen. */
const settledAfterMs = 100;
/** Repositories whose refs are remembered; the oldest is forgotten first. */
const mostRepositories = 200;

interface Watched {
  /** Directories under refs/remotes, and the files of packed refs. */
  paths: readonly string[];
  signature: string;
}

export class RefWatch {
  readonly #memory: WriteMemory;
  readonly #now: () => number;
  readonly #watched = new Map<string, Watched>();

  constructor(memory: WriteMemory, now: () => number) {
    this.#memory = memory;
    this.#now = now;
  }

  /** Looks at the repository of `cwd`; a change since the last look marks the repositories of its remotes. */
  look(cwd: string, gitDir?: string): void {
    const directory = commonGitDirectory(cwd, gitDir);
    if (directory === undefined) return;
    const before = this.#watched.get(directory);
    if (before && this.#read(before.paths).signature === before.signature) return;
    const paths = trackedPaths(directory);
    const { signature, newest } = this.#read(paths);
    const isNews = before !== undefined || this.#isRecent(newest);
    if (isNews && mayPushToGitHub(directory)) this.#memory.mark(remoteRepositories(directory));
    this.#remember(directory, { paths, signature });
  }

  #remember(directory: string, watched: Watched): void {
    this.#watched.delete(directory);
    this.#watched.set(directory, watched);
    const oldest = this.#watched.size > mostRepositories ? this.#watched.keys().next().value : undefined;
    if (oldest !== undefined) this.#watched.delete(oldest);
  }

  /** Any push may have happened before the first look; an old one no longer matters. */
  #isRecent(newest: number): boolean {
    return this.#now() - newest < markLifetimeMs;
  }

  #read(paths: readonly string[]) {
    const now = this.#now();
    let newest = 0;
    const signature = paths.map((path) => {
      const stat = lookAt(path);
      if (stat === undefined) return "-";
      newest = Math.max(newest, Number(stat.mtimeMs));
      return signatureOf(stat);
    });
    const settled = now - newest > settledAfterMs;
    // An unsettled reading equals no other, so the next look counts as a change: one live read too many, never one too
    // few.
    return { signature: signature.join(" ") + (settled ? "" : ` unsettled ${now}`), newest };
  }
}

/** A file that may not be read counts as absent: git could not read it either. */
function lookAt(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function signatureOf(stat: BigIntStats): string {
  return `${stat.ino}:${stat.mtimeNs}:${stat.size}`;
}

function trackedPaths(directory: string): readonly string[] {
  return [
    join(directory, "packed-refs"),
    join(directory, "reftable", "tables.list"),
    ...directoriesUnder(join(directory, "refs", "remotes")),
  ];
}

/** The directory itself, even if it is missing, and all below it. */
function directoriesUnder(path: string): readonly string[] {
  return [path, ...subdirectories(path).flatMap((name) => directoriesUnder(join(path, name)))];
}

function subdirectories(path: string): readonly string[] {
  try {
    return readdirSync(path, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  } catch {
    return [];
  }
}
