/** The pool's Durable Object, as the relay calls it. */
import { fallbackLocal } from "../../shared/errors.ts";
import { logTrouble } from "../log.ts";
import type { PoolCoordinatorApi } from "./contract.ts";
import type { PoolCoordinator } from "./coordinator.ts";

/** The Worker's binding to its coordinators. */
interface Binding {
  readonly POOL: DurableObjectNamespace<PoolCoordinator>;
}

export function coordinatorOf(env: Binding, pool: string): PoolCoordinatorApi {
  return env.POOL.get(env.POOL.idFromName(pool));
}

/** When the coordinator fails, the user's own gh answers. */
export async function overloaded<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    logTrouble("the coordinator failed", cause);
    throw fallbackLocal("relay_overloaded", "The pool's coordinator does not answer.");
  }
}
