/** One try at GitHub with one identity, or with none: prove the repository public where that is not known, then read. */
import { fallbackLocal, OctopoolError } from "../../../shared/errors.ts";
import type { Backend } from "../../cache/entry.ts";
import { anonymousOwner, type Bucket } from "../../coordinator/contract.ts";
import { credentialOf, forgetCredential } from "../../github/credentials.ts";
import { followLogRedirect } from "../../github/log-redirect.ts";
import { type Asked, observe, type Refusal, refusalOf } from "../../github/rate.ts";
import { callGitHub, type GitHubResponse } from "../../github/send.ts";
import { readWebDiff } from "../../github/web-diff.ts";
import { holds, type Proof } from "../../guard/proof.ts";
import { denialOf, newProof, verdictOf } from "../../guard/verdict.ts";
import { budgetOwnerOf, type Identity } from "../../pools/definition.ts";
import { diffFormat, jsonMedia } from "../plan.ts";
import { Denied, type Refused, refusedBy } from "./refusals.ts";
import type { Tally, Work } from "./work.ts";

/** GitHub's word on the resource. */
export interface Answered {
  readonly kind: "answered";
  readonly response: GitHubResponse;
  readonly backend: Backend;
  /** When GitHub was asked, ms since the epoch. */
  readonly askedAt: number;
  /** The proof the answer was read under; undefined for what belongs to no repository. */
  readonly proof: Proof | undefined;
}

export async function attempt(work: Work, identity: Identity | null, tally: Tally): Promise<Answered | Refused> {
  const ready = await prepare(work, identity, tally);
  return ready instanceof Attempt ? ready.run() : ready;
}

/** Only the question whether the read's repository is public. */
export async function proveOnce(work: Work, identity: Identity | null, tally: Tally): Promise<Proof | Refused> {
  const ready = await prepare(work, identity, tally);
  return ready instanceof Attempt ? ready.prove() : ready;
}

/** A further question about what was just read, to the same identity. */
export async function askBeside(
  work: Work,
  identity: Identity | null,
  tally: Tally,
  path: string,
): Promise<GitHubResponse | undefined> {
  const ready = await prepare(work, identity, tally);
  return ready instanceof Attempt ? ready.beside(path) : undefined;
}

async function prepare(work: Work, identity: Identity | null, tally: Tally): Promise<Attempt | Refused> {
  if (!identity) return new Attempt(work, null, undefined, tally);
  try {
    const { authorization, calls } = await credentialOf(work.deps, work.env, identity);
    tally.calls += calls;
    return new Attempt(work, identity, authorization, tally);
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

class Attempt {
  readonly #work: Work;
  readonly #identity: Identity | null;
  readonly #authorization: string | undefined;
  readonly #tally: Tally;

  constructor(work: Work, identity: Identity | null, authorization: string | undefined, tally: Tally) {
    this.#work = work;
    this.#identity = identity;
    this.#authorization = authorization;
    this.#tally = tally;
  }

  async run(): Promise<Answered | Refused> {
    const { plan, deps } = this.#work;
    const known = this.#work.proof;
    const denial = denialOf(known, deps.clock());
    if (denial) throw denial;
    if (plan.repo === "" || holds(known, deps.clock())) return this.#read(known);
    const conditional = Object.keys(plan.conditions).length > 0;
    if (plan.classified.route.kind === "repo_view" && !conditional) return this.#readAsProof();
    if (!this.#identity) return this.#readUnproven();
    const proven = await this.prove();
    return "kind" in proven ? proven : this.#read(this.#publicOnly(proven));
  }

  /**
   * A read without a credential proves by its success what it needs. Its failure may only mean that the repository is
   * private, and then those who may read it know better.
   */
  async #readUnproven(): Promise<Answered | Refused> {
    const read = await this.#read(undefined);
    if (read.kind === "refused" || read.proof !== undefined || read.response.status >= 500) return read;
    const proven = await this.prove();
    return "kind" in proven ? proven : { ...read, proof: this.#publicOnly(proven) };
  }

  #repositoryPath(): string {
    return `/repos/${this.#work.plan.repo}`;
  }

  beside(path: string): Promise<GitHubResponse> {
    return this.#call(path, [], jsonMedia, {}, "core");
  }

  async prove(): Promise<Proof | Refused> {
    const { plan, proof: known } = this.#work;
    const mine = known?.etag && known.identityId === (this.#identity?.id ?? null) ? known.etag : undefined;
    const response = await this.#call(
      this.#repositoryPath(),
      [],
      jsonMedia,
      mine ? { "if-none-match": mine } : {},
      "core",
    );
    const refusal = refusalOf(response);
    if (refusal) return this.#refused(refusal);
    return this.#proofFrom(response, plan.repo);
  }

  #proofFrom(response: GitHubResponse, repo: string): Proof {
    const { deps, settings, proof: known } = this.#work;
    const verdict = verdictOf(response, known);
    if (!verdict) throw fallbackLocal("repo_public_check_failed", `Whether ${repo} is public could not be learnt.`);
    const etag = response.headers.get("etag") ?? (response.status === 304 ? (known?.etag ?? null) : null);
    const seen = { at: deps.clock(), etag, identityId: this.#identity?.id ?? null };
    const proof = newProof(repo, verdict, seen, settings);
    deps.memory.learn(proof);
    return proof;
  }

  /** The repository's own view is its own proof: one request for both. */
  async #readAsProof(): Promise<Answered | Refused> {
    const { plan, entry, deps } = this.#work;
    const askedAt = deps.clock();
    const response = await this.#fetch();
    if ("kind" in response) return response;
    const unchanged = response.status === 304 && entry !== undefined;
    const view = unchanged ? { ...response, status: 200, body: new TextEncoder().encode(entry.answer.body) } : response;
    const proof = this.#publicOnly(this.#proofFrom(view, plan.repo));
    return { kind: "answered", response, backend: this.#backend(), askedAt, proof };
  }

  async #read(proof: Proof | undefined): Promise<Answered | Refused> {
    const { plan, deps, settings } = this.#work;
    const askedAt = deps.clock();
    const format = diffFormat(plan.accept);
    if (format && !this.#identity) {
      const response = await readWebDiff(deps, settings, plan.classified, format, bodyLimit(this.#work), () => {
        this.#tally.calls += 1;
      });
      this.#tally.note(observe(this.#asked("core"), response));
      if (response.status !== 200) return this.#refused("forbidden");
      return {
        kind: "answered",
        response,
        backend: "github_web",
        askedAt,
        proof: this.#proofByReading(askedAt, proof),
      };
    }
    let response = await this.#fetch();
    if ("kind" in response) return response;
    if (isRedirect(response.status)) response = await this.#redirected(response);
    const readable = response.status < 300 || response.status === 304;
    const read = !this.#identity && readable ? this.#proofByReading(askedAt, proof) : proof;
    return { kind: "answered", response, backend: this.#backend(), askedAt, proof: read };
  }

  async #fetch(): Promise<GitHubResponse | Refused> {
    const { plan } = this.#work;
    const response = await this.#call(plan.path, plan.query, plan.accept, this.#conditions(), plan.bucket);
    const refusal = refusalOf(response);
    return refusal ? this.#refused(refusal) : response;
  }

  #backend(): Backend {
    return this.#identity ? "github_identity" : "github_anonymous";
  }

  /** A negative verdict ends the read, and is kept. */
  #publicOnly(proof: Proof): Proof {
    const denial = denialOf(proof, this.#work.deps.clock());
    if (denial) throw new Denied(denial, proof);
    return proof;
  }

  #proofByReading(at: number, known: Proof | undefined): Proof | undefined {
    const { plan, deps, settings } = this.#work;
    if (plan.repo === "" || holds(known, at)) return known;
    const kept = this.#work.proof;
    const seen = { at, etag: kept?.etag ?? null, identityId: kept?.identityId ?? null };
    const proof = newProof(plan.repo, "public", seen, settings);
    deps.memory.learn(proof);
    return proof;
  }

  /** The caller's own conditions, else the validator we hold, which counts only with the identity it was given to. */
  #conditions(): Readonly<Record<string, string>> {
    const { plan, entry } = this.#work;
    if (Object.keys(plan.conditions).length > 0) return plan.conditions;
    if (!entry?.etag || (entry.answer.identity?.id ?? null) !== (this.#identity?.id ?? null)) return {};
    return { "if-none-match": entry.etag };
  }

  async #redirected(response: GitHubResponse): Promise<GitHubResponse> {
    const { plan, deps, settings } = this.#work;
    if (plan.classified.route.logs && response.status === 302) {
      // The log of a completed job does not change: that it is still there is all that GitHub needs to tell.
      if (this.#work.entry?.answer.status === 200) return { ...response, status: 304 };
      this.#tally.calls += 1;
      return followLogRedirect(deps, settings, response.headers.get("location"), plan.path);
    }
    if (response.status !== 302 && plan.repo !== "") {
      throw fallbackLocal("repo_moved", `GitHub answers for ${plan.repo} elsewhere.`);
    }
    throw new OctopoolError(
      "github_redirect_denied",
      "GitHub redirected this read, and the relay follows no redirects.",
    );
  }

  async #call(
    path: string,
    query: readonly (readonly [string, string])[],
    accept: string,
    conditions: Readonly<Record<string, string>>,
    bucket: Bucket,
  ): Promise<GitHubResponse> {
    const { deps, settings, plan } = this.#work;
    const search = new URLSearchParams(query.map(([key, value]) => [key, value])).toString();
    this.#tally.calls += 1;
    const response = await callGitHub(deps, {
      url: `${settings.githubApi}${path}${search === "" ? "" : `?${search}`}`,
      headers: { accept, "x-github-api-version": plan.apiVersion, ...conditions },
      authorization: this.#authorization,
      timeoutMs: settings.requestTimeoutMs,
      maxBytes: bodyLimit(this.#work),
    });
    this.#tally.note(observe(this.#asked(bucket), response));
    if (response.status === 401 && this.#identity) forgetCredential(deps, this.#identity);
    return response;
  }

  #asked(bucket: Bucket): Asked {
    const { routeKey } = this.#work.plan;
    const budgetOwner = this.#identity ? budgetOwnerOf(this.#identity) : anonymousOwner;
    return { identityId: this.#identity?.id ?? null, budgetOwner, bucket, routeKey };
  }

  #refused(refusal: Refusal): Refused {
    return refusedBy(refusal, this.#identity === null);
  }
}

const mebibyte = 1024 * 1024;

/** Bytes that GitHub's answer may have. */
function bodyLimit({ plan, settings }: Work): number {
  return plan.classified.route.large ? settings.maxResponseBytes : Math.min(mebibyte, settings.maxResponseBytes);
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400 && status !== 304;
}
