/** The ways in which a try ends without an answer: GitHub refuses this identity, or the guard denies the read. */
import { type ErrorCode, type FallbackReason, fallbackLocal, type OctopoolError } from "../../../shared/errors.ts";
import type { Refusal } from "../../github/rate.ts";
import type { Proof } from "../../guard/proof.ts";

/** GitHub refused this identity, or the identity could not be used: another one may succeed. */
export interface Refused {
  readonly kind: "refused";
  readonly error: OctopoolError;
  /** GitHub's answer, where there was one. */
  readonly refusal?: Refusal;
}

const misconfigurations: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "identity_misconfigured",
  "github_app_key_format",
]);

/** The operator must act. Another identity, or a read without a credential, may still succeed. */
export const isMisconfiguration = ({ code }: OctopoolError): boolean => misconfigurations.has(code);

/** The read is denied by a verdict learnt in this very fill, which is worth keeping. */
export class Denied {
  readonly error: OctopoolError;
  readonly proof: Proof;

  constructor(error: OctopoolError, proof: Proof) {
    this.error = error;
    this.proof = proof;
  }
}

const reasons: Readonly<Record<Refusal, { readonly reason: FallbackReason; readonly message: string }>> = {
  unauthorized: { reason: "github_identity_unauthorized", message: "GitHub rejected the pool's credential." },
  rate_limited: { reason: "github_rate_limited", message: "GitHub limits the pool's identities for now." },
  depleted: { reason: "github_identity_depleted", message: "The pool's GitHub budget is used up for now." },
  forbidden: { reason: "github_identity_forbidden", message: "The pool's identities may not read this." },
};

const withoutCredential = "GitHub did not serve this read without a credential, and the pool lends none for it.";

export function refusedBy(refusal: Refusal, anonymous: boolean): Refused {
  if (anonymous) return { kind: "refused", refusal, error: fallbackLocal("web_only_unavailable", withoutCredential) };
  const { reason, message } = reasons[refusal];
  return { kind: "refused", refusal, error: fallbackLocal(reason, message) };
}
