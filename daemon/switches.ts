/** The settings of one call beside its connection. */
import { type Environment, environmentFlag, environmentInteger } from "../shared/settings/environment.ts";

export interface Switches {
  /** See {@link isFresh}. */
  readonly fresh: boolean;
  readonly noFallback: boolean;
  readonly retries: number | undefined;
}

/** @throws OctopoolError `environment_invalid` */
export function switchesOf(env: Environment): Switches {
  return {
    fresh: isFresh(env),
    noFallback: environmentFlag(env, "OCTOPOOL_NO_FALLBACK"),
    retries: environmentInteger(env, "OCTOPOOL_RELAY_RETRIES"),
  };
}

/**
 * OCTOPOOL_FRESH: every read is live, save one with a bound of its own.
 * @throws OctopoolError `environment_invalid`
 */
export function isFresh(env: Environment): boolean {
  return environmentFlag(env, "OCTOPOOL_FRESH");
}
