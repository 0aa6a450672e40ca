/** Renews the proof that releases an entry, once for the whole pool, without filling anything. */
import * as z from "zod";
import { OctopoolError, poolCannotReasons } from "../../../shared/errors.ts";
import { keep } from "../../cache/store.ts";
import { rememberProof, verdicts } from "../../guard/proof.ts";
import { quietly } from "../../log.ts";
import { asCandidate, candidatesFor, type Identity } from "../../pools/definition.ts";
import { proofRouteKey, proveOnce } from "./prove.ts";
import { isMisconfiguration } from "./refusals.ts";
import { fly, reasonOf } from "./single-flight.ts";
import type { Work } from "./work.ts";

const renewedSchema = z.object({
  proof: z.object({
    repo: z.string(),
    verdict: z.enum(verdicts),
    checkedAt: z.number(),
    expiresAt: z.number(),
    etag: z.string().nullable(),
    identityId: z.string().nullable(),
  }),
  githubCalls: z.number(),
});
type Renewed = z.infer<typeof renewedSchema>;

/**
 * With a pooled identity, else without a credential: a repository that can be read without one is public, too.
 * @throws OctopoolError fallback_local, repo_public_check_failed when GitHub's answer is inconclusive
 */
export async function renewProof(work: Work): Promise<Renewed> {
  const identities = candidatesFor(work.pool, work.plan.repository);
  try {
    return await renewWith(work, identities);
  } catch (error) {
    if (!(error instanceof OctopoolError)) throw error;
    const reason = reasonOf(error);
    const poolCannot = isMisconfiguration(error) || (reason !== undefined && poolCannotReasons.has(reason));
    if (!poolCannot) throw error;
    return await renewWith(work, []);
  }
}

function renewWith(work: Work, identities: readonly Identity[]): Promise<Renewed> {
  const { plan, proof: known } = work;
  return fly<Renewed>(work, {
    begin: {
      key: `proof:${plan.repo}`,
      routeKey: proofRouteKey(plan.repo),
      bucket: "core",
      candidates: identities.map(asCandidate),
      ...(known?.identityId ? { preferred: known.identityId } : {}),
      ...(identities.length === 0 ? { anonymous: true } : {}),
    },
    identities,
    run: async (identity, _lease, tally) => {
      const proof = await proveOnce(work, identity, tally);
      if ("kind" in proof) return proof;
      await quietly(keep(work.deps, work.env, { pool: work.pool.name, proof }));
      return { proof, githubCalls: tally.calls };
    },
    share: (renewed) => ({ answer: renewed, body: new Uint8Array() }),
    receive: (answer) => {
      const { proof } = renewedSchema.parse(answer);
      rememberProof(work.deps.memory, proof);
      return { proof, githubCalls: 0 };
    },
  });
}
