/** One request's surroundings. */
import type { Deps } from "./deps.ts";
import type { Env } from "./env.ts";

export interface RelayContext {
  readonly deps: Deps;
  readonly env: Env;
  readonly requestId: string;
  /** Runs on after the answer was given. */
  readonly background: (work: Promise<unknown>) => void;
}
