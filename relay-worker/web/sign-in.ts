/** Signing in and out with a browser. */
import { type Context, Hono } from "hono";
import { OctopoolError } from "../../shared/errors.ts";
import { auditRow } from "../audit/row.ts";
import { audit } from "../audit/write.ts";
import { countAttempt, isFirstUse } from "../auth/attempts.ts";
import type { AppEnv } from "../http/app-env.ts";
import { clientAddress } from "../http/client-address.ts";
import { dropCookie, putCookie, readCookie, sessionCookie, stateCookie } from "./cookies.ts";
import { readForm, requireForm } from "./forms.ts";
import { admitByCode, authorizeUrl, callbackPath, loginPagePath, oauthSettings, signInHref } from "./oauth.ts";
import { sessionOf } from "./operator.ts";
import { beginSession, endWebSession, sessionSeconds, webClient } from "./sessions.ts";
import { makeState, readState, safeNext, stateSeconds } from "./state.ts";

const logoutPath = "/logout";
export const authRoutes = new Hono<AppEnv>();

authRoutes.get(loginPagePath, async (c) => {
  const { origin } = new URL(c.req.url);
  const oauth = oauthSettings(c.var.relay, origin);
  const next = safeNext(c.req.query("next"));
  // The cookie has to lie on the host that GitHub sends the browser back to.
  if (oauth.origin !== origin) return c.redirect(oauth.origin + signInHref(next));
  const state = await makeState(oauth.clientSecret, next, c.var.relay.deps.clock());
  putCookie(c, stateCookie, state, stateSeconds);
  return c.redirect(await authorizeUrl(c.var.relay, oauth, state));
});

authRoutes.get(callbackPath, async (c) => {
  const oauth = oauthSettings(c.var.relay, new URL(c.req.url).origin);
  const { code, state = "", error } = c.req.query();
  const mirrored = readCookie(c, stateCookie);
  // Good for one try, however it ends.
  dropCookie(c, stateCookie);
  const known = mirrored === state ? await readState(oauth.clientSecret, state, c.var.relay.deps.clock()) : undefined;
  if (!known) throw staleSignIn();
  await countAttempt(c.var.relay, clientAddress(c));
  if (!(await isFirstUse(c.var.relay, state))) throw staleSignIn();
  if (error || !code) throw new OctopoolError("github_auth_failed", "GitHub reports that access was not granted.");
  const callerId = await admitByCode(c.var.relay, oauth, code, state);
  const token = await beginSession(c.var.relay, callerId, readCookie(c, sessionCookie));
  putCookie(c, sessionCookie, token, sessionSeconds);
  note(c, "web.login", callerId);
  return c.redirect(known.next);
});

authRoutes.post(logoutPath, async (c) => {
  const session = await sessionOf(c);
  if (session) {
    await requireForm(c, session, await readForm(c));
    await endWebSession(c.var.relay, session.token);
    note(c, "web.logout", session.callerId);
  }
  dropCookie(c, sessionCookie);
  return c.redirect("/", 303);
});

function note(c: Context<AppEnv>, action: "web.login" | "web.logout", callerId: string): void {
  const { deps, env, requestId, background } = c.var.relay;
  audit(deps, env, background, { ...auditRow(deps.clock(), action, requestId), callerId, clientName: webClient });
}

function staleSignIn(): OctopoolError {
  return new OctopoolError(
    "csrf_denied",
    "This sign-in was not begun in this browser, was used already, or is over ten minutes old.",
    {
      hint: "Sign in again from the dashboard.",
    },
  );
}
