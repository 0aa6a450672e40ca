/** Membership of the organisation, always by GitHub's immutable user id: logins change hands. */

import { and, eq, ne, sql } from "drizzle-orm";
import { z } from "zod";
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
  if (response.status !== 200 || !user) throw inconclusive("who the token belongs to");
  return user;
}

/** Whether the token's user belongs to the organisation, as that user may tell. */
export async function isMember(deps: Deps, settings: Settings, token: string): Promise<boolean> {
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
  if (!orgToken || allowedOrg === "") {
    throw new OctopoolError("org_verification_failed", "The proof of membership has expired.", {
      hint: "Run octopool login again, or let an operator set OCTOPOOL_GITHUB_ORG_TOKEN.",
    });
  }
  const startedAt = deps.clock();
  const members: GitHubUser[] = [];
  const path = `/orgs/${encodeURIComponent(allowedOrg)}/members`;
  await findPaged(deps, settings, path, orgToken, (body) => {
    const page = membersSchema.safeParse(body).data;
    if (page) members.push(...page);
    return page ? false : undefined;
  });
  const isIt = (member: GitHubUser) =>
    caller.githubUserId === null
      ? member.login.toLowerCase() === caller.githubLogin.toLowerCase()
      : member.id === caller.githubUserId;
  const member = members.find(isIt);
  rememberedCallers(deps.memory).clear();
  if (!member) throw memberDenied(settings);
  await storing(() => renew(env, { caller, member, members, startedAt }));
}

interface Proven {
  readonly caller: CallerAuth;
  readonly member: GitHubUser;
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
    db.update(callers).set({ verifiedAt: startedAt, githubUserId: member.id }).where(eq(callers.id, caller.callerId)),
    db
      .update(callers)
      .set({ verifiedAt: startedAt })
      .where(sql`${callers.githubUserId} in (select value from json_each(${ids}))`),
  ]);
}

/** Known trouble, so that what GitHub was asked in vain is not asked again with each read. */
async function storing(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    if (cause instanceof OctopoolError) throw cause;
    logTrouble("D1 failed", cause);
    throw new OctopoolError("relay_overloaded", "The relay's database does not answer. Try again soon.");
  }
}

export function memberDenied({ allowedOrg }: Settings): OctopoolError {
  const message =
    allowedOrg === ""
      ? "This relay names no organisation, so nobody may log in."
      : `You are not a member of ${allowedOrg}.`;
  return new OctopoolError("org_member_denied", message, {
    hint: allowedOrg === "" ? "An operator sets ALLOWED_GITHUB_ORG." : "The token needs the scope read:org.",
  });
}

/**
 * Walks through pages until `look` finds something; its undefined means that a page made no sense.
 * @throws OctopoolError org_verification_failed when any page is missing: half an answer proves nothing
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
  return new OctopoolError("org_verification_failed", `GitHub did not tell ${what}. Try again soon.`);
}
