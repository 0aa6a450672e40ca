/** Pools come into being when they are first named by somebody who may. */
import { database } from "../db/client.ts";
import { pools } from "../db/schema.ts";
import { settingsOf } from "../env.ts";
import type { RelayContext } from "../relay/context.ts";
import { defaultPolicy } from "../relay/pool-state.ts";

export async function ensurePool({ deps, env }: RelayContext, name: string): Promise<void> {
  const policy = JSON.stringify(defaultPolicy(settingsOf(env)));
  await database(env).insert(pools).values({ name, policy, createdAt: deps.clock() }).onConflictDoNothing();
}
