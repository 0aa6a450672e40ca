/**
 * The processes of gh that send their requests here: each leaves a file named by its id before it becomes gh. While one
 * lives, the daemon does not exit when idle, and its socket stays.
 */
import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { isAlive } from "../../shared/alive.ts";

interface LeasesOptions {
  readonly directory: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Called when there is a first one; the returned function is called when the last one ends. */
  readonly hold: () => () => void;
}

/** The longest time from the daemon's answer to the lease file of the process. */
const graceMs = 5_000;
/** No command runs longer: a process found under that id later is another one. */
const longestMs = 6 * 3600_000;
const lookEveryMs = 1_000;

export class GhLeases {
  readonly #options: LeasesOptions;
  #graceUntil = 0;
  #letGo: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #ended: (() => void)[] = [];

  constructor(options: LeasesOptions) {
    this.#options = options;
  }

  /** A process will send its requests here. */
  begin(): void {
    const { now, hold } = this.#options;
    this.#graceUntil = now() + graceMs;
    this.#letGo ??= hold();
    this.#timer ??= setInterval(() => this.#look(), lookEveryMs);
  }

  /** Resolves when none is left. */
  async ended(): Promise<void> {
    if (this.#letGo === undefined) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#ended.push(resolve);
    await promise;
  }

  #look(): void {
    const { directory, now } = this.#options;
    const alive = entries(directory).filter((name) => this.#lives(join(directory, name), Number(name)));
    if (alive.length > 0 || now() < this.#graceUntil) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#letGo?.();
    this.#letGo = undefined;
    for (const resolve of this.#ended.splice(0)) resolve();
  }

  #lives(path: string, pid: number): boolean {
    const since = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    const lives = this.#options.now() - since < longestMs && isAlive(pid);
    if (!lives) rmSync(path, { force: true });
    return lives;
  }
}

function entries(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
