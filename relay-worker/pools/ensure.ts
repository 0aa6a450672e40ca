/** Creates a pool when an authorised request first names it. */

import type { RelayContext } from "../context.ts";
import { database } from "../db/client.ts";
import { pools } from "../db/schema.ts";
import { settingsOf } from "../env.ts";
import { defaultPolicy } from "./definition.ts";

export async function ensurePool(context: RelayContext, name: string): Promise<void> {
  await poolRow(context, name);
}

/** As a statement, for a batch that needs the pool. */
export function poolRow({ deps, env }: RelayContext, name: string) {
  const policy = JSON.stringify(defaultPolicy(settingsOf(env)));
  return database(env).insert(pools).values({ name, policy, createdAt: deps.clock() }).onConflictDoNothing();
}
