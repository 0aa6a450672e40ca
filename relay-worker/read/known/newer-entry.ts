/** The owner's second read of D1, for an entry that was stored between its first read and its turn. */
import { and, eq, gt } from "drizzle-orm";
import type { CacheEntry } from "../../cache/entry.ts";
import { readEntry } from "../../cache/row.ts";
import { remember } from "../../cache/store.ts";
import { database } from "../../db/client.ts";
import { githubCacheEntries } from "../../db/schema.ts";
import type { Deps } from "../../deps.ts";
import type { Env } from "../../env.ts";
import type { Proof } from "../../guard/proof.ts";
import type { PoolState } from "../../pools/definition.ts";
import type { Plan } from "../plan.ts";
import { answerable } from "./answerable.ts";

/** One read as far as it is known before its turn. */
interface Sought {
  readonly deps: Deps;
  readonly env: Env;
  readonly plan: Plan;
  readonly pool: PoolState;
  readonly proof: Proof | undefined;
  /** The result of the first lookup. */
  readonly entry: CacheEntry | undefined;
}

/** Undefined also when D1 is in trouble: GitHub can still be asked. */
export async function newerEntry(sought: Sought): Promise<CacheEntry | undefined> {
  const { plan, deps, pool, proof } = sought;
  try {
    const row = await database(sought.env)
      .select()
      .from(githubCacheEntries)
      .where(and(eq(githubCacheEntries.key, plan.key), gt(githubCacheEntries.createdAt, sought.entry?.createdAt ?? 0)))
      .get();
    const entry = row && readEntry(row);
    if (!entry || answerable(entry, { plan, pool, proof, now: deps.clock() }) !== "fresh") return undefined;
    remember(deps, entry);
    return entry;
  } catch {
    return undefined;
  }
}
