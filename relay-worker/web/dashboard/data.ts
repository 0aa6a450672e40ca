/** Gathers the dashboard's data: the sums, the current state in D1, and the state of the pool's coordinator. */
import { asc, desc, inArray } from "drizzle-orm";
import type { AuditEvent } from "../../../shared/admin.ts";
import { type Dashboard, refreshSeconds, type Trouble } from "../../../shared/dashboard.ts";
import { listIdentities } from "../../admin/identities.ts";
import { noSuchPool } from "../../admin/pools.ts";
import { auditPage } from "../../audit/list.ts";
import type { RelayContext } from "../../context.ts";
import { anonymousOwner, type PoolSnapshot } from "../../coordinator/contract.ts";
import { poolSettings } from "../../coordinator/settings.ts";
import { database } from "../../db/client.ts";
import { githubPublicRepos, pools } from "../../db/schema.ts";
import { settingsOf } from "../../env.ts";
import { readPolicy, readPurges } from "../../pools/definition.ts";
import { healthOf, snapshotOf } from "../../stats/health.ts";
import { loginsOf } from "../../stats/stats.ts";
import { aggregate } from "./aggregate.ts";
import { describeCallers } from "./callers.ts";
import { asSubject, budgetsOf, iso, withPool } from "./identities.ts";
import type { DashboardQuery } from "./query.ts";

const recentRequests = 25;
const recentChanges = 10;
const recentProofs = 12;

/** @throws OctopoolError not_found for a pool that does not exist; the default one may yet come into being */
export async function dashboard(context: RelayContext, query: DashboardQuery): Promise<Dashboard> {
  const { deps, env } = context;
  const { pool, windowSeconds, filter, cursor } = query;
  const known = await database(env).select().from(pools).orderBy(asc(pools.name));
  const row = known.find(({ name }) => name === pool);
  if (!row && pool !== settingsOf(env).defaultPool)
    throw noSuchPool(
      pool,
      known.map(({ name }) => name),
    );
  const now = deps.clock();
  const since = now - windowSeconds * 1000;
  const [snapshot, counted, identities, proofs, requests, changes] = await Promise.all([
    snapshotOf(context, pool),
    aggregate(context, pool, windowSeconds),
    listIdentities(context, pool),
    latestProofs(context),
    auditPage(context, { limit: recentRequests, cursor }, { pool, action: "request", since, ...filter }),
    auditPage(context, { limit: recentChanges, cursor: undefined }, { changes: true }),
  ]);
  const enabled = identities.filter(({ disabled }) => !disabled).map(asSubject);
  const policy = row && readPolicy(row.policy);
  const subject = { name: pool, policyVersion: row?.policyVersion ?? 1, policy, identities: enabled };
  const [health, callers, logins] = await Promise.all([
    healthOf(context, subject, snapshot),
    describeCallers(context, counted.callers),
    loginsOf(context, [...requests.events, ...changes.events].flatMap(callersIn)),
  ]);
  const { verdicts, callers: list, ...figures } = counted;
  return {
    pool,
    pools: known.map(({ name }) => name),
    ...figures,
    now: iso(now),
    window_seconds: windowSeconds,
    refresh_seconds: refreshSeconds(windowSeconds),
    troubles: troublesOf(row, snapshot),
    health,
    identities: withPool(identities, snapshot, poolSettings(env).reserve),
    ...underWay(snapshot),
    callers,
    callers_total: list.total,
    logins: Object.fromEntries(logins),
    proofs: {
      public: verdicts.public ?? 0,
      not_public: verdicts.not_public ?? 0,
      moved: verdicts.moved ?? 0,
      recent: proofs.map(({ repo, verdict, checkedAt, expiresAt }) => ({
        repo,
        verdict,
        checked_at: iso(checkedAt),
        expires_at: iso(expiresAt),
      })),
    },
    requests,
    changes: changes.events,
  };
}

function troublesOf(row: typeof pools.$inferSelect | undefined, snapshot: PoolSnapshot | undefined): Trouble[] {
  const troubles: Trouble[] = [];
  if (!snapshot) troubles.push("coordinator_unavailable");
  if (row && !readPolicy(row.policy)) troubles.push("policy_unreadable");
  if (row && !readPurges(row.purges)) troubles.push("purges_unreadable");
  return troubles;
}

function underWay(snapshot: PoolSnapshot | undefined): Pick<Dashboard, "anonymous" | "leases" | "fills"> {
  if (!snapshot) return { anonymous: [], leases: [], fills: [] };
  return {
    anonymous: budgetsOf(anonymousOwner, snapshot),
    leases: snapshot.leases
      .filter(({ expires }) => expires > snapshot.now)
      .map(({ routeKey, identityId, expires }) => ({
        route: routeKey,
        identity: identityId,
        expires_at: iso(expires),
      })),
    fills: snapshot.fills.map(({ key, startedAt, followers }) => ({ key, started_at: iso(startedAt), followers })),
  };
}

function latestProofs({ env }: RelayContext) {
  return database(env)
    .select()
    .from(githubPublicRepos)
    .where(inArray(githubPublicRepos.verdict, ["public", "not_public", "moved"]))
    .orderBy(desc(githubPublicRepos.expiresAt))
    .limit(recentProofs);
}

/** Names the operator and the caller of a change: the audit rows hold only ids. */
function callersIn({ caller, target, action }: AuditEvent): string[] {
  const named = action === "request" ? [] : (target?.match(/\bcaller_[\w-]+/g) ?? []);
  return [...(caller === null ? [] : [caller]), ...named];
}
