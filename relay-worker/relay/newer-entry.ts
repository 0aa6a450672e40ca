/** The owner's second look into D1, for what was stored between its first look and its turn. */
import { and, eq, gt } from "drizzle-orm";
import type { CacheEntry } from "../cache/entry.ts";
import { readEntry } from "../cache/row.ts";
import { remember } from "../cache/store.ts";
import { database } from "../db/client.ts";
import { githubCacheEntries } from "../db/schema.ts";
import { answerable } from "./answerable.ts";
import type { Work } from "./work.ts";

/** Undefined also when D1 is in trouble: GitHub can still be asked. */
export async function newerEntry(work: Work): Promise<CacheEntry | undefined> {
  const { plan, deps, pool, proof } = work;
  try {
    const row = await database(work.env)
      .select()
      .from(githubCacheEntries)
      .where(and(eq(githubCacheEntries.key, plan.key), gt(githubCacheEntries.createdAt, work.entry?.createdAt ?? 0)))
      .get();
    const entry = row && readEntry(row);
    if (!entry || answerable(entry, { plan, pool, proof, now: deps.clock() }) !== "fresh") return undefined;
    remember(deps, entry);
    return entry;
  } catch {
    return undefined;
  }
}
