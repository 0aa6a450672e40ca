/**
 * Single-flight over the whole pool. The coordinator makes one request the owner, with an identity; identical ones
 * follow and get the owner's outcome. One call begins, one ends; a failed try takes one more for the next identity.
 */
import { type FallbackReason, fallbackLocal, fallbackReasons, OctopoolError } from "../../../shared/errors.ts";
import { keep } from "../../cache/store.ts";
import { coordinatorOf, overloaded } from "../../coordinator/client.ts";
import type { BeginOutcome, BeginRequest, FillOutcome, Lease, PoolCoordinatorApi } from "../../coordinator/contract.ts";
import { quietly } from "../../log.ts";
import type { Identity } from "../../pools/definition.ts";
import { endSoon } from "./endings.ts";
import { Denied, isMisconfiguration, type Refused } from "./refusals.ts";
import { Tally, type Work } from "./work.ts";

interface Flight<T> {
  readonly begin: BeginRequest;
  readonly identities: readonly Identity[];
  /** The owner's second look, when a fill of the same key has landed since its first one. */
  readonly landed?: () => Promise<T | undefined>;
  /** One try; a refusal passes on to the next identity. */
  readonly run: (identity: Identity | null, lease: Lease | null, tally: Tally) => Promise<T | Refused>;
  /** The result that followers receive, and how they read it. */
  readonly share: (result: T) => { readonly answer: unknown; readonly body: Uint8Array };
  readonly receive: (answer: unknown, body: Uint8Array) => T;
}

/** @throws OctopoolError every way in which GitHub, the pool or the guard may refuse */
export async function fly<T extends object>(work: Work, flight: Flight<T>): Promise<T> {
  const coordinator = coordinatorOf(work.env, work.pool.name);
  const begun = await overloaded(coordinator.begin(flight.begin));
  if (begun.role === "refused") throw endOfPool(begun, flight.begin);
  if (begun.role === "follower") return follow(begun.outcome, flight);
  return own(work, coordinator, begun, flight);
}

function follow<T>(outcome: FillOutcome, flight: Flight<T>): T {
  if (outcome.kind === "answer") return flight.receive(outcome.answer, outcome.body);
  const { code, message, reason } = outcome;
  throw reason ? fallbackLocal(reason, message) : new OctopoolError(code, message);
}

interface Ownership {
  readonly ticket: string;
  readonly lease: Lease | null;
  readonly landed?: true;
}

async function own<T extends object>(
  work: Work,
  coordinator: PoolCoordinatorApi,
  ownership: Ownership,
  flight: Flight<T>,
): Promise<T> {
  const tally = new Tally();
  let outcome = failureOf(undefined);
  try {
    const landed = ownership.landed ? await flight.landed?.() : undefined;
    const result = landed ?? (await tryEach(coordinator, ownership, flight, tally));
    outcome = { kind: "answer", ...flight.share(result) };
    return result;
  } catch (error) {
    const cause = error instanceof Denied ? error.error : error;
    if (error instanceof Denied) await quietly(keep(work.deps, work.env, { pool: work.pool.name, proof: error.proof }));
    if (cause instanceof OctopoolError) spent.set(cause, tally.calls);
    outcome = failureOf(cause);
    throw cause;
  } finally {
    endSoon(work, { ticket: ownership.ticket, observations: tally.take(), outcome });
  }
}

async function tryEach<T extends object>(
  coordinator: PoolCoordinatorApi,
  { ticket, lease: first }: Ownership,
  flight: Flight<T>,
  tally: Tally,
): Promise<T> {
  const refusals: OctopoolError[] = [];
  for (let lease: Lease | null = first; ; ) {
    const identity = flight.identities.find(({ id }) => id === lease?.identityId) ?? null;
    const tried = await flight.run(identity, lease, tally);
    if (!isRefused(tried)) return tried;
    refusals.push(tried.error);
    const next: Lease | null = await overloaded(coordinator.failover(ticket, tally.take()));
    if (!next) throw lastWord(refusals, flight.identities);
    lease = next;
  }
}

/** Prefers GitHub's refusal to a misconfiguration, which is reported only when it concerns every identity. */
function lastWord(refusals: readonly OctopoolError[], identities: readonly Identity[]): OctopoolError {
  const word = refusals.find((error) => !isMisconfiguration(error));
  if (word) return word;
  const [first = misconfigured()] = refusals;
  return refusals.length < identities.length ? refusal("identities_cooling_down") : first;
}

function misconfigured(): OctopoolError {
  return new OctopoolError("identity_misconfigured", "No identity of the pool that covers this read can be used.", {
    hint: "The dashboard shows an operator which secrets are missing or broken.",
  });
}

function isRefused(tried: object): tried is Refused {
  return "kind" in tried && tried.kind === "refused";
}

/** A read that begins without a credential ends when that rate limit is exhausted. */
function endOfPool({ reason, misconfigured: broken }: Ended, { anonymous }: BeginRequest): OctopoolError {
  return broken && !anonymous ? misconfigured() : refusal(reason);
}

type Ended = Extract<BeginOutcome, { readonly role: "refused" }>;

function refusal(reason: FallbackReason): OctopoolError {
  return fallbackLocal(reason, refusalTexts[reason] ?? "The pool cannot serve this read now.");
}

const refusalTexts: Partial<Record<FallbackReason, string>> = {
  no_identity: "No identity of the pool covers this read.",
  identities_cooling_down: "Every identity that could serve this is cooling down.",
  identity_pool_depleted: "The budget of every identity that could serve this is used up.",
  web_only_unavailable: "GitHub's budget for reads without a credential is used up.",
  relay_overloaded: "The pool has too many reads in progress.",
};

function failureOf(error: unknown): FillOutcome {
  if (!(error instanceof OctopoolError)) {
    return { kind: "failure", code: "internal_error", message: "The read that this one waited for failed." };
  }
  const reason = reasonOf(error);
  return { kind: "failure", code: error.code, message: error.message, ...(reason ? { reason } : {}) };
}

/** The `details.reason` of a 424. */
export function reasonOf(error: OctopoolError): FallbackReason | undefined {
  return fallbackReasons.find((reason) => reason === error.details?.reason);
}

const spent = new WeakMap<OctopoolError, number>();

/** GitHub requests that a failed flight had cost. */
export function callsSpent(error: OctopoolError): number {
  return spent.get(error) ?? 0;
}
