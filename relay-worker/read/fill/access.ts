/** One identity's access to GitHub, or a stranger's. Each call counts, and what GitHub says of its limits is noted. */
import { OctopoolError } from "../../../shared/errors.ts";
import type { Backend } from "../../cache/entry.ts";
import { anonymousOwner, type Bucket } from "../../coordinator/contract.ts";
import { callGitHub, type GitHubResponse } from "../../github/call-github.ts";
import { credentialOf, forgetCredential } from "../../github/credentials.ts";
import { type Asked, observe, type Refusal, refusalOf } from "../../github/rate.ts";
import { budgetOwnerOf, type Identity } from "../../pools/definition.ts";
import { jsonMedia } from "../plan.ts";
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
    const { authorization, calls } = await credentialOf(work.deps, work.env, identity);
    tally.calls += calls;
    return { work, identity, authorization, tally };
  } catch (error) {
    return misconfigured(work, identity, tally, error);
  }
}

/** The request goes on with another identity, unless GitHub itself is out of reach. */
function misconfigured(work: Work, identity: Identity, tally: Tally, error: unknown): Refused {
  if (!(error instanceof OctopoolError) || error.code === "github_unreachable") throw error;
  const asked = { identityId: identity.id, budgetOwner: budgetOwnerOf(identity), bucket: work.plan.bucket };
  tally.note({ ...asked, routeKey: work.plan.routeKey, status: 0, misconfigured: true });
  return { kind: "refused", error };
}

export interface Question {
  readonly path: string;
  readonly query?: readonly (readonly [string, string])[];
  readonly accept?: string;
  readonly conditions?: Readonly<Record<string, string>>;
  readonly bucket?: Bucket;
}

/** GitHub's answer, also when it is a refusal. */
export async function ask(access: Access, question: Question): Promise<GitHubResponse> {
  const { work, identity, authorization, tally } = access;
  const { deps, settings, plan } = work;
  const { path, query = [], accept = jsonMedia, conditions = {}, bucket = "core" } = question;
  const search = new URLSearchParams(query.map(([key, value]) => [key, value])).toString();
  tally.calls += 1;
  const response = await callGitHub(deps, {
    url: `${settings.githubApi}${path}${search === "" ? "" : `?${search}`}`,
    headers: { accept, "x-github-api-version": plan.apiVersion, ...conditions },
    authorization,
    timeoutMs: settings.requestTimeoutMs,
    maxBytes: bodyLimit(work),
  });
  note(access, bucket, response);
  if (response.status === 401 && identity) forgetCredential(deps, identity);
  return response;
}

/** GitHub's answer, or that another identity may fare better. */
export async function askOrRefuse(access: Access, question: Question): Promise<GitHubResponse | Refused> {
  const response = await ask(access, question);
  const refusal = refusalOf(response);
  return refusal ? refused(access, refusal) : response;
}

/** Tells the coordinator, with the end of the fill, what GitHub's answer says of this identity's limits. */
export function note({ work, identity, tally }: Access, bucket: Bucket, response: GitHubResponse): void {
  const budgetOwner = identity ? budgetOwnerOf(identity) : anonymousOwner;
  const asked: Asked = { identityId: identity?.id ?? null, budgetOwner, bucket, routeKey: work.plan.routeKey };
  tally.note(observe(asked, response));
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
