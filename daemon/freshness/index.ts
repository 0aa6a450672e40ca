/** Gathers everything by which this machine learns of writes. */
import { join } from "node:path";
import type { EventTag } from "../../shared/events/tags.ts";
import { marksDirectory } from "../../shared/protocol.ts";
import type { RouteKind } from "../../shared/routes/table.ts";
import { movesRepositoriesEverywhere } from "./git-directory.ts";
import { HeardMarks } from "./heard.ts";
import { MarkWatch } from "./marks.ts";
import { WriteMemory } from "./memory.ts";
import { RefWatch } from "./refs.ts";

interface FreshnessOptions {
  /** The runtime directory. */
  readonly directory: string;
  /** The directory of the marks of every process of this user, see `sharedMarksDirectory`. */
  readonly sharedMarks?: string | undefined;
  readonly now: () => number;
  /** Variables by which git finds the user's settings. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** For a process that lives for one command. */
  readonly onlyLook?: boolean;
}

export class Freshness {
  readonly memory: WriteMemory;
  /** Events of GitHub, received through the relay. */
  readonly heard = new HeardMarks();
  readonly #marks: readonly MarkWatch[];
  readonly #refs: RefWatch;
  readonly #now: () => number;
  #lookedAt = Number.NaN;

  constructor({ directory, sharedMarks, now, env, onlyLook = false }: FreshnessOptions) {
    const memory = new WriteMemory(now);
    this.memory = memory;
    this.#now = now;
    const common = { memory, now, onlyLook, isDoubtful: () => env !== undefined && movesRepositoriesEverywhere(env) };
    this.#marks = [
      new MarkWatch({ ...common, directory: join(directory, marksDirectory) }),
      ...(sharedMarks === undefined ? [] : [new MarkWatch({ ...common, directory: sharedMarks, keep: true })]),
    ];
    this.#refs = new RefWatch(this.memory, now);
  }

  /**
   * Looks for writes that began or ended, once in a millisecond: a mark exists before its write begins, and a request
   * to GitHub takes longer than that.
   */
  look(): void {
    const now = this.#now();
    if (now === this.#lookedAt) return;
    this.#lookedAt = now;
    for (const marks of this.#marks) marks.look();
  }

  /** Looks at the caller's checkout as well. */
  lookAt(cwd: string, gitDir: string | undefined): void {
    this.look();
    this.#refs.look(cwd, gitDir);
  }

  /** See {@link WriteMemory.writtenAt}. */
  writtenAt(repository: string | undefined, kind?: RouteKind, tags?: readonly EventTag[]): number {
    return this.memory.writtenAt(repository, kind, tags);
  }
}
