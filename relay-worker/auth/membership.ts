/**
 * The accounts that may use the relay: members of the organisation and listed accounts, by GitHub's immutable user id.
 */

import { and, eq, ne, sql } from "drizzle-orm";
import * as z from "zod";
import { OctopoolError } from "../../shared/errors.ts";
import { jsonMedia } from "../../shared/media-types.ts";
import { parseJson } from "../../shared/parse-json.ts";
import type { RelayContext } from "../context.ts";
import { database } from "../db/client.ts";
import { callers } from "../db/schema.ts";
import type { Deps } from "../deps.ts";
import { type Env, type Settings, settingsOf } from "../env.ts";
import { callGitHub, type GitHubResponse } from "../github/call-github.ts";
import { logTrouble } from "../log.ts";
import type { CallerAuth } from "./caller-auth.ts";
import { rememberedCallers, unprovenCallers } from "./remembered.ts";

export interface GitHubUser {
  readonly id: number;
  readonly login: string;
}

/** An account that was proven to be allowed. */
export interface AllowedAccount extends GitHubUser {
  /** The organisation that it is a member of; empty for an account of `ALLOWED_GITHUB_USERS`. */
  readonly org: string;
}

/** Whether a caller was admitted by `ALLOWED_GITHUB_USERS`, and has been taken off it since. */
export function isUnlisted(settings: Settings, { githubUserId, orgLogin }: CallerAuth): boolean {
  return githubUserId !== null && orgLogin === "" && !isListed(settings, githubUserId);
}

const userSchema = z.object({ id: z.number().int().positive(), login: z.string().min(1) });
const orgsSchema = z.array(z.object({ login: z.string() }));
const membersSchema = z.array(userSchema);
/** 100 a page: an organisation beyond this is not checked half. */
const maxPages = 100;

/** @throws OctopoolError github_auth_failed, org_verification_failed */
export async function userOfToken(deps: Deps, settings: Settings, token: string): Promise<GitHubUser> {
  const response = await ask(deps, settings, "/user", token);
  if (response.status === 401 || response.status === 403) {
    throw new OctopoolError("github_auth_failed", "GitHub rejected the token.", { hint: "Run: gh auth login" });
  }
  const user = userSchema.safeParse(jsonOf(response)).data;
  if (response.status !== 200 || !user) throw inconclusive("the token's owner");
  return user;
}

/** Whether `ALLOWED_GITHUB_USERS` has the account; it takes no question to GitHub. */
function isListed({ allowedUsers }: Settings, id: number): boolean {
  return allowedUsers.users.some((user) => user.id === id);
}

/**
 * Proves that the token's user may use this relay.
 * @returns the organisation that the user belongs to; empty for an account of `ALLOWED_GITHUB_USERS`
 * @throws OctopoolError org_member_denied, org_verification_failed
 */
export async function requireAllowed(
  deps: Deps,
  settings: Settings,
  token: string,
  user: GitHubUser,
): Promise<AllowedAccount> {
  if (isListed(settings, user.id)) return { ...user, org: "" };
  if (await isMember(deps, settings, token)) return { ...user, org: settings.allowedOrg };
  throw memberDenied(settings, user);
}

/** Whether the token's user belongs to the organisation, read with that user's token. */
async function isMember(deps: Deps, settings: Settings, token: string): Promise<boolean> {
  const wanted = settings.allowedOrg.toLowerCase();
  if (wanted === "") return false;
  const found = await findPaged(deps, settings, "/user/orgs", token, (body) =>
    orgsSchema.safeParse(body).data?.some(({ login }) => login.toLowerCase() === wanted),
  );
  return found === true;
}

/**
 * Checks a caller again with the relay's own token. One walk through the members renews every caller in it.
 * @throws OctopoolError org_member_denied, org_verification_failed: a failed check never refreshes the proof;
 * relay_overloaded when D1 fails
 */
export async function verifyAgain(context: RelayContext, caller: CallerAuth): Promise<void> {
  const { clock, memory } = context.deps;
  const unproven = unprovenCallers(memory);
  const known = unproven.get(caller.callerId);
  if (known && clock() < known.until) throw known.error;
  try {
    await verifyNow(context, caller);
    unproven.delete(caller.callerId);
  } catch (error) {
    if (error instanceof OctopoolError) {
      const pause = error.code === "org_member_denied" ? deniedPauseMs : failedPauseMs;
      unproven.set(caller.callerId, { error, until: clock() + pause });
    }
    throw error;
  }
}

/** Listing an organisation's members costs many requests: wait before the next attempt. */
const deniedPauseMs = 60_000;
const failedPauseMs = 10_000;

async function verifyNow({ deps, env }: RelayContext, caller: CallerAuth): Promise<void> {
  const settings = settingsOf(env);
  const { orgToken, allowedOrg } = settings;
  const startedAt = deps.clock();
  const listed = settings.allowedUsers.users.find((user) => isOf(caller, user));
  if (listed) {
    rememberedCallers(deps.memory).clear();
    return storing(() => renew(env, { caller, member: { ...listed, org: "" }, members: [], startedAt }));
  }
  if (allowedOrg === "") throw memberDenied(settings, { id: caller.githubUserId, login: caller.githubLogin });
  if (!orgToken) {
    throw new OctopoolError("org_verification_failed", "The proof of membership has expired.", {
      hint: "Run octopool login again, or let an operator set OCTOPOOL_GITHUB_ORG_TOKEN.",
    });
  }
  const members: GitHubUser[] = [];
  const path = `/orgs/${encodeURIComponent(allowedOrg)}/members`;
  await findPaged(deps, settings, path, orgToken, (body) => {
    const page = membersSchema.safeParse(body).data;
    if (page) members.push(...page);
    return page ? false : undefined;
  });
  const member = members.find((each) => isOf(caller, each));
  rememberedCallers(deps.memory).clear();
  if (!member) throw memberDenied(settings, { id: caller.githubUserId, login: caller.githubLogin });
  await storing(() => renew(env, { caller, member: { ...member, org: allowedOrg }, members, startedAt }));
}

/** By id; by login only for a caller that an operator named and whose account is not known yet. */
function isOf(caller: CallerAuth, account: GitHubUser): boolean {
  return caller.githubUserId === null
    ? account.login.toLowerCase() === caller.githubLogin.toLowerCase()
    : account.id === caller.githubUserId;
}

interface Proven {
  readonly caller: CallerAuth;
  readonly member: AllowedAccount;
  readonly members: readonly GitHubUser[];
  /** ms since the epoch. */
  readonly startedAt: number;
}

async function renew(env: Env, { caller, member, members, startedAt }: Proven): Promise<void> {
  const db = database(env);
  const taken = and(eq(callers.githubUserId, member.id), ne(callers.id, caller.callerId));
  if (caller.githubUserId === null && (await db.select({ id: callers.id }).from(callers).where(taken).get())) {
    throw new OctopoolError("github_identity_mismatch", `The account ${member.login} is another caller here already.`, {
      hint: `Log in again: octopool login. An operator removes the second one: octopool admin caller forget ${caller.callerId}.`,
    });
  }
  const ids = JSON.stringify(members.map(({ id }) => id));
  await db.batch([
    db
      .update(callers)
      .set({ verifiedAt: startedAt, githubUserId: member.id, orgLogin: member.org })
      .where(eq(callers.id, caller.callerId)),
    db
      .update(callers)
      .set({ verifiedAt: startedAt })
      .where(sql`${callers.githubUserId} in (select value from json_each(${ids}))`),
  ]);
}

/** Recent failures, so that a failed request to GitHub is not repeated with each read. */
async function storing(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    if (cause instanceof OctopoolError) throw cause;
    logTrouble("D1 failed", cause);
    throw new OctopoolError("relay_overloaded", "The relay's database does not answer. Try again soon.");
  }
}

function memberDenied(settings: Settings, { id, login }: { readonly id: number | null; readonly login: string }) {
  const { allowedOrg, allowedUsers } = settings;
  const nobodyMay = allowedOrg === "" && allowedUsers.users.length === 0;
  return new OctopoolError("org_member_denied", nobodyMay ? closed : notAllowed(allowedOrg, login), {
    hint: [
      ...(allowedOrg === "" ? [] : ["The token needs the scope read:org."]),
      `An operator can add ${login}:${id ?? "ID"} to ALLOWED_GITHUB_USERS.`,
      ...(nobodyMay ? ["ALLOWED_GITHUB_ORG admits a whole organisation."] : []),
      ...(allowedUsers.unusable.length === 0 ? [] : ["An entry there is not of the form login:id."]),
    ].join(" "),
  });
}

const closed = "This relay names neither an organisation nor users, so no account may log in.";

function notAllowed(org: string, login: string): string {
  if (org === "") return `${login} is not among the accounts that may use this relay.`;
  return `${login} is not a member of ${org}, and not among the accounts that may use this relay beside it.`;
}

/**
 * Walks through pages until `look` finds something; undefined from it means that a page has an unexpected form.
 * @throws OctopoolError org_verification_failed when any page is missing: an incomplete list proves nothing
 */
async function findPaged(
  deps: Deps,
  settings: Settings,
  path: string,
  token: string,
  look: (body: unknown) => boolean | undefined,
): Promise<boolean> {
  for (let page = 1; page <= maxPages; page += 1) {
    const response = await ask(deps, settings, `${path}?per_page=100&page=${page}`, token);
    const found = response.status === 200 ? look(jsonOf(response)) : undefined;
    if (found === undefined) throw inconclusive("the memberships");
    if (found) return true;
    if (!/rel="next"/.test(response.headers.get("link") ?? "")) return false;
  }
  throw inconclusive("all of the memberships");
}

async function ask(deps: Deps, settings: Settings, path: string, token: string): Promise<GitHubResponse> {
  try {
    return await callGitHub(deps, {
      url: `${settings.githubApi}${path}`,
      headers: { accept: jsonMedia },
      authorization: `Bearer ${token}`,
      timeoutMs: settings.requestTimeoutMs,
      maxBytes: 1024 * 1024,
    });
  } catch {
    throw inconclusive("anything");
  }
}

function jsonOf(response: GitHubResponse): unknown {
  return parseJson(new TextDecoder().decode(response.body));
}

function inconclusive(what: string): OctopoolError {
  return new OctopoolError("org_verification_failed", `GitHub did not return ${what}. Try again soon.`);
}
