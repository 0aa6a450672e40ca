/**
 * One try at GitHub with one identity, or with none: prove the repository public where that is not known, then read.
 */
import { fallbackLocal, OctopoolError } from "../../../shared/errors.ts";
import { confirmsLinks } from "../../../shared/page-links.ts";
import { expectedEtag } from "../../../shared/predict/etag-rule.ts";
import { isHeldExpected } from "../../../shared/routes/index.ts";
import type { Backend } from "../../cache/entry.ts";
import type { GitHubResponse } from "../../github/call-github.ts";
import { demandExpected, isExpectedResponse } from "../../github/expected.ts";
import { followLogRedirect } from "../../github/log-redirect.ts";
import { readWebDiff } from "../../github/web-diff.ts";
import { holds, type Proof } from "../../guard/proof.ts";
import { denialOf } from "../../guard/verdict.ts";
import type { Identity } from "../../pools/definition.ts";
import { diffFormat, isConditional } from "../plan.ts";
import { type Access, accessOf, ask, askOrRefuse, backendOf, bodyLimit, note, refused } from "./access.ts";
import { judged } from "./graphql.ts";
import { askPredicting, etagRule, isWhole, learnRule } from "./predict.ts";
import { mayTell, proofByAnswer, proofByReading, proofFrom, prove, publicOnly } from "./prove.ts";
import type { Refused } from "./refusals.ts";
import type { Tally, Work } from "./work.ts";

/** GitHub's answer for the resource. */
export interface Answered {
  readonly kind: "answered";
  readonly response: GitHubResponse;
  readonly backend: Backend;
  /** When GitHub was asked, ms since the epoch. */
  readonly askedAt: number;
  /** The proof the answer was read under; undefined for an answer that belongs to no repository. */
  readonly proof: Proof | undefined;
}

export async function readOnce(work: Work, identity: Identity | null, tally: Tally): Promise<Answered | Refused> {
  const access = await accessOf(work, identity, tally);
  return "kind" in access ? access : readProven(access);
}

/** A further request about the resource that was just read, with the same identity. */
export async function askBeside(
  work: Work,
  identity: Identity | null,
  tally: Tally,
  path: string,
): Promise<GitHubResponse | undefined> {
  const access = await accessOf(work, identity, tally);
  return "kind" in access ? undefined : ask(access, { path });
}

async function readProven(access: Access): Promise<Answered | Refused> {
  const { plan, deps, proof: known } = access.work;
  const denial = denialOf(known, deps.clock());
  if (denial) throw denial;
  if (plan.repo === "" || holds(known, deps.clock())) return read(access, known);
  if (plan.classified.route.kind === "repo_view" && !isConditional(plan)) return readAsProof(access);
  if (!access.identity) return readUnproven(access);
  if (access.work.proof?.verdict === "public" && mayTell(plan)) return readTelling(access);
  const proven = await prove(access);
  return "kind" in proven ? proven : read(access, publicOnly(access, proven));
}

/**
 * The success of a read without a credential is its own proof. Its failure may only mean that the repository is
 * private; an identity that may read it can tell.
 */
async function readUnproven(access: Access): Promise<Answered | Refused> {
  const answered = await read(access, undefined);
  if (answered.kind === "refused" || answered.proof !== undefined || answered.response.status >= 500) return answered;
  const proven = await prove(access);
  return "kind" in proven ? proven : { ...answered, proof: publicOnly(access, proven) };
}

/**
 * A repository that was public a moment ago gets a visibility check only where the answer does not show it. Until one
 * of the two has, nothing of the answer is given or kept.
 */
async function readTelling(access: Access): Promise<Answered | Refused> {
  const askedAt = access.work.deps.clock();
  const response = await fetchPlanned(access);
  if ("kind" in response) return response;
  const told = proofByAnswer(access, response, askedAt);
  const proven = told ?? (await prove(access));
  return "kind" in proven ? proven : conclude(access, response, askedAt, publicOnly(access, proven));
}

/** The repository's own view is its own proof: one request for both. */
async function readAsProof(access: Access): Promise<Answered | Refused> {
  const { entry, deps } = access.work;
  const askedAt = deps.clock();
  const response = await fetchPlanned(access);
  if ("kind" in response) return response;
  demandExpected(access.work.plan, response);
  const unchanged = response.status === 304 && entry !== undefined;
  const view = unchanged ? { ...response, status: 200, body: new TextEncoder().encode(entry.answer.body) } : response;
  const proof = publicOnly(access, proofFrom(access, view));
  return { kind: "answered", response, backend: backendOf(access), askedAt, proof };
}

async function read(access: Access, proof: Proof | undefined): Promise<Answered | Refused> {
  const { plan, deps } = access.work;
  const askedAt = deps.clock();
  const format = diffFormat(plan.accept);
  if (format && !access.identity) return readDiff(access, format, proof);
  const response = await fetchPlanned(access);
  if ("kind" in response) return response;
  return conclude(access, response, askedAt, proofByAnswer(access, response, askedAt) ?? proof);
}

async function conclude(
  access: Access,
  first: GitHubResponse,
  askedAt: number,
  proof: Proof | undefined,
): Promise<Answered> {
  const response = isRedirect(first.status) ? await redirected(access, first) : first;
  demandExpected(access.work.plan, response);
  const readable = response.status < 300 || response.status === 304;
  const under = !access.identity && readable ? proofByReading(access, askedAt, proof) : proof;
  return { kind: "answered", response, backend: backendOf(access), askedAt, proof: under };
}

/** Diffs come from the web host, which asks for no credential. */
async function readDiff(
  access: Access,
  format: "diff" | "patch",
  proof: Proof | undefined,
): Promise<Answered | Refused> {
  const { plan, deps, settings } = access.work;
  const askedAt = deps.clock();
  const response = await readWebDiff(deps, settings, plan.classified, format, bodyLimit(access.work), () => {
    access.tally.calls += 1;
  });
  note(access, "core", response);
  // A page instead of the diff proves nothing, and the API may have the diff.
  if (response.status !== 200 || !isExpectedResponse(plan, response)) return refused(access, "forbidden");
  const under = proofByReading(access, askedAt, proof);
  return { kind: "answered", response, backend: "github_web", askedAt, proof: under };
}

async function fetchPlanned(access: Access): Promise<GitHubResponse | Refused> {
  const { path, query, accept, bucket, graphql } = access.work.plan;
  if (graphql) {
    const answer = await askOrRefuse(access, { path, accept, bucket, body: graphql.body });
    return "kind" in answer ? answer : judged(access, graphql, answer);
  }
  const conditions = await conditionsOf(access);
  const response = await askPredicting(access, { path, query, accept, bucket, conditions });
  if ("kind" in response) return response;
  if (response.status === 304 && Object.keys(conditions).length === 0) {
    throw new OctopoolError("github_unreachable", "GitHub answered 304 to an unconditional request.");
  }
  if (isExpectedResponse(access.work.plan, response)) access.work.background(learnRule(access, response));
  return response;
}

/**
 * The caller's own conditions, else a validator of the held entry: the one that this identity was given, or the one
 * that it would be given.
 */
async function conditionsOf({ work, identity, authorization }: Access): Promise<Readonly<Record<string, string>>> {
  const { plan, entry, deps } = work;
  if (isConditional(plan)) return plan.conditions;
  if (!entry?.etag) return {};
  // GitHub would confirm a body that it never sent, and that would stay until the resource changes.
  if (!isHeldExpected(plan, entry.answer)) return {};
  const { headers, body: text } = entry.answer;
  if (!confirmsLinks({ query: plan.query, link: headers.link, text: () => text })) return {};
  const isTheirs = (entry.answer.identity?.id ?? null) === (identity?.id ?? null);
  const { state } = etagRule(deps.memory);
  // An App's token changes each hour, and its ETags with it.
  const useRule = isTheirs ? identity?.kind === "github_app" && state === "holds" : state !== "broken";
  if (useRule && authorization !== undefined && isWhole(entry)) {
    const body = new TextEncoder().encode(entry.answer.body);
    return { "if-none-match": `W/"${await expectedEtag({ accept: plan.accept, authorization }, body)}"` };
  }
  return isTheirs ? { "if-none-match": entry.etag } : {};
}

async function redirected({ work, tally }: Access, response: GitHubResponse): Promise<GitHubResponse> {
  const { plan, deps, settings, entry } = work;
  if (plan.classified.route.logs && response.status === 302) {
    // The log of a completed job does not change: GitHub only has to confirm that it still exists.
    if (entry?.answer.status === 200) return { ...response, status: 304 };
    tally.calls += 1;
    return followLogRedirect(deps, settings, response.headers.get("location"), plan.path);
  }
  if (response.status !== 302 && plan.repo !== "") {
    throw fallbackLocal("repo_moved", `GitHub answers for ${plan.repo} elsewhere.`);
  }
  throw new OctopoolError("github_redirect_denied", "GitHub redirected this read, and the relay follows no redirects.");
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400 && status !== 304;
}
