/** Makes the value of `Authorization` for an identity. Credentials are Worker secrets and never leave this module. */

import githubAppJwt from "universal-github-app-jwt";
import * as z from "zod";
import { bounded } from "../../shared/bounded.ts";
import { OctopoolError } from "../../shared/errors.ts";
import { jsonMedia } from "../../shared/media-types.ts";
import { parseJson } from "../../shared/parse-json.ts";
import type { Deps } from "../deps.ts";
import { type Env, settingNames, settingsOf } from "../env.ts";
import { memoryPart } from "../memory.ts";
import type { Identity } from "../pools/definition.ts";
import { callGitHub, type GitHubResponse } from "./call-github.ts";
import { type Refusal, refusalOf } from "./rate.ts";

/** An installation token is not used in its last minute: the request may take a while. */
const expiryMarginMs = 60_000;
const tokenSchema = z.object({ token: z.string().min(1), expires_at: z.iso.datetime({ offset: true }) });

interface Credential {
  readonly authorization: string;
  /** Requests that getting it cost. */
  readonly calls: number;
}

/** An installation token of a GitHub App. */
interface AppToken {
  readonly token: string;
  /** ms since the epoch. */
  readonly gotAt: number;
  /** ms since the epoch; already earlier than GitHub's by the safety margin. */
  readonly expiresAt: number;
}

/** Installation tokens that this isolate remembers. */
export const appTokens = memoryPart(() => bounded<AppToken>(200));

/** A token for one repository, and for reading only. */
export interface Grant {
  /** Without its owner, which is the installation's. */
  readonly repository: string;
}

/** The permissions of such a token; docs/identities.md lists the same ones for an App. */
const readPermissions = {
  actions: "read",
  checks: "read",
  contents: "read",
  issues: "read",
  metadata: "read",
  pull_requests: "read",
} as const;

/**
 * @param grant narrows an App's token; a PAT cannot be narrowed
 * @throws OctopoolError identity_misconfigured or github_app_key_format when the operator must act; github_unreachable;
 *   TokenRefused
 */
export async function credentialOf(deps: Deps, env: Env, identity: Identity, grant?: Grant): Promise<Credential> {
  if (identity.kind === "pat") return { authorization: `Bearer ${secretOf(env, identity)}`, calls: 0 };
  const known = appTokens(deps.memory).get(tokenKey(identity, grant));
  if (known && deps.clock() < known.expiresAt) return { authorization: `Bearer ${known.token}`, calls: 0 };
  return { authorization: `Bearer ${await installationToken(deps, env, identity, grant)}`, calls: 1 };
}

/** GitHub gives no token for now, or none for that repository, and nothing is wrong with the identity. */
export class TokenRefused extends Error {
  override readonly name = "TokenRefused";
  readonly refusal: Refusal;
  readonly response: GitHubResponse;

  constructor(refusal: Refusal, response: GitHubResponse) {
    super(`GitHub gives no installation token now (${refusal}).`);
    this.refusal = refusal;
    this.response = response;
  }
}

/** ms since the installation token that is used now was got; undefined when none is held. */
export function credentialAgeMs(deps: Deps, identity: Identity, grant?: Grant): number | undefined {
  const known = appTokens(deps.memory).get(tokenKey(identity, grant));
  return known && deps.clock() - known.gotAt;
}

/** GitHub has refused it: the next use gets a new one. */
export function forgetCredential(deps: Deps, identity: Identity, grant?: Grant): void {
  appTokens(deps.memory).delete(tokenKey(identity, grant));
}

/** An identity that an operator points to another installation must not go on with the old one's token. */
function tokenKey({ id, installationId, secretRef }: Identity, grant: Grant | undefined): string {
  return `${id} ${installationId} ${secretRef} ${grant?.repository ?? ""}`;
}

/**
 * Whether an identity may name that secret. The relay's own secrets are refused: as an identity's they would be sent to
 * GitHub, and the organisation's token may only look at members, not serve reads.
 */
export function mayBeIdentitys(secretRef: string): boolean {
  return !settingNames.has(secretRef);
}

/** Undefined for one that is not set, or is the relay's own. */
export function secretNamed(env: Env, secretRef: string): string | undefined {
  const value = mayBeIdentitys(secretRef) ? env[secretRef] : undefined;
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}

function secretOf(env: Env, identity: Identity): string {
  if (!mayBeIdentitys(identity.secretRef)) throw misconfigured(identity, `${identity.secretRef} is the relay's own.`);
  const value = secretNamed(env, identity.secretRef);
  if (value !== undefined) return value;
  throw misconfigured(identity, `The secret ${identity.secretRef} is not set.`);
}

async function installationToken(deps: Deps, env: Env, identity: Identity, grant: Grant | undefined): Promise<string> {
  const { githubApi, githubAppId, requestTimeoutMs } = settingsOf(env);
  if (!githubAppId) throw misconfigured(identity, "OCTOPOOL_GITHUB_APP_ID is not set.");
  const response = await callGitHub(deps, {
    url: `${githubApi}/app/installations/${identity.installationId}/access_tokens`,
    method: "POST",
    headers: { accept: jsonMedia, ...(grant && { "content-type": "application/json" }) },
    ...(grant && { body: JSON.stringify({ repositories: [grant.repository], permissions: readPermissions }) }),
    authorization: `Bearer ${await identityJwt(deps, githubAppId, secretOf(env, identity), identity)}`,
    timeoutMs: requestTimeoutMs,
    maxBytes: 65_536,
  });
  const refusal = refusalOf(response);
  if (refusal === "rate_limited" || refusal === "depleted") throw new TokenRefused(refusal, response);
  // The installation does not cover the repository, or has not all of these rights.
  if (grant && response.status === 422) throw new TokenRefused("forbidden", response);
  const granted = tokenSchema.safeParse(parseJson(new TextDecoder().decode(response.body))).data;
  if (response.status >= 400 && response.status < 500) {
    throw misconfigured(identity, `GitHub refused an installation token with ${response.status}.`);
  }
  if (response.status !== 201 || !granted) {
    throw new OctopoolError("github_unreachable", "GitHub gave no installation token.");
  }
  const expiresAt = Date.parse(granted.expires_at) - expiryMarginMs;
  appTokens(deps.memory).set(tokenKey(identity, grant), { token: granted.token, gotAt: deps.clock(), expiresAt });
  return granted.token;
}

async function identityJwt(deps: Deps, id: string, key: string, identity: Identity): Promise<string> {
  const token = await appToken(deps, { id, key, about: `identity "${identity.id}"` });
  if (token === undefined) throw misconfigured(identity, "Its key cannot be read.");
  return token;
}

/**
 * The App's own JSON web token, for ten minutes.
 * @param about the owner of the key, for the message
 * @returns undefined where the key cannot be read
 * @throws OctopoolError github_app_key_format
 */
export async function appToken(
  deps: Pick<Deps, "clock">,
  { id, key, about }: { id: string; key: string; about: string },
): Promise<string | undefined> {
  // WebCrypto reads PKCS#8 only.
  if (/-----BEGIN (RSA|OPENSSH) PRIVATE KEY-----/.test(key)) {
    throw new OctopoolError("github_app_key_format", `The key of ${about} is not in PKCS#8 format.`, {
      hint: "Convert it: openssl pkcs8 -topk8 -nocrypt -in key.pem -out key.pkcs8.pem",
    });
  }
  try {
    const privateKey = key.replaceAll("\\n", "\n");
    return (await githubAppJwt({ id, privateKey, now: Math.floor(deps.clock() / 1000) })).token;
  } catch {
    // The library's message could quote the key.
    return undefined;
  }
}

function misconfigured(identity: Identity, why: string): OctopoolError {
  return new OctopoolError("identity_misconfigured", `Identity "${identity.id}" cannot be used. ${why}`);
}
