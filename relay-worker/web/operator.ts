/** Decides which callers may open the dashboard. */
import type { Context } from "hono";
import { OctopoolError } from "../../shared/errors.ts";
import type { AppEnv } from "../http/app-env.ts";
import { readCookie, sessionCookie } from "./cookies.ts";
import { findSession, requireMembership, type WebSession } from "./sessions.ts";

/** The browser's session; undefined without one. */
export async function sessionOf(c: Context<AppEnv>): Promise<WebSession | undefined> {
  const token = readCookie(c, sessionCookie);
  return token === undefined ? undefined : findSession(c.var.relay, token);
}

/**
 * @param session the one that was found already
 * @throws OctopoolError missing_auth, dashboard_denied, org_member_denied, org_verification_failed
 */
export async function requireOperator(c: Context<AppEnv>, session?: WebSession): Promise<WebSession> {
  const held = session ?? (await sessionOf(c));
  if (!held) {
    throw new OctopoolError("missing_auth", "This needs a browser session.", { hint: "Sign in at /login/github." });
  }
  await requireMembership(c.var.relay, held);
  if (held.role === "admin") return held;
  throw new OctopoolError("dashboard_denied", `${held.githubLogin} is signed in, but is no operator of this relay.`, {
    hint: `An operator can grant it: octopool admin caller grant-dashboard ${held.githubLogin}`,
  });
}
