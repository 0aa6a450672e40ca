/** One line for people, now and then: never for every command of a loop, never twice by two processes. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { statIfAny, writeRegular } from "../shared/regular-file.ts";
import { ensureSafeDirectory } from "../shared/safe-directory.ts";

/** The notices, and the time before each may be repeated (milliseconds). */
export const noticePauseMs = {
  not_logged_in: 24 * 3600_000,
  relay_outage: 10 * 60_000,
  invalid_auth: 10 * 60_000,
  settings: 10 * 60_000,
} as const;
export type NoticeKind = keyof typeof noticePauseMs;

export class Notices {
  readonly #parent: string;
  readonly #directory: string;
  readonly #now: () => number;

  /** @param directory - the runtime directory; when it cannot be written no notice is given. */
  constructor(directory: string, now: () => number) {
    this.#parent = directory;
    this.#directory = join(directory, "notices");
    this.#now = now;
  }

  /** The text when it is due, else undefined. */
  due(kind: NoticeKind, text: string): string {
    if (this.upcoming(kind, text) === "") return "";
    try {
      this.#make();
      writeRegular(this.#stampOf(kind), "", "replace");
      return text;
    } catch {
      return "";
    }
  }

  /** The same, without recording it as printed: for a client that has to ask again before it can print a notice. */
  upcoming(kind: NoticeKind, text: string): string {
    const last = statIfAny(this.#stampOf(kind))?.mtimeMs ?? 0;
    return this.#now() - last < noticePauseMs[kind] ? "" : text;
  }

  #stampOf(kind: NoticeKind): string {
    return join(this.#directory, kind);
  }

  #make(): void {
    if (statIfAny(this.#directory) !== undefined) return;
    ensureSafeDirectory(this.#parent, process.getuid?.() ?? 0);
    mkdirSync(this.#directory, { mode: 0o700 });
  }
}
