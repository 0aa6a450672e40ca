/** The pool's Durable Object, as the relay calls it. */
import { fallbackLocal } from "../../shared/errors.ts";
import type { Env } from "../env.ts";
import { logTrouble } from "../log.ts";
import type { PoolCoordinatorApi } from "./contract.ts";

export function coordinatorOf(env: Env, pool: string): PoolCoordinatorApi {
  return env.POOL.get(env.POOL.idFromName(pool));
}

/** A coordinator in trouble is no reason to break anybody's gh. */
export async function overloaded<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    logTrouble("the coordinator failed", cause);
    throw fallbackLocal("relay_overloaded", "The pool's coordinator does not answer.");
  }
}
