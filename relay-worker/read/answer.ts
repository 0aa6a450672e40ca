/**
 * Decides whether a held entry answers a read, or GitHub is asked: fresh, stale while it is revalidated, or in an
 * outage.
 */
import type { CallerAuth } from "../auth/caller-auth.ts";
import type { CacheEntry } from "../cache/entry.ts";
import { shareHot } from "../cache/store.ts";
import type { RelayContext } from "../context.ts";
import { settingsOf } from "../env.ts";
import { type Proof, rememberedProofs } from "../guard/proof.ts";
import { denialOf } from "../guard/verdict.ts";
import { quietly } from "../log.ts";
import { memoryPart } from "../memory.ts";
import { admit } from "./fill/admission.ts";
import { fill } from "./fill/fill.ts";
import { renewProof } from "./fill/renew-proof.ts";
import type { Work } from "./fill/work.ts";
import { answerable, answersUnasked } from "./known/answerable.ts";
import type { Known } from "./known/lookup.ts";
import { isOutage } from "./outage.ts";
import { isConditional, type Plan } from "./plan.ts";
import type { Reply } from "./reply.ts";
import { vouchedEntry } from "./vouch.ts";

/** A read's surroundings. */
interface ReadContext extends RelayContext {
  /** When the relay was asked, ms since the epoch. */
  readonly startedAt: number;
}

/**
 * @param known the caller, pool, proof and entry that were found before GitHub is asked; a purged entry is left out
 * @throws OctopoolError every way in which GitHub, the pool or the guard may refuse
 */
export async function answer(context: ReadContext, plan: Plan, known: Known, caller: CallerAuth): Promise<Reply> {
  const { deps } = context;
  const denial = denialOf(known.proof, deps.clock());
  if (denial) throw denial;
  if (isConditional(plan)) return fillFor(context, plan, known, caller);
  const vouched = await vouchedEntry(context, plan, known);
  if (vouched) return { ...held(vouched, "hit"), pushed: true };
  const { proof, githubCalls } = await proofFor(context, plan, known, caller);
  const current = { ...known, proof };
  const usability = known.entry && answerable(known.entry, { plan, pool: known.pool, proof, now: deps.clock() });
  if (known.entry && usability === "fresh") {
    if (known.missedAtEdge) context.background(quietly(shareHot(deps, known.entry)));
    return { ...held(known.entry, "hit"), githubCalls };
  }
  if (known.entry && usability === "refresh") {
    refreshBehind(context, plan, current, caller);
    return { ...held(known.entry, "stale"), githubCalls };
  }
  try {
    const reply = await fillFor(context, plan, current, caller);
    if (reply.entry.answer.status < 500) return reply;
    return (await bridged(context, plan, current)) ?? reply;
  } catch (error) {
    const stale = isOutage(error) ? await bridged(context, plan, current) : undefined;
    if (stale) return stale;
    throw error;
  }
}

/** Answers from the caches alone, without a request to GitHub; undefined if no cached answer suffices. */
export function answerUnasked({ deps, env }: RelayContext, plan: Plan, { entry, pool, proof }: Known) {
  const now = deps.clock();
  const denial = denialOf(proof, now);
  if (denial) throw denial;
  const most = settingsOf(env).unsettledSeconds * 1000;
  return entry && answersUnasked(entry, { plan, pool, proof, now }, most) ? held(entry, "hit") : undefined;
}

/** One refresh of a key at a time in this isolate; the coordinator limits it to one for the pool. */
function refreshBehind(context: ReadContext, plan: Plan, known: Known, caller: CallerAuth): void {
  const { clock, memory } = context.deps;
  const refreshing = refreshesInProgress(memory);
  const now = clock();
  if (now - (refreshing.get(plan.key) ?? Number.NEGATIVE_INFINITY) < longestRefreshMs) return;
  refreshing.set(plan.key, now);
  context.background(quietly(fillFor(context, plan, known, caller)).finally(() => refreshing.delete(plan.key)));
}

/** Keys that are being refreshed behind a stale answer, and since when (ms since the epoch). */
const refreshesInProgress = memoryPart(() => new Map<string, number>());

/** The runtime ends background work after half a minute. */
const longestRefreshMs = 60_000;

/** Makes a separate visibility check only where that is all that a fresh entry needs. */
async function proofFor(
  context: ReadContext,
  plan: Plan,
  known: Known,
  caller: CallerAuth,
): Promise<{ proof: Proof | undefined; githubCalls: number }> {
  const { deps, env } = context;
  const now = deps.clock();
  const { entry, pool, proof } = known;
  if (!entry || entry.repo === "") return { proof, githubCalls: 0 };
  const ifPublic = publicNow(plan, now);
  const usable = (tried: Proof | undefined) => {
    const usability = answerable(entry, { plan, pool, proof: tried, now });
    return usability === "fresh" || usability === "refresh";
  };
  if (usable(proof) || !usable(ifPublic)) return { proof, githubCalls: 0 };
  const leave = admit(deps, settingsOf(env), caller, `proof:${plan.repo}`);
  try {
    const renewed = await renewProof(workOf(context, plan, known));
    const denial = denialOf(renewed.proof, deps.clock());
    if (denial) throw denial;
    return renewed;
  } finally {
    leave();
  }
}

/** A hypothetical proof, to test whether one would help. */
function publicNow({ repo }: Plan, now: number): Proof {
  return { repo, verdict: "public", checkedAt: now, expiresAt: now + 1000, etag: null, identityId: null };
}

async function fillFor(context: ReadContext, plan: Plan, known: Known, caller: CallerAuth): Promise<Reply> {
  const { deps, env } = context;
  // A read that each caller asks GitHub for alone also counts alone.
  const alone = plan.maxAgeMs === 0 || isConditional(plan);
  const counted = alone ? `${plan.key} ${context.requestId}` : plan.key;
  const leave = admit(deps, settingsOf(env), caller, counted);
  try {
    const filled = await fill(workOf(context, plan, known));
    return { ...filled, cacheable: filled.cache !== "bypass" && filled.entry.expiresAt > filled.entry.createdAt };
  } finally {
    leave();
  }
}

/** A stale answer for an outage, if the guard and the caller's bound let it pass. */
async function bridged(context: ReadContext, plan: Plan, known: Known): Promise<Reply | undefined> {
  const { deps } = context;
  const { entry, pool } = known;
  if (!entry) return undefined;
  const usableUnder = (proof: Proof | undefined) => {
    const usability = answerable(entry, { plan, pool, proof, now: deps.clock() });
    return usability !== undefined && usability !== "old";
  };
  const usable = () => usableUnder(rememberedProofs(deps.memory).get(plan.repo) ?? known.proof);
  // No visibility check is made where it could not help: GitHub allows 60 requests an hour without a credential.
  if (!usable() && plan.repo !== "" && usableUnder(publicNow(plan, deps.clock()))) {
    // An exhausted pool may still learn without a credential that the repository is public.
    await quietly(renewProof(workOf(context, plan, known)));
  }
  return usable() ? held(entry, "stale") : undefined;
}

function held(entry: CacheEntry, cache: "hit" | "stale"): Reply {
  const { headers } = entry.answer;
  return { entry, headers, cache, cacheable: true, leaseReason: null, coalesced: false, githubCalls: 0 };
}

function workOf(context: ReadContext, plan: Plan, known: Known): Work {
  const { deps, env, background } = context;
  const { pool, proof, entry } = known;
  return { deps, env, settings: settingsOf(env), plan, pool, proof, entry, startedAt: context.startedAt, background };
}
