/** GitHub's OAuth for the browser: identifies the account and checks whether it may use the relay. */
import * as z from "zod";
import { OctopoolError } from "../../shared/errors.ts";
import { parseJson } from "../../shared/parse-json.ts";
import { admitUser } from "../auth/login.ts";
import { requireAllowed, userOfToken } from "../auth/membership.ts";
import type { RelayContext } from "../context.ts";
import type { Deps } from "../deps.ts";
import { type Settings, settingsOf } from "../env.ts";
import { callGitHub } from "../github/call-github.ts";
import { codeChallenge } from "./signing.ts";
import { codeVerifier } from "./state.ts";

export const loginPagePath = "/login/github";
export const callbackPath = "/login/github/callback";

/** @param next where to go afterwards: a path on this host */
export const signInHref = (next: string): string => `${loginPagePath}?next=${encodeURIComponent(next)}`;

interface OAuthSettings {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Origin that GitHub sends the browser back to. */
  readonly origin: string;
}

/** @throws OctopoolError oauth_unconfigured */
export function oauthSettings({ env }: RelayContext, requestOrigin: string): OAuthSettings {
  const { oauthClientId: clientId, oauthClientSecret: clientSecret, oauthCallbackOrigin } = settingsOf(env);
  if (oauthCallbackOrigin === null) {
    throw new OctopoolError("oauth_unconfigured", "GITHUB_OAUTH_CALLBACK_ORIGIN is no origin.", {
      hint: "An operator sets it to the host that the OAuth app knows, such as https://relay.example.org.",
    });
  }
  if (clientId !== "" && clientSecret) return { clientId, clientSecret, origin: oauthCallbackOrigin || requestOrigin };
  throw new OctopoolError(
    "oauth_unconfigured",
    "This relay has no GitHub OAuth app, so signing in here is not possible.",
    {
      hint: "An operator sets GITHUB_OAUTH_CLIENT_ID and the secret GITHUB_OAUTH_CLIENT_SECRET.",
    },
  );
}

/** Where GitHub asks its user for consent. */
export async function authorizeUrl({ env }: RelayContext, oauth: OAuthSettings, state: string): Promise<string> {
  const url = new URL(`${settingsOf(env).githubWeb}/login/oauth/authorize`);
  url.searchParams.set("client_id", oauth.clientId);
  url.searchParams.set("redirect_uri", `${oauth.origin}${callbackPath}`);
  url.searchParams.set("scope", "read:org");
  url.searchParams.set("state", state);
  url.searchParams.set("code_challenge", await codeChallenge(await codeVerifier(oauth.clientSecret, state)));
  url.searchParams.set("code_challenge_method", "S256");
  return url.href;
}

/**
 * Redeems GitHub's one-time code. The token is used for two requests and kept nowhere.
 * @returns the caller's id
 * @throws OctopoolError github_auth_failed, org_member_denied, pool_denied, github_identity_mismatch,
 * org_verification_failed
 */
export async function admitByCode(
  context: RelayContext,
  oauth: OAuthSettings,
  code: string,
  state: string,
): Promise<string> {
  const { deps, env } = context;
  const settings = settingsOf(env);
  const token = await redeem(deps, settings, oauth, { code, state });
  const user = await userOfToken(deps, settings, token);
  return (await admitUser(context, await requireAllowed(deps, settings, token, user))).id;
}

const tokenSchema = z.object({ access_token: z.string().min(1) });

async function redeem(
  deps: Deps,
  settings: Settings,
  oauth: OAuthSettings,
  { code, state }: { readonly code: string; readonly state: string },
): Promise<string> {
  const form = new URLSearchParams({
    client_id: oauth.clientId,
    client_secret: oauth.clientSecret,
    code,
    redirect_uri: `${oauth.origin}${callbackPath}`,
    code_verifier: await codeVerifier(oauth.clientSecret, state),
  });
  const response = await callGitHub(deps, {
    url: `${settings.githubWeb}/login/oauth/access_token`,
    method: "POST",
    headers: { accept: "application/json" },
    body: form,
    timeoutMs: settings.requestTimeoutMs,
    maxBytes: 65_536,
  });
  if (response.status >= 500) throw new OctopoolError("github_unreachable", "GitHub failed. Try again soon.");
  const token = tokenSchema.safeParse(parseJson(new TextDecoder().decode(response.body))).data?.access_token;
  if (token) return token;
  throw new OctopoolError("github_auth_failed", "GitHub did not accept this sign-in.", {
    hint: "Its code lives for ten minutes and works once: sign in again.",
  });
}
