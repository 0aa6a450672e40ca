/** Who may look at the dashboard. */
import type { Context } from "hono";
import { OctopoolError } from "../../shared/errors.ts";
import type { AppEnv } from "../http/app-env.ts";
import { readCookie, sessionCookie } from "./cookies.ts";
import { findSession, type WebSession } from "./sessions.ts";

/** The browser's session; undefined without one. */
export async function sessionOf(c: Context<AppEnv>): Promise<WebSession | undefined> {
  const token = readCookie(c, sessionCookie);
  return token === undefined ? undefined : findSession(c.var.relay, token);
}

/** @throws OctopoolError missing_auth, dashboard_denied */
export async function requireOperator(c: Context<AppEnv>): Promise<WebSession> {
  const session = await sessionOf(c);
  if (!session) {
    throw new OctopoolError("missing_auth", "This needs a browser session.", { hint: "Sign in at /login/github." });
  }
  if (session.role === "admin") return session;
  throw new OctopoolError(
    "dashboard_denied",
    `${session.githubLogin} is signed in, but is no operator of this relay.`,
    {
      hint: `An operator can grant it: octopool admin caller grant-dashboard ${session.githubLogin}`,
    },
  );
}
