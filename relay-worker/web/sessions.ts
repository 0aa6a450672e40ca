/** Browser sessions: 14 days, known by a cookie whose hash is all that is stored. */
import { and, desc, eq, gt, isNull, notInArray } from "drizzle-orm";
import { requireMember } from "../auth/caller.ts";
import { sha256Hex } from "../auth/tokens.ts";
import type { RelayContext } from "../context.ts";
import { database } from "../db/client.ts";
import { callers, webSessions } from "../db/schema.ts";
import { randomText } from "./signing.ts";

export const sessionSeconds = 14 * 86_400;
/** Browsers that one caller may be signed in with; the oldest session makes room. */
export const maxSessions = 16;

/** The value for a machine's name in the audit trail. */
export const webClient = "dashboard";

export interface WebSession {
  /** The cookie's value, to which forms are bound. */
  readonly token: string;
  readonly callerId: string;
  readonly name: string;
  readonly githubLogin: string;
  readonly githubUserId: number | null;
  readonly orgLogin: string;
  /** When membership was last proven; ms since the epoch. */
  readonly verifiedAt: number;
  readonly role: string | null;
  /** ms since the epoch. */
  readonly expiresAt: number;
}

/**
 * A new session, always with a new value: an attacker could have set the one that the browser sent.
 * @param old the session that this browser had; it ends
 * @returns the cookie's value
 */
export async function beginSession(
  { deps, env }: RelayContext,
  callerId: string,
  old: string | undefined,
): Promise<string> {
  const token = randomText(32);
  const createdAt = deps.clock();
  const row = { hash: await sha256Hex(token), callerId, createdAt, expiresAt: createdAt + sessionSeconds * 1000 };
  const db = database(env);
  const mine = eq(webSessions.callerId, callerId);
  const kept = db
    .select({ hash: webSessions.hash })
    .from(webSessions)
    .where(mine)
    .orderBy(desc(webSessions.createdAt), desc(webSessions.hash))
    .limit(maxSessions);
  await db.batch([
    db.delete(webSessions).where(eq(webSessions.hash, await sha256Hex(old ?? ""))),
    db.insert(webSessions).values(row),
    db.delete(webSessions).where(and(mine, notInArray(webSessions.hash, kept))),
  ]);
  return token;
}

/** The caller of a session, with their current role; membership of the organisation is checked separately. */
export async function findSession({ deps, env }: RelayContext, token: string): Promise<WebSession | undefined> {
  const now = deps.clock();
  const mine = and(
    eq(webSessions.hash, await sha256Hex(token)),
    gt(webSessions.expiresAt, now),
    isNull(callers.disabledAt),
  );
  const row = await database(env)
    .select({ caller: callers, expiresAt: webSessions.expiresAt })
    .from(webSessions)
    .innerJoin(callers, eq(callers.id, webSessions.callerId))
    .where(mine)
    .get();
  if (!row) return undefined;
  const { id: callerId, dashboardRole: role, ...caller } = row.caller;
  const { name, githubLogin, githubUserId, orgLogin, verifiedAt } = caller;
  return { callerId, name, githubLogin, githubUserId, orgLogin, verifiedAt, token, role, expiresAt: row.expiresAt };
}

/** @throws OctopoolError org_member_denied, org_verification_failed when membership had to be proven again */
export async function requireMembership(context: RelayContext, session: WebSession): Promise<void> {
  // A session has no token whose last use could be recorded.
  const noMachine = { tokenId: "", clientName: webClient, lastUsedAt: context.deps.clock() };
  await requireMember(context, { ...session, ...noMachine });
}

export async function endWebSession({ env }: RelayContext, token: string): Promise<void> {
  await database(env)
    .delete(webSessions)
    .where(eq(webSessions.hash, await sha256Hex(token)));
}
