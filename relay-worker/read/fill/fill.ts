/** Fills one cache key from GitHub, once for the whole pool. */
import * as z from "zod";
import { type LeaseReason, leaseReasons } from "../../../shared/envelope.ts";
import { OctopoolError } from "../../../shared/errors.ts";
import type { Compared } from "../../../shared/events/settle.ts";
import { parseJson } from "../../../shared/parse-json.ts";
import { type CacheEntry, entryHeadSchema, joinEntry, splitEntry } from "../../cache/entry.ts";
import { keep, shareHot } from "../../cache/store.ts";
import type { BeginRequest, Lease } from "../../coordinator/contract.ts";
import { quietly } from "../../log.ts";
import { asCandidate, candidatesFor, type Identity } from "../../pools/definition.ts";
import { newerEntry } from "../known/newer-entry.ts";
import { diffFormat, isConditional } from "../plan.ts";
import { evidence } from "./evidence.ts";
import { noteChange } from "./predict.ts";
import { type Answered, askBeside, readOnce } from "./read.ts";
import { marksFor, standing, untrusted } from "./settling.ts";
import { fly } from "./single-flight.ts";
import { type Settled, settle } from "./to-entry.ts";
import type { Tally, Work } from "./work.ts";

const outcomes = ["hit", "miss", "revalidated", "bypass"] as const;

interface Filled {
  readonly entry: CacheEntry;
  readonly headers: Readonly<Record<string, string>>;
  readonly cache: (typeof outcomes)[number];
  readonly leaseReason: LeaseReason | null;
  /** Another request's fill answered this. */
  readonly coalesced: boolean;
  readonly githubCalls: number;
}

/** @throws OctopoolError every way in which GitHub, the pool or the guard may refuse */
export function fill(work: Work): Promise<Filled> {
  const identities = lendable(work);
  return fly<Filled>(work, {
    begin: beginRequest(work, identities),
    identities,
    landed: () => landed(work),
    run: async (identity, lease, tally) => {
      const [tried, marks] = await Promise.all([readOnce(work, identity, tally), marksFor(work)]);
      return tried.kind === "answered" ? finish(work, tried, { identity, lease, tally, marks }) : tried;
    },
    share: ({ entry, headers, cache, leaseReason }) => {
      const { head, body } = splitEntry(entry);
      return { answer: { head, headers, cache, leaseReason }, body: new TextEncoder().encode(body) };
    },
    receive,
  });
}

function beginRequest({ plan, entry, proof, deps }: Work, identities: readonly Identity[]): BeginRequest {
  // The identity that proved the repository public reads it as long as it can: its validators are the kept ones.
  const held = entry?.answer.identity?.id ?? proof?.identityId ?? undefined;
  const earliest = earliestOf(plan, deps.clock());
  // Diffs come from the web host, which asks for no credential.
  const anonymous = plan.classified.route.class !== "pool" || diffFormat(plan.accept) !== undefined;
  return {
    key: plan.key,
    routeKey: plan.routeKey,
    bucket: plan.bucket,
    candidates: identities.map(asCandidate),
    ...(held === undefined ? {} : { preferred: held }),
    ...(isConditional(plan) ? { exclusive: true } : {}),
    ...(earliest === undefined ? {} : { notBefore: earliest }),
    ...(anonymous ? { anonymous: true } : {}),
    ...(plan.graphql ? { cost: plan.graphql.points } : {}),
  };
}

/** Fills that began earlier do not answer this read; undefined where each does. */
function earliestOf({ maxAgeMs, notBefore }: Work["plan"], now: number): number | undefined {
  const bounds = [...(maxAgeMs === undefined ? [] : [now - maxAgeMs]), ...(notBefore === undefined ? [] : [notBefore])];
  return bounds.length === 0 ? undefined : Math.min(now, Math.max(...bounds));
}

/** The identities that may be spent on this read. */
function lendable({ plan, pool }: Work): Identity[] {
  const { route } = plan.classified;
  // A person's token also sees their private data.
  if (plan.graphql) return candidatesFor(pool, plan.repository).filter(({ kind }) => kind === "github_app");
  if (route.class === "anon" && !route.draftsRemoved) return [];
  return candidatesFor(pool, plan.repository);
}

/** Another fill of the same key may have ended after this request read the cache and before its turn. */
async function landed(work: Work): Promise<Filled | undefined> {
  // A live read is never answered from storage.
  if (isConditional(work.plan) || work.plan.maxAgeMs === 0) return undefined;
  const entry = await newerEntry(work);
  if (!entry) return undefined;
  return { entry, headers: entry.answer.headers, cache: "hit", leaseReason: null, coalesced: false, githubCalls: 0 };
}

interface Try {
  readonly identity: Identity | null;
  readonly lease: Lease | null;
  readonly tally: Tally;
  /** Events that arrived a moment ago. */
  readonly marks: readonly Compared[];
}

async function finish(work: Work, first: Answered, tried: Try): Promise<Filled> {
  const { identity, lease, tally, marks } = tried;
  let answered = first;
  let how = standing(work, answered, marks);
  if (how.is === "unsettled" && answered.response.status === 304) {
    // The validator may lag as well: without it, GitHub may answer with the newer state.
    const again = await readOnce({ ...work, entry: undefined }, identity, tally);
    if (again.kind === "answered") {
      answered = again;
      how = standing(work, answered, marks);
    }
  }
  const logFinal = await isFinalLog(work, answered, identity, tally);
  const taken = settle(work, answered, { identity, logFinal, ...(await evidence(work, answered)) });
  const settled = untrusted(taken, how, work.deps.clock());
  if (settled.keep && how.is === "settled") noteChange(work, answered.response, answered.askedAt);
  await quietly(keep(work.deps, work.env, { pool: work.pool.name, ...worthKeeping(work, settled, answered) }));
  const { entry, headers, cache } = settled;
  if (work.plan.graphql?.gate && settled.keep) work.background(quietly(shareUnasked(work, entry)));
  return { entry, headers, cache, leaseReason: lease?.reason ?? null, coalesced: false, githubCalls: tally.calls };
}

/** For reads that send GitHub no request: see `held` of a GraphQL read. */
function shareUnasked({ deps, settings }: Work, entry: CacheEntry): Promise<void> {
  return shareHot(deps, entry, entry.createdAt + settings.unsettledSeconds * 1000);
}

const jobSchema = z.object({ status: z.literal("completed") });

/** GitHub is asked once whether the job is over; later reads then need no request. */
async function isFinalLog(work: Work, answered: Answered, identity: Identity | null, tally: Tally): Promise<boolean> {
  const { route, params } = work.plan.classified;
  if (!route.logs || !work.env.LOGS || answered.response.status >= 400) return false;
  if (answered.response.status === 304) return true;
  try {
    const job = await askBeside(work, identity, tally, `/repos/${work.plan.repo}/actions/jobs/${params.id}`);
    return job?.status === 200 && jobSchema.safeParse(parseJson(new TextDecoder().decode(job.body))).success;
  } catch {
    return false;
  }
}

function worthKeeping(work: Work, settled: Settled, { proof }: Answered) {
  const proven = proof !== undefined && proof !== work.proof;
  return { ...(settled.keep ? { entry: settled.entry } : {}), ...(proven ? { proof } : {}) };
}

const sharedSchema = z.object({
  head: entryHeadSchema,
  headers: z.record(z.string(), z.string()),
  cache: z.enum(outcomes),
  leaseReason: z.enum(leaseReasons).nullable(),
});

function receive(answer: unknown, body: Uint8Array): Filled {
  const { head, headers, cache, leaseReason } = sharedSchema.parse(answer);
  const entry = joinEntry(head, new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body));
  if (!entry) throw new OctopoolError("internal_error", "The shared answer could not be read.");
  return { entry, headers, cache, leaseReason, coalesced: true, githubCalls: 0 };
}
