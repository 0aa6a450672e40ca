/** Callers: create, list, disable, and revoke a machine's token. */
import { and, asc, eq, gt, inArray, sql } from "drizzle-orm";
import type * as z from "zod";
import { type AdminCaller, createCallerSchema, type patchCallerSchema } from "../../shared/admin.ts";
import { OctopoolError } from "../../shared/errors.ts";
import { type ChangeContext, changeRow } from "../audit/changes.ts";
import type { OperatorAction } from "../audit/list.ts";
import { issueToken } from "../auth/login.ts";
import type { RelayContext } from "../context.ts";
import { database } from "../db/client.ts";
import { callerPools, callers, callerTokens, webSessions } from "../db/schema.ts";
import { settingsOf } from "../env.ts";
import { type PageInput, parseInput } from "../http/input.ts";
import { poolRow } from "../pools/ensure.ts";

const iso = (ms: number) => new Date(ms).toISOString();

/** Gives the caller of that login a further token and the pool; creates the caller if there is none. */
export async function createCaller(
  context: ChangeContext,
  body: unknown,
): Promise<{ caller: AdminCaller; token: string; replaced: boolean }> {
  const { pool, github_login: login, name } = parseInput(createCallerSchema, body);
  const { deps, env } = context;
  const db = database(env);
  const now = deps.clock();
  const sameLogin = sql`lower(${callers.githubLogin}) = ${login.toLowerCase()}`;
  // If a disabled caller has this login too, use the enabled one.
  const byLogin = db.select({ id: callers.id }).from(callers).where(sameLogin).orderBy(asc(callers.disabledAt));
  const known = await byLogin.get();
  const id = known?.id ?? `caller_${crypto.randomUUID()}`;
  const clientName = name ?? "admin";
  const sameName = and(eq(callerTokens.callerId, id), eq(callerTokens.clientName, clientName));
  const replaced = (await db.select({ id: callerTokens.id }).from(callerTokens).where(sameName).get()) !== undefined;
  const orgLogin = settingsOf(env).allowedOrg;
  // Counts as a member until the first check: the operator added them.
  const row = { id, name: name ?? login, githubLogin: login, orgLogin, verifiedAt: now, createdAt: now };
  const token = await issueToken(context, id, clientName, pool, [
    poolRow(context, pool),
    ...(known ? [] : [db.insert(callers).values(row)]),
    changeRow(context, { action: "caller.create", pool, target: id, status: 201 }),
  ]);
  return { caller: await findCaller(context, id), token, replaced };
}

export async function listCallers(
  context: RelayContext,
  { limit, cursor = "" }: PageInput,
  pool: string | undefined,
): Promise<{ callers: AdminCaller[]; next_cursor: string | null }> {
  const db = database(context.env);
  const ofPool = db
    .select({ id: callerPools.callerId })
    .from(callerPools)
    .where(eq(callerPools.pool, pool ?? ""));
  const wanted = and(gt(callers.id, cursor), pool === undefined ? undefined : inArray(callers.id, ofPool));
  const rows = await db
    .select()
    .from(callers)
    .where(wanted)
    .orderBy(asc(callers.id))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  const shown = await describeCallers(context, page);
  return { callers: shown, next_cursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}

/**
 * A disabled caller's tokens stop working and browser sessions end, as do those of an operator who loses the dashboard.
 * @throws OctopoolError invalid_request when it is not known yet which GitHub account would get the dashboard
 */
export async function patchCaller(
  context: ChangeContext,
  id: string,
  patch: z.infer<typeof patchCallerSchema>,
): Promise<AdminCaller> {
  const { disabled, dashboard_role: dashboardRole } = patch;
  const { deps, env } = context;
  const db = database(env);
  const changed = {
    ...(disabled === undefined ? {} : { disabledAt: disabled ? deps.clock() : null }),
    ...(dashboardRole === undefined ? {} : { dashboardRole }),
  };
  const caller = await findCaller(context, id);
  if (dashboardRole === "admin") requireAccount(caller);
  const ends = disabled === true || dashboardRole === null;
  const ended = and(eq(webSessions.callerId, id), ends ? undefined : sql`false`);
  await db.batch([
    db.update(callers).set(changed).where(eq(callers.id, id)),
    db.delete(webSessions).where(ended),
    ...actionsOf(patch).map((action) => changeRow(context, { action, pool: null, target: id })),
  ]);
  deps.memory.forget();
  return findCaller(context, id);
}

/** The name of a caller's change in the audit trail. */
function actionsOf({ disabled, dashboard_role: role }: z.infer<typeof patchCallerSchema>): OperatorAction[] {
  const actions: OperatorAction[] = [];
  if (disabled !== undefined) actions.push(disabled ? "caller.disable" : "caller.enable");
  if (role !== undefined) actions.push(role === "admin" ? "caller.grant_dashboard" : "caller.withdraw_dashboard");
  return actions;
}

/** A caller that an operator named is only a login, and a login can pass to another account. */
function requireAccount({ github_login: login, github_user_id: account }: AdminCaller): void {
  if (account !== null) return;
  throw new OctopoolError("invalid_request", `${login} has not logged in yet, so their GitHub account is not known.`, {
    hint: "Let them run octopool login, or sign in at /login/github, and grant it then.",
  });
}

export async function revokeToken(context: ChangeContext, callerId: string, tokenId: string): Promise<AdminCaller> {
  const { deps, env } = context;
  const wanted = and(eq(callerTokens.callerId, callerId), eq(callerTokens.id, tokenId));
  const db = database(env);
  const known = await db.select({ name: callerTokens.clientName }).from(callerTokens).where(wanted).get();
  if (!known) throw new OctopoolError("not_found", "There is no such token.");
  await db.batch([
    db.delete(callerTokens).where(wanted),
    changeRow(context, { action: "token.revoke", pool: null, target: `${callerId} ${tokenId} ${known.name}` }),
  ]);
  deps.memory.forget();
  return findCaller(context, callerId);
}

export async function findCaller(context: RelayContext, id: string): Promise<AdminCaller> {
  const rows = await database(context.env).select().from(callers).where(eq(callers.id, id));
  const [found] = await describeCallers(context, rows);
  if (!found) throw new OctopoolError("not_found", "There is no such caller.");
  return found;
}

async function describeCallers(
  { env }: RelayContext,
  rows: readonly (typeof callers.$inferSelect)[],
): Promise<AdminCaller[]> {
  const db = database(env);
  const ids = sql`(select value from json_each(${JSON.stringify(rows.map(({ id }) => id))}))`;
  const [granted, tokens] = await db.batch([
    db.select().from(callerPools).where(sql`${callerPools.callerId} in ${ids}`),
    db.select().from(callerTokens).where(sql`${callerTokens.callerId} in ${ids}`),
  ]);
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    github_login: row.githubLogin,
    github_user_id: row.githubUserId,
    pools: granted.filter(({ callerId }) => callerId === row.id).map(({ pool }) => pool),
    disabled: row.disabledAt !== null,
    dashboard_role: row.dashboardRole === "admin" ? "admin" : null,
    verified_at: iso(row.verifiedAt),
    created_at: iso(row.createdAt),
    tokens: tokens
      .filter(({ callerId }) => callerId === row.id)
      .map(({ id, clientName, createdAt, lastUsedAt }) => ({
        id,
        client_name: clientName,
        created_at: iso(createdAt),
        last_used_at: lastUsedAt === 0 ? null : iso(lastUsedAt),
      })),
  }));
}
