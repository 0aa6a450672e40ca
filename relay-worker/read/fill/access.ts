/**
 * Access to GitHub with one identity, or without a credential. Each call counts, and GitHub's rate limit headers are
 * recorded.
 */
import { OctopoolError } from "../../../shared/errors.ts";
import { jsonMedia } from "../../../shared/media-types.ts";
import type { Backend } from "../../cache/entry.ts";
import { anonymousOwner, type Bucket } from "../../coordinator/contract.ts";
import { callGitHub, type GitHubResponse } from "../../github/call-github.ts";
import { credentialAgeMs, credentialOf, forgetCredential, type Grant, TokenRefused } from "../../github/credentials.ts";
import { type Asked, observe, type Refusal, refusalOf } from "../../github/rate.ts";
import { budgetOwnerOf, type Identity } from "../../pools/definition.ts";
import { type Refused, refusedBy } from "./refusals.ts";
import type { Tally, Work } from "./work.ts";

export interface Access {
  readonly work: Work;
  /** Null: GitHub is asked without a credential. */
  readonly identity: Identity | null;
  readonly authorization: string | undefined;
  readonly tally: Tally;
}

/** Access with the identity's credential; refused when that cannot be had. */
export async function accessOf(work: Work, identity: Identity | null, tally: Tally): Promise<Access | Refused> {
  if (!identity) return { work, identity, authorization: undefined, tally };
  try {
    const { authorization, calls } = await credentialOf(work.deps, work.env, identity, grantOf(work));
    tally.calls += calls;
    return { work, identity, authorization, tally };
  } catch (error) {
    return withoutCredential(work, identity, tally, error);
  }
}

/** The repository of a GraphQL answer must be public for every caller: the token sees that one repository. */
function grantOf({ plan: { graphql, repository } }: Work): Grant | undefined {
  return graphql && repository && { repository: repository.name };
}

/** The request goes on with another identity: a missing token of this one says nothing about others. */
function withoutCredential(work: Work, identity: Identity, tally: Tally, error: unknown): Refused {
  const asked = {
    identityId: identity.id,
    budgetOwner: budgetOwnerOf(identity),
    bucket: work.plan.bucket,
    routeKey: work.plan.routeKey,
  };
  if (error instanceof TokenRefused) {
    tally.calls += 1;
    // No token for one repository bars the identity from this read alone.
    const seen = observe({ ...asked, bucket: "core" }, error.response);
    tally.note(error.refusal === "forbidden" ? { ...seen, status: 403 } : seen);
    return refusedBy(error.refusal, false);
  }
  if (!(error instanceof OctopoolError)) throw error;
  if (error.code !== "github_unreachable") tally.note({ ...asked, status: 0, misconfigured: true });
  return { kind: "refused", error };
}

export interface Question {
  readonly path: string;
  readonly query?: readonly (readonly [string, string])[];
  readonly accept?: string;
  readonly conditions?: Readonly<Record<string, string>>;
  readonly bucket?: Bucket;
  /** The route on which a refusal counts; the read's own if absent. */
  readonly routeKey?: string;
  /** JSON to send with a POST; a GET without. */
  readonly body?: string;
}

/** GitHub's answer, also when it is a refusal. */
export async function ask(access: Access, question: Question): Promise<GitHubResponse> {
  const { work, identity, tally } = access;
  const { deps, settings, plan } = work;
  const { path, query = [], accept = jsonMedia, conditions = {}, bucket = "core", routeKey = plan.routeKey } = question;
  const { body } = question;
  const sent = body === undefined ? {} : { method: "POST", body };
  const type = body === undefined ? {} : { "content-type": "application/json" };
  const search = new URLSearchParams(query.map(([key, value]) => [key, value])).toString();
  tally.calls += 1;
  const send = (authorization: string | undefined) =>
    callGitHub(deps, {
      url: `${settings.githubApi}${path}${search === "" ? "" : `?${search}`}`,
      ...sent,
      headers: { accept, "x-github-api-version": plan.apiVersion, ...type, ...conditions },
      authorization,
      timeoutMs: timeLeft(work),
      maxBytes: bodyLimit(work),
    });
  let response = await send(access.authorization);
  if (response.status === 401 && identity?.kind === "github_app") {
    const again = await secondCredential(access, identity);
    if (again !== undefined) {
      tally.calls += 1;
      response = await send(again);
      answeredToSecondToken.add(response);
    }
  }
  note(access, bucket, response, routeKey);
  if (response.status === 401 && identity) forgetCredential(deps, identity, grantOf(work));
  return response;
}

/** Answers that were not given to the token which the access names. */
export const answeredToSecondToken = new WeakSet<GitHubResponse>();

/** A new token is not known everywhere at once. */
const newTokenMs = 30_000;
const newTokenPauseMs = 1_000;

/**
 * The token for the second attempt after a 401: a token that is seconds old, a moment later; for an older one, which
 * may have been revoked, a new one.
 */
async function secondCredential({ work, tally }: Access, identity: Identity): Promise<string | undefined> {
  const { deps, env } = work;
  const grant = grantOf(work);
  const age = credentialAgeMs(deps, identity, grant);
  if (age !== undefined && age < newTokenMs) await deps.pause(newTokenPauseMs);
  else forgetCredential(deps, identity, grant);
  try {
    const { authorization, calls } = await credentialOf(deps, env, identity, grant);
    tally.calls += calls;
    return authorization;
  } catch {
    // The 401 stands.
    return undefined;
  }
}

/** GitHub's answer, or the refusal of this identity: another one may succeed. */
export async function askOrRefuse(access: Access, question: Question): Promise<GitHubResponse | Refused> {
  const response = await ask(access, question);
  const refusal = refusalOf(response);
  return refusal ? refused(access, refusal) : response;
}

/** Reports to the coordinator, with the end of the fill, this identity's limits from GitHub's answer. */
export function note(
  { work, identity, tally }: Access,
  bucket: Bucket,
  response: GitHubResponse,
  routeKey = work.plan.routeKey,
): void {
  const budgetOwner = identity ? budgetOwnerOf(identity) : anonymousOwner;
  const asked: Asked = { identityId: identity?.id ?? null, budgetOwner, bucket, routeKey };
  tally.note(observe(asked, response));
}

/**
 * ms that one request to GitHub may still take: a read ends, with its reason, before its client gives up.
 * @throws OctopoolError github_unreachable when none are left
 */
function timeLeft({ deps, settings, startedAt }: Work): number {
  const left = startedAt + longestReadMs - deps.clock();
  if (left <= 0) throw new OctopoolError("github_unreachable", "GitHub did not answer in time.");
  return Math.min(left, settings.requestTimeoutMs);
}

/** All requests to GitHub that one read makes, together. Clients wait twenty seconds. */
const longestReadMs = 17_000;

/** Reports to the coordinator that this identity is refused on a route without a request to GitHub. */
export function barFrom({ identity, tally, work }: Access, routeKey: string): void {
  if (!identity) return;
  const asked = { identityId: identity.id, budgetOwner: budgetOwnerOf(identity), bucket: work.plan.bucket };
  tally.note({ ...asked, routeKey, status: 403 });
}

export function refused({ identity }: Access, refusal: Refusal): Refused {
  return refusedBy(refusal, identity === null);
}

export function backendOf({ identity }: Access): Backend {
  return identity ? "github_identity" : "github_anonymous";
}

const mebibyte = 1024 * 1024;

/** Bytes that GitHub's answer may have. */
export function bodyLimit({ plan, settings }: Work): number {
  return plan.classified.route.large ? settings.maxResponseBytes : Math.min(mebibyte, settings.maxResponseBytes);
}
