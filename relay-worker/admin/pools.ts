/** A pool's policy, and its cache's eraser. */
import { and, asc, eq, sql } from "drizzle-orm";
import type * as z from "zod";
import {
  type Policy,
  type PolicyAnswer,
  type PolicyPatch,
  policyPatchSchema,
  policySchema,
  type poolListSchema,
  type purgeAnswerSchema,
} from "../../shared/admin.ts";
import { OctopoolError } from "../../shared/errors.ts";
import { parseJson } from "../../shared/parse-json.ts";
import { routes } from "../../shared/routes/index.ts";
import { type ChangeContext, changeRow } from "../audit/changes.ts";
import type { RelayContext } from "../context.ts";
import { database } from "../db/client.ts";
import { githubCacheEntries, githubPublicRepos, pools } from "../db/schema.ts";
import { settingsOf } from "../env.ts";
import { parseInput } from "../http/input.ts";
import { defaultPolicy, readPolicy } from "../pools/definition.ts";
import { poolRow } from "../pools/ensure.ts";

export async function listPools({ env }: RelayContext): Promise<z.infer<typeof poolListSchema>> {
  // Both sides are named in full: a select from one table writes its columns without the table.
  const count = sql<number>`(select count(*) from identities where identities.pool = pools.name)`;
  const rows = await database(env).select({ pool: pools, count }).from(pools).orderBy(asc(pools.name));
  return {
    pools: rows.map(({ pool, count: held }) => ({
      pool: pool.name,
      policy_version: pool.policyVersion,
      created_at: new Date(pool.createdAt).toISOString(),
      identities: held,
    })),
  };
}

/** @param existing - names of those that there are, where they are known already */
export function noSuchPool(pool: string, existing: readonly string[] = []): OctopoolError {
  return new OctopoolError("not_found", `There is no pool "${pool}".`, {
    hint: "`octopool admin pool list` shows those that exist.",
    ...(existing.length > 0 && { details: { pools: existing } }),
  });
}

/** @throws OctopoolError pool_policy_unavailable when the stored policy cannot be read */
/** @throws OctopoolError not_found */
export async function requirePool({ env }: RelayContext, pool: string): Promise<void> {
  if (!(await database(env).select({ name: pools.name }).from(pools).where(eq(pools.name, pool)).get())) {
    throw noSuchPool(pool);
  }
}

export async function getPolicy({ env }: RelayContext, pool: string): Promise<PolicyAnswer> {
  const row = await database(env).select().from(pools).where(eq(pools.name, pool)).get();
  if (!row) throw noSuchPool(pool);
  const policy = readPolicy(row.policy);
  if (policy) return { pool, version: row.policyVersion, policy };
  throw new OctopoolError("pool_policy_unavailable", `The policy of pool "${pool}" cannot be read.`, {
    hint: "Set all of it again.",
  });
}

/**
 * Changes the members that are named; all of them where the stored ones cannot be read.
 * @throws OctopoolError invalid_policy, with the problems
 */
export async function setPolicy(context: ChangeContext, pool: string, body: unknown): Promise<PolicyAnswer> {
  const patch = parseInput(policyPatchSchema, body, "invalid_policy");
  const { deps, env } = context;
  const db = database(env);
  const mine = eq(pools.name, pool);
  const row = await db.select().from(pools).where(mine).get();
  const base = row ? (readPolicy(row.policy) ?? requireWhole(pool, patch)) : defaultPolicy(settingsOf(env));
  const given = Object.entries(patch).filter(([, value]) => value !== undefined);
  const { gates = "ask", ...rest }: Policy = { ...base, ...Object.fromEntries(given) };
  // The default is not stored: a relay that goes back to an older version can read the policy.
  const policy: Policy = { ...rest, ...(gates !== "ask" && { gates }) };
  const version = sql`(select 'version ' || ${pools.policyVersion} from ${pools} where ${mine})`;
  await db.batch([
    poolRow(context, pool),
    db
      .update(pools)
      .set({ policy: JSON.stringify(policy), policyVersion: sql`${pools.policyVersion} + 1` })
      .where(mine),
    changeRow(context, { action: "policy.set", pool, target: version }),
  ]);
  deps.memory.forget();
  return getPolicy(context, pool);
}

/** An unreadable policy is not replaced by the defaults, which may allow more. */
function requireWhole(pool: string, patch: PolicyPatch): Policy {
  const whole = policySchema.safeParse(patch).data;
  if (whole) return whole;
  const members = policySchema
    .safeParse({})
    .error?.issues.map(({ path }) => path.join("."))
    .join(", ");
  throw new OctopoolError(
    "invalid_policy",
    `The stored policy of pool "${pool}" cannot be read, so there is nothing to keep of it: set all of ${members}.`,
  );
}

interface Purge {
  /** `owner/name` */
  readonly repo?: string | undefined;
  /** Route kind. */
  readonly route?: string | undefined;
}

/**
 * The scope of a purge, with the repository as keys have it.
 * @throws OctopoolError invalid_request
 */
export function requirePurge({ repo, route }: Purge): Purge {
  if ((repo === undefined) === (route === undefined)) {
    throw new OctopoolError("invalid_request", "Name either repo=OWNER/NAME or route=KIND.");
  }
  if (repo !== undefined && !/^[\w.-]+\/[\w.-]+$/.test(repo)) {
    throw new OctopoolError("invalid_request", "repo must be OWNER/NAME.");
  }
  if (route !== undefined && !routes.some(({ kind }) => kind === route)) {
    throw new OctopoolError("invalid_request", `"${route}" is no route kind.`);
  }
  return { repo: repo?.toLowerCase(), route };
}

/**
 * Deletes entries of a repository or of a route kind, and marks the time: copies in other layers and data centres that
 * are older no longer count. A repository's visibility proof is deleted with its entries.
 * @throws OctopoolError not_found for a pool that does not exist: a typing error must not create one
 */
export async function purgeCache(
  context: ChangeContext,
  pool: string,
  what: Purge,
): Promise<z.infer<typeof purgeAnswerSchema>> {
  const { repo: name, route } = requirePurge(what);
  const { deps, env } = context;
  const db = database(env);
  const mark = name === undefined ? `route:${route}` : `repo:${name}`;
  await requirePool(context, pool);
  // Marks that cannot be read are replaced: they must not prevent a new one.
  const readable = sql`case when json_valid(${pools.purges}) then ${pools.purges} else '{}' end`;
  const about = name === undefined ? eq(githubCacheEntries.routeKind, route ?? "") : eq(githubCacheEntries.repo, name);
  const [, gone] = await db.batch([
    db
      .update(pools)
      .set({ purges: sql`json_patch(${readable}, ${JSON.stringify({ [mark]: deps.clock() })})` })
      .where(eq(pools.name, pool)),
    db
      .delete(githubCacheEntries)
      .where(and(eq(githubCacheEntries.pool, pool), about))
      .returning({ key: githubCacheEntries.key }),
    db.delete(githubPublicRepos).where(eq(githubPublicRepos.repo, name ?? "")),
    changeRow(context, { action: "cache.purge", pool, target: name ?? route ?? "" }),
  ]);
  deps.memory.forget();
  return { pool, repo: name ?? null, route: route ?? null, entries_deleted: gone.length };
}

/** Purge marks older than any entry can be are of no more use. */
export function withoutOldMarks(purges: string, before: number): string {
  const marks = parseJson(purges);
  if (typeof marks !== "object" || marks === null) return "{}";
  return JSON.stringify(Object.fromEntries(Object.entries(marks).filter(([, at]) => Number(at) >= before)));
}
