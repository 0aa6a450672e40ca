import { join } from "node:path";
import { GhFilter } from "../../daemon/filter/index.ts";
import type { Bench } from "./bench.ts";
import type { Case } from "./cases.ts";
import { changeBehindScreens } from "./changes.ts";
import { DirectReader } from "./direct-reader.ts";
import type { Emulator } from "./emulator.ts";
import { askEngine, type OctopoolAnswer, type OctopoolCall, type WatchedCall } from "./octopool.ts";

/** Octopool's answers to one command, first with empty caches and then again. */
export interface CommandResult {
  cold: OctopoolAnswer;
  warm: OctopoolAnswer;
  /** Reads of GitHub that the cold answer cost; absent where that cannot be told apart. */
  reads?: number;
  /** The caller's gh ran for the cold answer, over JSON that the engine gave it; it asked GitHub for nothing. */
  filtered?: boolean;
}

/** How a command reaches Octopool. */
export interface ReadPath {
  /** Whether Octopool can be told the time. */
  readonly setsClock: boolean;
  /** Why a case cannot be asked on this path. */
  excludes(each: Case): string | undefined;
  ask(each: Case, now: number): Promise<CommandResult>;
  close(): Promise<void>;
}

/** The engine in this process over a reader that works as daemon and relay do. */
export class DirectPath implements ReadPath {
  readonly setsClock = true;
  readonly #bench: Bench;
  readonly #ghVersion: string;
  readonly #filter: GhFilter | undefined;

  /**
   * @param ghVersion of the real gh, such as `2.46.0`
   * @param filters whether that gh runs the filters that the engine does not compute
   */
  constructor(bench: Bench, ghVersion: string, filters = false) {
    this.#bench = bench;
    this.#ghVersion = ghVersion;
    this.#filter = filters ? new GhFilter({ directory: join(bench.directory, "filter"), ourselves: [] }) : undefined;
  }

  excludes(): undefined {}

  ask(each: Case, now: number): Promise<CommandResult> {
    return each.changes ? this.#askInOwnWorld(each, now) : this.#askTwice(each, now);
  }

  /** The first of its answers alone. */
  async askCold(each: Case, now: number): Promise<OctopoolAnswer> {
    if (each.changes) return (await this.#askInOwnWorld(each, now)).cold;
    return askEngine(
      await this.#callOf(each),
      this.#readerOf(each, this.#bench.emulator, () => now),
      () => now,
    );
  }

  async #askTwice(each: Case, now: number): Promise<CommandResult> {
    const { emulator } = this.#bench;
    const reader = this.#readerOf(each, emulator, () => now);
    const call = await this.#callOf(each);
    let filtered = false;
    const { filter } = call;
    const noted: OctopoolCall["filter"] = filter && {
      run: async (...given) => {
        const ran = await filter.run(...given);
        if (ran !== undefined) filtered = true;
        return ran;
      },
    };
    const cold = await askEngine({ ...call, filter: noted }, reader, () => now);
    const asked = { reads: reader.calls, filtered };
    return { cold, warm: await askEngine(call, reader, () => now), ...asked };
  }

  /** Between two looks of a watch the caches' lives are over. A second time the world is another one: once is all. */
  async #askInOwnWorld(each: Case, now: number): Promise<CommandResult> {
    await using github = await this.#bench.ownWorld();
    const reader = this.#readerOf(each, github, () => now);
    const watched: WatchedCall = {
      onStdout: changeBehindScreens(each.changes ?? [], github.change),
      onWait: () => reader.forget(),
    };
    const cold = await askEngine({ ...(await this.#callOf(each)), watched }, reader, () => now);
    return { cold, warm: cold, reads: reader.calls };
  }

  #readerOf(each: Case, emulator: Emulator, now: () => number): DirectReader {
    // A case that brings its own token has a pool with the same troubles.
    const own = each.env?.GH_TOKEN ?? emulator.viewerToken;
    return new DirectReader(emulator, { pool: each.env?.GH_TOKEN ?? emulator.poolToken, own }, now);
  }

  async #callOf(each: Case): Promise<OctopoolCall> {
    const env = { ...(await this.#bench.environmentOf("octopool", each)), OCTOPOOL_GH_PATH: this.#bench.gh ?? "" };
    return {
      args: each.args,
      cwd: await this.#bench.place(each),
      env,
      stdin: each.stdin,
      ghVersion: this.#ghVersion,
      filter: this.#filter,
    };
  }

  async close(): Promise<void> {
    await this.#filter?.close();
  }
}
