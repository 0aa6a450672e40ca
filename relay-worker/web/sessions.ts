/** Browser sessions: 14 days, known by a cookie whose hash is all that is stored. */
import { and, eq, gt, isNull } from "drizzle-orm";
import { requireMember } from "../auth/caller.ts";
import { sha256Hex } from "../auth/tokens.ts";
import { database } from "../db/client.ts";
import { callers, webSessions } from "../db/schema.ts";
import type { RelayContext } from "../relay/context.ts";
import { randomText } from "./signing.ts";

export const sessionSeconds = 14 * 86_400;

export interface WebSession {
  /** The cookie's value: what forms are bound to. */
  readonly token: string;
  readonly callerId: string;
  readonly name: string;
  readonly githubLogin: string;
  readonly githubUserId: number | null;
  readonly orgLogin: string;
  readonly role: string | null;
  /** ms since the epoch. */
  readonly expiresAt: number;
}

/**
 * A new session, always with a new value: one that the browser brought along could be somebody else's plant.
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
  await db.batch([
    db.delete(webSessions).where(eq(webSessions.hash, await sha256Hex(old ?? ""))),
    db.insert(webSessions).values(row),
  ]);
  return token;
}

/**
 * Whose session it is, with the role they have now.
 * @throws OctopoolError org_member_denied, org_verification_failed when membership had to be proven again
 */
export async function findSession(context: RelayContext, token: string): Promise<WebSession | undefined> {
  const { deps, env } = context;
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
  const known = { callerId, name, githubLogin, githubUserId, orgLogin };
  // A session is no machine: there is no token whose use would be noted.
  await requireMember(context, { ...known, tokenId: "", clientName: "dashboard", lastUsedAt: now, verifiedAt });
  return { ...known, token, role, expiresAt: row.expiresAt };
}

export async function endWebSession({ env }: RelayContext, token: string): Promise<void> {
  await database(env)
    .delete(webSessions)
    .where(eq(webSessions.hash, await sha256Hex(token)));
}
