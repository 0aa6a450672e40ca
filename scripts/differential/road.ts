import { join } from "node:path";
import { GhFilter } from "../../daemon/filter/index.ts";
import type { Bench } from "./bench.ts";
import type { Case } from "./cases.ts";
import { DirectReader } from "./direct-reader.ts";
import { askEngine, type OctopoolAnswer } from "./octopool.ts";

/** Octopool's answers to one command, first with empty caches and then again. */
export interface Asked {
  cold: OctopoolAnswer;
  warm: OctopoolAnswer;
  /** Reads of GitHub that the cold answer cost; absent where that cannot be told apart. */
  reads?: number;
}

/** How a command reaches Octopool. */
export interface Road {
  /** Whether Octopool can be told what time it is. */
  readonly setsClock: boolean;
  /** Why a case cannot be asked by this road. */
  excludes(each: Case): string | undefined;
  ask(each: Case, now: number): Promise<Asked>;
  close(): Promise<void>;
}

/** The engine in this process over a reader that does what daemon and relay do. */
export class DirectRoad implements Road {
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

  async ask(each: Case, now: number): Promise<Asked> {
    const { emulator } = this.#bench;
    // A case that brings its own token has a pool with the same troubles.
    const own = each.env?.GH_TOKEN ?? emulator.viewerToken;
    const reader = new DirectReader(emulator.fetch, { pool: each.env?.GH_TOKEN ?? emulator.poolToken, own }, () => now);
    const env = { ...this.#bench.environment("octopool"), ...each.env, OCTOPOOL_GH_PATH: this.#bench.gh ?? "" };
    const call = {
      args: each.args,
      cwd: await this.#bench.place(each),
      env,
      ghVersion: this.#ghVersion,
      filter: this.#filter,
    };
    const cold = await askEngine(call, reader, () => now);
    const reads = reader.calls;
    return { cold, warm: await askEngine(call, reader, () => now), reads };
  }

  async close(): Promise<void> {
    await this.#filter?.close();
  }
}
