/** Proves with GitHub that a read's repository is public. */
import { fallbackLocal } from "../../../shared/errors.ts";
import { parseJson } from "../../../shared/parse-json.ts";
import type { GitHubResponse } from "../../github/call-github.ts";
import { jsonOf } from "../../github/json-of.ts";
import { holds, type Proof, rememberProof } from "../../guard/proof.ts";
import { mayTellPublic, tellsPublic } from "../../guard/told.ts";
import { denialOf, newProof, verdictOf } from "../../guard/verdict.ts";
import type { Identity } from "../../pools/definition.ts";
import { diffFormat, isConditional, type Plan } from "../plan.ts";
import { type Access, accessOf, askOrRefuse, barFrom } from "./access.ts";
import { Denied, type Refused } from "./refusals.ts";
import type { Tally, Work } from "./work.ts";

/** Only the question whether the read's repository is public. */
export async function proveOnce(work: Work, identity: Identity | null, tally: Tally): Promise<Proof | Refused> {
  const access = await accessOf(work, identity, tally);
  return "kind" in access ? access : prove(access);
}

/** @throws OctopoolError fallback_local, repo_public_check_failed when GitHub's answer is inconclusive */
export async function prove(access: Access): Promise<Proof | Refused> {
  const { plan, proof: known } = access.work;
  const mine = known?.etag && known.identityId === (access.identity?.id ?? null) ? known.etag : undefined;
  const routeKey = proofRouteKey(plan.repo);
  const response = await askOrRefuse(access, {
    path: `/repos/${plan.repo}`,
    conditions: mine ? { "if-none-match": mine } : {},
    routeKey,
  });
  if (!("kind" in response)) return proofFrom(access, response);
  // An identity that may not look at the repository cannot begin this read either.
  if (response.refusal === "forbidden" && routeKey !== plan.routeKey) barFrom(access, plan.routeKey);
  return response;
}

/** The route on which visibility checks are asked for and refused, for every read. */
export function proofRouteKey(repo: string): string {
  return `repo_view ${repo}`;
}

/** From GitHub's answer to the repository's own view. */
export function proofFrom({ work, identity }: Access, response: GitHubResponse): Proof {
  const { deps, settings, proof: known } = work;
  const { repo } = work.plan;
  const verdict = verdictOf(response, known);
  if (!verdict) throw fallbackLocal("repo_public_check_failed", `Whether ${repo} is public could not be determined.`);
  const etag = response.headers.get("etag") ?? (response.status === 304 ? (known?.etag ?? null) : null);
  const seen = { at: deps.clock(), etag, identityId: identity?.id ?? null };
  const proof = newProof(repo, verdict, seen, settings);
  rememberProof(deps.memory, proof);
  return proof;
}

/** GitHub served the read without a credential, and so the repository is public. */
export function proofByReading(access: Access, at: number, known: Proof | undefined): Proof | undefined {
  return access.work.plan.repo === "" || holds(known, at) ? known : publicSince(access, at);
}

/**
 * The answer's own data about its repository may serve as a proof: a renewed one, once half of the time of the last one
 * has passed, so that a repository that is read often is never asked about.
 */
export function proofByAnswer(access: Access, response: GitHubResponse, at: number): Proof | undefined {
  const { plan, entry, proof, settings } = access.work;
  if (!mayTell(plan)) return undefined;
  if (holds(proof, at) && at - proof.checkedAt < settings.publicMs / 2) return undefined;
  // The query's seal shows it: any other answer has been refused.
  if (plan.graphql) return response.status === 200 ? publicSince(access, at) : undefined;
  // Confirmed: GitHub would send the same body again.
  const held = response.status === 304 && entry ? parseJson(entry.answer.body) : undefined;
  const body = response.status === 200 ? jsonOf(response.body) : held;
  return tellsPublic(plan.classified.route.kind, plan.repo, body) ? publicSince(access, at) : undefined;
}

/** The answer to such a read may itself show that its repository is public. */
export function mayTell(plan: Plan): boolean {
  if (plan.graphql) return true;
  return mayTellPublic(plan.classified.route.kind) && diffFormat(plan.accept) === undefined && !isConditional(plan);
}

function publicSince({ work, identity }: Access, at: number): Proof {
  const { plan, deps, settings, proof: kept } = work;
  const validator = kept?.etag ? kept : { etag: null, identityId: identity?.id ?? kept?.identityId ?? null };
  const proof = newProof(plan.repo, "public", { at, etag: validator.etag, identityId: validator.identityId }, settings);
  rememberProof(deps.memory, proof);
  return proof;
}

/** A negative verdict ends the read, and is kept. */
export function publicOnly({ work }: Access, proof: Proof): Proof {
  const denial = denialOf(proof, work.deps.clock());
  if (denial) throw new Denied(denial, proof);
  return proof;
}
