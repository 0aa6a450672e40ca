/** The result of a visibility check. */
import { bounded } from "../../shared/bounded.ts";
import { memoryPart, type RelayMemory } from "../memory.ts";

export const verdicts = ["public", "not_public", "moved"] as const;
export type Verdict = (typeof verdicts)[number];

export interface Proof {
  /** `owner/name` in lower case. */
  readonly repo: string;
  readonly verdict: Verdict;
  /** When GitHub was asked, ms since the epoch. */
  readonly checkedAt: number;
  readonly expiresAt: number;
  /** GitHub's validator of the repository's view for {@link identityId}. */
  readonly etag: string | null;
  readonly identityId: string | null;
}

/** An expired proof does not count, with either verdict. */
export function holds(proof: Proof | undefined, now: number): proof is Proof {
  return proof !== undefined && now < proof.expiresAt;
}

/** Proofs that this isolate remembers, by repository. */
export const rememberedProofs = memoryPart(
  () => bounded<Proof>(5000),
  (proofs) => proofs.clear(),
);

/** Keeps the newer of two proofs. */
export function rememberProof(memory: RelayMemory, proof: Proof): void {
  const proofs = rememberedProofs(memory);
  const known = proofs.get(proof.repo);
  if (!known || known.checkedAt <= proof.checkedAt) proofs.set(proof.repo, proof);
}
