/** `GET /v1/pools/:pool/health`: the identities that can serve reads, and the remaining rate limits. */
import { and, eq, isNotNull } from "drizzle-orm";
import type { Policy } from "../../shared/admin.ts";
import type { DashboardHealth } from "../../shared/dashboard.ts";
import { OctopoolError } from "../../shared/errors.ts";
import type { PoolHealth } from "../../shared/stats.ts";
import { flushAudit } from "../audit/write.ts";
import type { RelayContext } from "../context.ts";
import { coordinatorOf } from "../coordinator/client.ts";
import type { PoolSnapshot } from "../coordinator/contract.ts";
import { poolSettings } from "../coordinator/settings.ts";
import { database } from "../db/client.ts";
import { identities } from "../db/schema.ts";
import type { Env } from "../env.ts";
import { logTrouble } from "../log.ts";
import { budgetOwnerOf, type PoolState } from "../pools/definition.ts";
import { eventsHealth } from "./events-health.ts";
import { isHealthy, type Subject, stateOf } from "./identity-state.ts";
import { recentErrors } from "./stats.ts";

const errorSpanMs = 3_600_000;
/** GitHub's usual limit, until GitHub has reported one. */
const assumed = { core: 5000, search: 30 } as const;

/** The parts of a pool that its health covers. */
interface PoolSubject {
  readonly name: string;
  readonly policyVersion: number;
  /** Undefined where it cannot be read. */
  readonly policy: Policy | undefined;
  /** Those that are not disabled. */
  readonly identities: readonly Omit<Subject, "disabled">[];
}

/** @throws OctopoolError relay_overloaded when the coordinator does not answer */
export async function poolHealth(context: RelayContext, pool: PoolState): Promise<PoolHealth> {
  const snapshot = await snapshotOf(context, pool.name);
  const { identities_healthy: healthy, ...health } = await healthOf(context, pool, snapshot);
  if (healthy !== null) return { ...health, identities_healthy: healthy };
  throw new OctopoolError("relay_overloaded", "The pool's coordinator does not answer. Try again soon.");
}

/** Undefined when the coordinator does not answer: D1's data is returned without it. */
export async function snapshotOf({ env }: RelayContext, pool: string): Promise<PoolSnapshot | undefined> {
  try {
    return await coordinatorOf(env, pool).snapshot();
  } catch (cause) {
    logTrouble("the coordinator failed", cause);
    return undefined;
  }
}

/** Without a snapshot the healthy identities and the remaining rate limits are unknown. */
export async function healthOf(
  context: RelayContext,
  pool: PoolSubject,
  snapshot: PoolSnapshot | undefined,
): Promise<DashboardHealth> {
  const { deps, env } = context;
  await flushAudit(deps, env);
  const owners = new Set(pool.identities.map(budgetOwnerOf));
  const { now = 0, budgets = [] } = snapshot ?? {};
  const current = budgets.filter(({ owner, reset }) => owners.has(owner) && reset > now);
  const { reserve } = poolSettings(env);
  const isReady = (identity: Omit<Subject, "disabled">, of: PoolSnapshot) =>
    isHealthy(stateOf({ ...identity, disabled: false }, of, reserve));
  return {
    pool: pool.name,
    identities_total: pool.identities.length,
    identities_disabled: await disabledIdentities(env, pool.name),
    identities_healthy: snapshot ? pool.identities.filter((identity) => isReady(identity, snapshot)).length : null,
    remaining_by_resource: snapshot ? remaining([...owners], current) : {},
    reset_windows: current.map(({ owner, bucket, limit, remaining: left, reset }) => ({
      budget: owner,
      identities: pool.identities.filter((each) => budgetOwnerOf(each) === owner).map(({ id }) => id),
      resource: bucket,
      limit,
      remaining: left,
      reset_at: new Date(reset).toISOString(),
    })),
    recent_errors: await recentErrors(context, pool.name, errorSpanMs),
    policy_version: pool.policyVersion,
    gates: pool.policy?.gates ?? "ask",
    events: await eventsHealth(context),
  };
}

function disabledIdentities(env: Env, pool: string): Promise<number> {
  return database(env).$count(identities, and(eq(identities.pool, pool), isNotNull(identities.disabledAt)));
}

function remaining(owners: readonly string[], current: PoolSnapshot["budgets"]): Record<string, number> {
  const resources = new Set<string>([...Object.keys(assumed), ...current.map(({ bucket }) => bucket)]);
  const left = (owner: string, resource: string) => {
    const known = current.find((budget) => budget.owner === owner && budget.bucket === resource);
    return known?.remaining ?? (resource === "core" ? assumed.core : resource === "search" ? assumed.search : 0);
  };
  return Object.fromEntries(
    [...resources].map((resource) => [resource, owners.reduce((total, owner) => total + left(owner, resource), 0)]),
  );
}
