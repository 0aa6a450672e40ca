/**
 * Reads the marks that native writes leave in the runtime directory (see the shim's mark-write): one file a process,
 * named by its id and by the mounts that it sees. While that process lives its write is in progress; once it has ended,
 * the write has ended.
 */
import { type BigIntStats, readdirSync, rmSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import { isAlive } from "../../shared/alive.ts";
import type { EventTag } from "../../shared/events/tags.ts";
import { mountsSeen } from "../../shared/mounts.ts";
import { everythingMark, tagsPrefix } from "../../shared/protocol.ts";
import { readIfRegular, statIfAny } from "../../shared/regular-file.ts";
import { commonGitDirectory, repositoriesOfCheckout } from "./git-directory.ts";
import type { WriteMemory } from "./memory.ts";
import { repositoryNamed, repositoryOfRemote } from "./named-repositories.ts";

/** A write of which only the start is known may have ended any time since; past this it counts as ended long ago. */
const unseenWriteMs = 30 * 60_000;
/** No command runs longer: a process found under that id later is another one. */
const longestWriteMs = 6 * 3600_000;
/** A directory that changed this recently may change again within the same tick of its clock, unseen. */
const settledAfterMs = 100;

/** A write of a process that cannot be followed from here may be in progress for this long. */
const unfollowedWriteMs = 5 * 60_000;

interface Mark {
  /** Of a process that this one can follow. */
  readonly pid: number | undefined;
  readonly repositories: readonly string[];
  /** The tags that may change; everything when absent. */
  readonly tags: readonly EventTag[] | undefined;
  readonly since: number;
  /** Distinguishes this mark from a later one under the same name, and a whole one from one that is being written. */
  readonly identity: string;
}

interface MarkWatchOptions {
  readonly directory: string;
  readonly memory: WriteMemory;
  readonly now: () => number;
  /** For a process that lives for one command: the next one must find the marks too. */
  readonly onlyLook?: boolean;
  /** Other daemons of this user read them too: a mark stays until it is old. */
  readonly keep?: boolean;
  /** See {@link repositoriesOf}. */
  readonly isDoubtful?: () => boolean;
}

export class MarkWatch {
  readonly #options: MarkWatchOptions;
  readonly #running = new Map<string, Mark>();
  /** Marks of writes that have ended and that stay where they are: name to identity. */
  readonly #ended = new Map<string, string>();
  #seen: string | undefined;
  #mounts: string | undefined;

  constructor(options: MarkWatchOptions) {
    this.#options = options;
  }

  /** Brings the memory up to date; costs one `stat` while no mark was written. */
  look(): void {
    if (this.#hasChanged()) for (const name of entries(this.#options.directory)) this.#take(name);
    for (const [name, mark] of this.#running) this.#follow(name, mark);
  }

  #follow(name: string, mark: Mark): void {
    const { directory, memory, now } = this.#options;
    const path = join(directory, name);
    memory.mark(mark.repositories, undefined, mark.tags);
    const isLast = identityOf(statIfAny(path)) === mark.identity;
    if (isLast && mayRun(mark, now())) return;
    this.#running.delete(name);
    // The id belongs to another process by now, which writes too.
    if (!isLast) this.#take(name);
    else if (this.#options.keep) this.#ended.set(name, mark.identity);
    else remove(path);
  }

  #hasChanged(): boolean {
    const stat = lookAt(this.#options.directory);
    if (stat === undefined) return false;
    const signature = `${stat.ino}:${stat.mtimeNs}`;
    if (signature === this.#seen) return false;
    const settled = this.#options.now() - Number(stat.mtimeMs) > settledAfterMs;
    this.#seen = settled ? signature : undefined;
    return true;
  }

  #take(name: string): void {
    const { directory, memory, now, onlyLook = false } = this.#options;
    if (this.#running.has(name)) return;
    const path = join(directory, name);
    const writer = this.#writerOf(name);
    const stat = statIfAny(path);
    if (writer === undefined || !stat?.isFile()) return;
    if (this.#ended.get(name) === identityOf(stat)) {
      this.#forgetOld(path, name, now() - stat.mtimeMs);
      return;
    }
    const text = readIfRegular(path);
    // One that cannot be read may be of any repository.
    const mark = {
      pid: writer.pid,
      repositories: text === undefined ? [] : repositoriesOf(text, this.#options.isDoubtful?.()),
      tags: text === undefined ? undefined : tagsIn(text),
      since: stat.mtimeMs,
      identity: identityOf(stat),
    };
    const age = now() - stat.mtimeMs;
    const alive = mayRun(mark, now());
    if (!alive && age > unseenWriteMs) remove(path);
    else if (onlyLook) memory.mark(mark.repositories, alive ? now() : stat.mtimeMs, mark.tags);
    else this.#running.set(name, mark);
  }

  /** The process of a mark's name; with no id where that is one of other processes than those seen here. */
  #writerOf(name: string): Pick<Mark, "pid"> | undefined {
    const [, digits = "", mounts] = /^(\d{1,15})(?:-(.+))?$/.exec(name) ?? [];
    const pid = Number(digits);
    if (pid <= 0) return undefined;
    this.#mounts ??= mountsSeen();
    return { pid: mounts === undefined || mounts === this.#mounts ? pid : undefined };
  }

  #forgetOld(path: string, name: string, age: number): void {
    if (age <= unseenWriteMs) return;
    this.#ended.delete(name);
    remove(path);
  }
}

/** Whether its write may be in progress. */
function mayRun({ pid, since }: Pick<Mark, "pid" | "since">, now: number): boolean {
  if (pid === undefined) return now - since < unfollowedWriteMs;
  return isAlive(pid) && now - since < longestWriteMs;
}

function identityOf(stat: Stats | undefined): string {
  return stat === undefined ? "" : `${stat.ino}:${stat.mtimeMs}:${stat.size}`;
}

/**
 * `cwd NUL GH_REPO NUL hint…[NUL tags:…]`; without any repository, anything may have been written.
 * @param doubtful - the user's own settings of git may rewrite a remote's address to another repository
 */
function repositoriesOf(text: string, doubtful = false): readonly string[] {
  const [cwd = "", environment = "", ...hints] = partsOf(text).filter((part) => !part.startsWith(tagsPrefix));
  const places = [environment, ...hints].filter((place) => place !== "");
  if ([cwd, ...places].includes(everythingMark)) return [];
  const named = places.map((place) => repositoryNamed(place) ?? repositoryOfRemote(place));
  const directory = cwd.startsWith("/") ? commonGitDirectory(cwd) : undefined;
  const remotes = directory === undefined ? [] : doubtful ? undefined : repositoriesOfCheckout(directory);
  const known = named.filter((name) => name !== undefined);
  // A place that is not understood, or a checkout without a known repository, may mean any repository.
  return remotes === undefined || known.length < named.length ? [] : [...new Set([...known, ...remotes])];
}

function partsOf(text: string): readonly string[] {
  return text.split("\0").map((part) => part.replace(/\n$/, ""));
}

function tagsIn(text: string): readonly EventTag[] | undefined {
  const tags = partsOf(text).find((part) => part.startsWith(tagsPrefix));
  return tags?.slice(tagsPrefix.length).split(",");
}

function entries(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function lookAt(directory: string): BigIntStats | undefined {
  try {
    return statSync(directory, { bigint: true, throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Best effort: a mark that cannot be removed is read again, and only costs live reads. */
function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {}
}
