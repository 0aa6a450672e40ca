/**
 * Everything a read needs to know before it is answered, in one D1 statement: the caller, the pool, the visibility
 * proof and the cache entry. Each part is found by its primary key.
 */
import { and, eq, type SQL, sql } from "drizzle-orm";
import type { DrizzleD1Database } from "drizzle-orm/d1";
import type { CallerAuth } from "../../auth/caller-auth.ts";
import type { CacheEntry, EntryHead } from "../../cache/entry.ts";
import { readEntry, readHead } from "../../cache/row.ts";
import { database } from "../../db/client.ts";
import { callerPools, callers, callerTokens, githubCacheEntries, githubPublicRepos, pools } from "../../db/schema.ts";
import { type Env, settingsOf } from "../../env.ts";
import type { Proof } from "../../guard/proof.ts";
import { type PoolState, poolStateOf } from "../../pools/definition.ts";

interface LoadRequest {
  readonly tokenHash: string;
  readonly pool: string;
  /** `owner/name` in lower case, or empty. */
  readonly repo: string;
  /** Cache key, or empty. */
  readonly key: string;
}

export interface Loaded {
  /** Undefined: no such token, a disabled caller, or a pool that was not granted. */
  readonly caller: CallerAuth | undefined;
  readonly pool: PoolState;
  readonly proof: Proof | undefined;
  readonly entry: CacheEntry | undefined;
  /** The entry whose body is too big for D1: it is at the edge, if anywhere. */
  readonly large: EntryHead | undefined;
}

const identitiesOfPool: SQL<string> = sql<string>`(
  select json_group_array(json_object(
    'id', i.id, 'kind', i.kind, 'login', i.login, 'secretRef', i.secret_ref, 'installationId', i.installation_id,
    'weight', i.weight, 'scopes', json((
      select json_group_array(json_object('owner', s.owner, 'repo', s.repo))
      from identity_scopes s where s.identity_id = i.id))))
  from identities i where i.pool = ${sql.placeholder("pool")} and i.disabled_at is null)`;

/** Without a limit: there is one row anyway, and SQLite compiles a statement anew whose limit is a bound value. */
function prepare(db: DrizzleD1Database) {
  return db
    .select({
      token: callerTokens,
      caller: callers,
      grant: callerPools.pool,
      policy: pools.policy,
      policyVersion: pools.policyVersion,
      purges: pools.purges,
      identities: identitiesOfPool.as("pool_identities"),
      proof: githubPublicRepos,
      entry: githubCacheEntries,
    })
    .from(sql`(select 1)`)
    .leftJoin(callerTokens, eq(callerTokens.hash, sql.placeholder("tokenHash")))
    .leftJoin(callers, eq(callers.id, callerTokens.callerId))
    .leftJoin(callerPools, and(eq(callerPools.callerId, callers.id), eq(callerPools.pool, sql.placeholder("pool"))))
    .leftJoin(pools, eq(pools.name, sql.placeholder("pool")))
    .leftJoin(githubPublicRepos, eq(githubPublicRepos.repo, sql.placeholder("repo")))
    .leftJoin(githubCacheEntries, eq(githubCacheEntries.key, sql.placeholder("key")))
    .prepare();
}

const statements = new WeakMap<D1Database, ReturnType<typeof prepare>>();

function statement(env: Env): ReturnType<typeof prepare> {
  const known = statements.get(env.DB) ?? prepare(database(env));
  statements.set(env.DB, known);
  return known;
}

/** @throws D1's errors; the caller of this function decides the effect of an outage on its route. */
export async function load(env: Env, request: LoadRequest): Promise<Loaded> {
  const row = await statement(env).get({ ...request });
  if (!row) throw new Error("D1 answered a statement that always has a row with none");
  const { token, caller } = row;
  const granted = token && caller && row.grant !== null && caller.disabledAt === null;
  return {
    caller: granted
      ? {
          tokenId: token.id,
          clientName: token.clientName,
          lastUsedAt: token.lastUsedAt,
          callerId: caller.id,
          name: caller.name,
          githubLogin: caller.githubLogin,
          githubUserId: caller.githubUserId,
          orgLogin: caller.orgLogin,
          verifiedAt: caller.verifiedAt,
        }
      : undefined,
    pool: poolStateOf(request.pool, row, settingsOf(env)),
    proof: row.proof ?? undefined,
    entry: row.entry ? readEntry(row.entry) : undefined,
    large: row.entry?.body === null ? readHead(row.entry) : undefined,
  };
}
