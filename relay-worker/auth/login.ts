/** `POST /v1/login/github-cli`: a GitHub token is exchanged, once, for a caller token of this machine. */
import { and, asc, eq, sql } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import { type Caller, type LoginResponse, loginRequestSchema } from "../../shared/discovery.ts";
import { OctopoolError } from "../../shared/errors.ts";
import type { RelayContext } from "../context.ts";
import { database } from "../db/client.ts";
import { callerPools, callers, callerTokens } from "../db/schema.ts";
import { settingsOf } from "../env.ts";
import { ensurePool } from "../pools/ensure.ts";
import { countAttempt } from "./attempts.ts";
import { type AllowedAccount, type GitHubUser, requireAllowed, userOfToken } from "./membership.ts";
import { rememberedCallers, unprovenCallers } from "./remembered.ts";
import { newToken, sha256Hex } from "./tokens.ts";

/** Named machines a caller may have; the one that was used least recently makes room. */
export const maxClients = 16;
const unnamedClient = "default";

type CallerRow = typeof callers.$inferSelect;

/** @throws OctopoolError as the contract lists them; the GitHub token is kept nowhere */
export async function login(context: RelayContext, address: string, body: unknown): Promise<LoginResponse> {
  const parsed = loginRequestSchema.safeParse(body);
  if (!parsed.success) {
    throw new OctopoolError("invalid_request", "A login needs github_token, and may name client_name and pool.");
  }
  const { deps, env } = context;
  const settings = settingsOf(env);
  await countAttempt(context, address);
  const { github_token: githubToken, client_name: clientName, pool = settings.defaultPool } = parsed.data;
  const user = await userOfToken(deps, settings, githubToken);
  const allowed = await requireAllowed(deps, settings, githubToken, user);
  const known = await enabledCaller(context, user);
  await requirePool(context, known, pool);
  const caller = await saveCaller(context, known, allowed);
  await ensurePool(context, pool);
  const named = clientName ?? (await onlyClient(context, caller.id));
  const token = await issueToken(context, caller.id, named, pool);
  return { caller: describe(caller, pool, named), token };
}

/**
 * The caller that an allowed account is, made now if need be.
 * @throws OctopoolError pool_denied when disabled, github_identity_mismatch
 */
export async function admitUser(context: RelayContext, user: AllowedAccount): Promise<CallerRow> {
  return saveCaller(context, await enabledCaller(context, user), user);
}

async function enabledCaller(context: RelayContext, user: GitHubUser): Promise<CallerRow | undefined> {
  const known = await findCaller(context, user);
  if (known?.disabledAt) throw new OctopoolError("pool_denied", "An operator has disabled this caller.");
  return known;
}

function describe(caller: CallerRow, pool: string, clientName: string): Caller {
  return {
    id: caller.id,
    name: caller.name,
    github_login: caller.githubLogin,
    org_login: caller.orgLogin,
    pool,
    client_name: clientName,
  };
}

/**
 * By id; by login only for a caller whom an operator named and who has not logged in yet. A disabled caller of another
 * account does not hold the login: that account is refused by its id, and the login now belongs to another account.
 */
async function findCaller({ env }: RelayContext, user: GitHubUser): Promise<CallerRow | undefined> {
  const db = database(env);
  const byId = await db.select().from(callers).where(eq(callers.githubUserId, user.id)).get();
  if (byId) return byId;
  const sameLogin = sql`lower(${callers.githubLogin}) = ${user.login.toLowerCase()}`;
  const byLogin = await db.select().from(callers).where(sameLogin);
  if (byLogin.some(({ githubUserId, disabledAt }) => githubUserId !== null && disabledAt === null)) {
    throw new OctopoolError("github_identity_mismatch", `The login ${user.login} belonged to another account here.`, {
      hint: `An operator lets the old caller go: octopool admin caller forget ${user.login}. Disabling it does, too.`,
    });
  }
  return byLogin.find(({ githubUserId }) => githubUserId === null);
}

/** Every caller may use the default pool; another one must have been granted. */
async function requirePool({ env }: RelayContext, known: CallerRow | undefined, pool: string): Promise<void> {
  if (pool === settingsOf(env).defaultPool) return;
  const mine = and(eq(callerPools.callerId, known?.id ?? ""), eq(callerPools.pool, pool));
  const granted = known && (await database(env).select().from(callerPools).where(mine).get());
  if (!granted) throw new OctopoolError("pool_denied", `The pool "${pool}" was not granted to you.`);
}

async function saveCaller(
  { deps, env }: RelayContext,
  known: CallerRow | undefined,
  user: AllowedAccount,
): Promise<CallerRow> {
  const now = deps.clock();
  const proven = {
    githubLogin: user.login,
    githubUserId: user.id,
    orgLogin: user.org,
    verifiedAt: now,
  };
  const fresh = { id: `caller_${crypto.randomUUID()}`, name: user.login, ...proven, createdAt: now };
  const db = database(env);
  const saved = known
    ? await db.update(callers).set(proven).where(eq(callers.id, known.id)).returning().get()
    : await db
        .insert(callers)
        .values(fresh)
        .onConflictDoUpdate({ target: callers.githubUserId, set: proven })
        .returning()
        .get();
  if (!saved) throw new Error("the caller vanished while logging in");
  rememberedCallers(deps.memory).clear();
  unprovenCallers(deps.memory).delete(saved.id);
  return saved;
}

/** A client that names no machine must not take over another's token. */
async function onlyClient({ env }: RelayContext, callerId: string): Promise<string> {
  const mine = eq(callerTokens.callerId, callerId);
  const names = await database(env).select({ name: callerTokens.clientName }).from(callerTokens).where(mine);
  if (names.every(({ name }) => name === unnamedClient)) return unnamedClient;
  throw new OctopoolError("client_name_ambiguous", "You are logged in on named machines already.", {
    hint: "Send client_name, such as this machine's host name.",
  });
}

/** In place of a time, for a token that was never used. */
const neverUsed = 0;

/**
 * One token a machine: logging in again replaces its token and leaves the other machines' alone.
 * @param first statements that the token needs, or that must not be without it
 */
export async function issueToken(
  { deps, env }: RelayContext,
  callerId: string,
  clientName: string,
  pool: string,
  first: readonly BatchItem<"sqlite">[] = [],
): Promise<string> {
  const token = newToken();
  const now = deps.clock();
  const db = database(env);
  const row = {
    hash: await sha256Hex(token),
    id: `token_${crypto.randomUUID()}`,
    createdAt: now,
    lastUsedAt: neverUsed,
  };
  const kept = db
    .select({ id: callerTokens.id })
    .from(callerTokens)
    .where(eq(callerTokens.callerId, callerId))
    .orderBy(
      sql`${callerTokens.id} = ${row.id} desc`,
      sql`max(${callerTokens.lastUsedAt}, ${callerTokens.createdAt}) desc`,
      asc(callerTokens.id),
    )
    .limit(maxClients);
  const granted = db.insert(callerPools).values({ callerId, pool }).onConflictDoNothing();
  const [begin = granted, ...then] = [...first, granted];
  await db.batch([
    begin,
    ...then,
    db
      .insert(callerTokens)
      .values({ ...row, callerId, clientName })
      .onConflictDoUpdate({ target: [callerTokens.callerId, callerTokens.clientName], set: row }),
    db.delete(callerTokens).where(and(eq(callerTokens.callerId, callerId), sql`${callerTokens.id} not in ${kept}`)),
  ]);
  rememberedCallers(deps.memory).clear();
  return token;
}
