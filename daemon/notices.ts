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
type NoticeKind = keyof typeof noticePauseMs;

export class Notices {
  readonly #parent: string;
  readonly #directory: string;
  readonly #now: () => number;

  /** @param directory - the runtime directory; when it cannot be written nothing is remembered, and nothing said. */
  constructor(directory: string, now: () => number) {
    this.#parent = directory;
    this.#directory = join(directory, "notices");
    this.#now = now;
  }

  /** The text when it is time to say it, else nothing. */
  due(kind: NoticeKind, text: string): string {
    const stamp = join(this.#directory, kind);
    const last = statIfAny(stamp)?.mtimeMs ?? 0;
    if (this.#now() - last < noticePauseMs[kind]) return "";
    try {
      this.#make();
      writeRegular(stamp, "", "replace");
      return text;
    } catch {
      return "";
    }
  }

  #make(): void {
    if (statIfAny(this.#directory) !== undefined) return;
    ensureSafeDirectory(this.#parent, process.getuid?.() ?? 0);
    mkdirSync(this.#directory, { mode: 0o700 });
  }
}
