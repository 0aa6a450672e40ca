/** One read that may ask GitHub: its known state, and its cost so far. */
import type { CacheEntry } from "../../cache/entry.ts";
import type { Observation } from "../../coordinator/contract.ts";
import type { Deps } from "../../deps.ts";
import type { Env, Settings } from "../../env.ts";
import type { Proof } from "../../guard/proof.ts";
import type { PoolState } from "../../pools/definition.ts";
import type { Plan } from "../plan.ts";

export interface Work {
  readonly deps: Deps;
  readonly env: Env;
  readonly settings: Settings;
  readonly plan: Plan;
  readonly pool: PoolState;
  /** The entry under the plan's key, fresh or not, when its proof covers it. */
  readonly entry: CacheEntry | undefined;
  readonly proof: Proof | undefined;
  /** When the relay was asked, ms since the epoch. */
  readonly startedAt: number;
  /** Runs on after the answer was given. */
  readonly background: (work: Promise<unknown>) => void;
}

/** The requests of one fill to GitHub, and GitHub's reports meanwhile. */
export class Tally {
  /** Requests that GitHub was sent. */
  calls = 0;
  #observations: Observation[] = [];

  note(observation: Observation): void {
    this.#observations.push(observation);
  }

  /** The notes since the last call. */
  take(): readonly Observation[] {
    const noted = this.#observations;
    this.#observations = [];
    return noted;
  }
}
