/** One line for people, now and then: never for every command of a loop, never twice by two processes. */
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What may be said, and how long it is not said again (milliseconds). */
export const noticePauseMs = {
  not_logged_in: 24 * 3600_000,
  relay_outage: 10 * 60_000,
  invalid_auth: 10 * 60_000,
  settings: 10 * 60_000,
} as const;
export type NoticeKind = keyof typeof noticePauseMs;

export class Notices {
  readonly #directory: string;
  readonly #now: () => number;

  /** @param directory - the runtime directory; when it cannot be written nothing is remembered, and nothing said. */
  constructor(directory: string, now: () => number) {
    this.#directory = join(directory, "notices");
    this.#now = now;
  }

  /** The text when it is time to say it, else nothing. */
  due(kind: NoticeKind, text: string): string {
    const stamp = join(this.#directory, kind);
    const last = statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (this.#now() - last < noticePauseMs[kind]) return "";
    try {
      mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
      writeFileSync(stamp, "", { mode: 0o600 });
      return text;
    } catch {
      return "";
    }
  }
}
