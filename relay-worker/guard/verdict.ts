/** Asks GitHub whether a repository is public. */
import * as z from "zod";
import { fallbackLocal, type OctopoolError } from "../../shared/errors.ts";
import type { GitHubResponse } from "../github/call-github.ts";
import { jsonOf } from "../github/json-of.ts";
import { holds, type Proof, type Verdict } from "./proof.ts";

const viewSchema = z.object({ private: z.boolean() });
/** Every error of GitHub's API. */
const refusalSchema = z.object({ message: z.string() });

/** GitHub redirects a former name to the repository's id. */
function leadsToRepository({ headers }: GitHubResponse): boolean {
  return /\/repositories\/\d+/.test(headers.get("location") ?? "");
}

/** How long each verdict counts, ms. */
interface ProofLifetimes {
  readonly publicMs: number;
  readonly notPublicMs: number;
}

/** The verdict of GitHub's answer to `GET /repos/:o/:r`; undefined when it is inconclusive, which is never stored. */
export function verdictOf(response: GitHubResponse, known: Proof | undefined): Verdict | undefined {
  const { status } = response;
  if (status === 304) return known?.verdict === "public" ? "public" : undefined;
  const body = jsonOf(response.body);
  // A proxy's answer would mark the repository as not public for an hour.
  if (status === 404 || status === 451) return refusalSchema.safeParse(body).success ? "not_public" : undefined;
  if (status === 301 || status === 307 || status === 308) return leadsToRepository(response) ? "moved" : undefined;
  if (status !== 200) return undefined;
  const view = viewSchema.safeParse(body).data;
  // Anything but an explicit false denies, but only an explicit true is worth remembering.
  if (!view) return undefined;
  return view.private ? "not_public" : "public";
}

export function newProof(
  repo: string,
  verdict: Verdict,
  seen: { readonly at: number; readonly etag: string | null; readonly identityId: string | null },
  lifetimes: ProofLifetimes,
): Proof {
  const lifetime = verdict === "public" ? lifetimes.publicMs : lifetimes.notPublicMs;
  return {
    repo,
    verdict,
    checkedAt: seen.at,
    expiresAt: seen.at + lifetime,
    etag: verdict === "public" ? seen.etag : null,
    identityId: verdict === "public" ? seen.identityId : null,
  };
}

/** The refusal that an unexpired negative proof requires; undefined when the read is allowed. */
export function denialOf(proof: Proof | undefined, now: number): OctopoolError | undefined {
  if (!holds(proof, now) || proof.verdict === "public") return undefined;
  if (proof.verdict === "moved") return fallbackLocal("repo_moved", `The repository ${proof.repo} has moved.`);
  return fallbackLocal("repo_not_public", `The repository ${proof.repo} is not public.`);
}
