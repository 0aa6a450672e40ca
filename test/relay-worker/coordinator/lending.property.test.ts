/**
 * Random interleavings of everything that can happen to a pool, checked after each event against an oracle that knows
 * only the rules: a list of barriers and the counts that GitHub told.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import type {
  BeginOutcome,
  BeginRequest,
  Bucket,
  Candidate,
  FillOutcome,
  Lease,
  Observation,
  PoolSnapshot,
} from "../../../relay-worker/coordinator/contract.ts";
import { answer, candidate, PoolBench, read, saw, seconds, settings, settle, start } from "./support.ts";

// Two tokens of one user, another user, an installation.
const identities: readonly Candidate[] = [
  candidate("a1", { budgetOwner: "user:a", weight: 2 }),
  candidate("a2", { budgetOwner: "user:a", reserve: 0.2 }),
  candidate("b", { weight: 3 }),
  candidate("i", { kind: "github_app", budgetOwner: "installation:7", reserve: 0.1 }),
];
/** The pool's setting. */
const reserve = 0.05;
const assumed: Record<Bucket, number> = { core: 5000, search: 30, code_search: 9, graphql: 5000 };
const buckets = fc.constantFrom<Bucket>("core", "search", "code_search");
const routes = fc.constantFrom("r1", "r2");
const small = (max: number) => fc.integer({ min: 0, max });

const observation: fc.Arbitrary<(now: number) => Observation> = fc
  .record({
    of: fc.constantFrom(...identities),
    bucket: buckets,
    routeKey: routes,
    status: fc.constantFrom(200, 200, 304, 401, 403, 404, 429, 500),
    rate: fc.option(
      fc.record({ remaining: fc.constantFrom(0, 0, 1, 2, 5, 29, 4000), in: small(120).map((n) => n - 30) }),
    ),
    retryAfter: fc.option(small(90)),
    secondary: fc.boolean(),
    misconfigured: fc.boolean(),
  })
  .map(({ of, bucket, routeKey, status, rate, retryAfter, secondary, misconfigured }) => (now: number) => ({
    ...saw(of.id, { budgetOwner: of.budgetOwner, bucket, routeKey, status }),
    ...(rate === null ? {} : { limit: assumed[bucket], remaining: rate.remaining, reset: seconds(now) + rate.in }),
    ...(retryAfter === null ? {} : { retryAfter }),
    ...(secondary && (status === 403 || status === 429) ? { secondary } : {}),
    ...(misconfigured && status === 404 ? { misconfigured } : {}),
  }));

const begin = fc.record({
  kind: fc.constant("begin" as const),
  key: fc.constantFrom("k1", "k2", "k3"),
  routeKey: routes,
  bucket: buckets,
  candidates: fc.subarray([...identities]),
  preferred: fc.option(fc.constantFrom("a1", "b"), { nil: undefined }),
  exclusive: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
  live: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
  cost: fc.constantFrom(1, 1, 4),
});
const some = fc.array(observation, { maxLength: 3 });
const event = fc.oneof(
  { weight: 6, arbitrary: begin },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("failover" as const), at: small(99), seen: some }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("end" as const), at: small(99), seen: some }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("late" as const), at: small(99), seen: some }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("advance" as const), ms: fc.constantFrom(1, 900, 7000, 21_000, 130_000) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("evict" as const) }) },
);
type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;
type EventOf<K extends Event["kind"]> = Extract<Event, { kind: K }>;

interface Caller {
  readonly request: BeginRequest;
  /** How often the pool has answered. */
  heard: number;
  /** Its call went with an eviction. */
  lost: boolean;
}
interface Ticket {
  readonly caller: Caller;
  readonly startedAt: number;
  readonly used: string[];
  deadline: number;
  ended: boolean;
}
/** The earliest time of the next use, by scope. A lower bound: repeats of a secondary limit bar for longer. */
interface Barrier {
  readonly bars: (id: Candidate, bucket: Bucket, routeKey: string) => boolean;
  readonly until: number;
}

class Oracle {
  readonly #bench = new PoolBench({ reserve });
  readonly #callers: Caller[] = [];
  readonly #tickets = new Map<string, Ticket>();
  readonly #barriers: Barrier[] = [];
  readonly #told: Observation[] = [];
  /** Rules found broken while a caller heard its answer. */
  readonly #broken: unknown[] = [];
  #before: PoolSnapshot = this.#bench.pool.snapshot();

  async apply(step: Event): Promise<void> {
    if (step.kind === "advance") await this.#bench.advance(step.ms);
    else if (step.kind === "evict") this.#evict();
    else if (step.kind === "begin") this.#begin(step);
    else this.#report(step);
    await settle();
    for (const error of this.#broken) throw error;
    this.#compare();
  }

  /** Every fill ends; then every caller has heard once, and nothing is held back any more. */
  async finish(): Promise<void> {
    for (const [id, ticket] of this.#tickets) if (!ticket.ended) this.#end(id, ticket, []);
    await settle();
    for (const error of this.#broken) throw error;
    for (const { heard, lost } of this.#callers) expect(heard, "each caller hears exactly once").toBe(lost ? 0 : 1);
    const { fills, budgets } = this.#bench.pool.snapshot();
    expect(fills).toEqual([]);
    expect(budgets.every(({ reserved }) => reserved === 0)).toBe(true);
  }

  #begin({ key, routeKey, bucket, candidates, preferred, exclusive, live, cost }: EventOf<"begin">): void {
    const request: BeginRequest = {
      ...{ key, routeKey, bucket, candidates, exclusive, cost },
      ...(preferred === undefined ? {} : { preferred }),
      ...(live ? { notBefore: this.#bench.now } : {}),
    };
    const caller: Caller = { request, heard: 0, lost: false };
    this.#callers.push(caller);
    this.#bench.pool
      .begin(request)
      .then((outcome) => this.#hear(caller, outcome))
      .catch((error: unknown) => this.#broken.push(error));
  }

  #hear(caller: Caller, outcome: BeginOutcome): void {
    caller.heard += 1;
    if (outcome.role === "follower") this.#checkAnswer(caller.request, outcome.outcome);
    else if (outcome.role === "refused") this.#checkRefused(caller.request.candidates, caller.request);
    else {
      const { now } = this.#bench;
      const ticket = { caller, startedAt: now, used: [], deadline: now + settings.ownerTimeoutMs, ended: false };
      this.#tickets.set(outcome.ticket, ticket);
      this.#checkLease(ticket, outcome.lease);
    }
  }

  #report(step: EventOf<"failover" | "end" | "late">): void {
    const seen = step.seen.map((of) => of(this.#bench.now));
    for (const one of seen) this.#note(one);
    const open = [...this.#tickets].filter(([, ticket]) => !ticket.ended);
    const [id, ticket] = open[step.at % open.length] ?? [];
    if (id === undefined || ticket === undefined || step.kind === "late") this.#bench.tell(...seen);
    else if (step.kind === "failover") this.#failover(id, ticket, seen);
    else this.#end(id, ticket, seen);
  }

  #failover(id: string, ticket: Ticket, seen: readonly Observation[]): void {
    const { now } = this.#bench;
    const alive = now < ticket.deadline;
    const lease = this.#bench.pool.failover(id, seen);
    if (!alive) {
      expect(lease, "a dead owner gets no identity").toBeNull();
      return;
    }
    ticket.deadline = now + settings.ownerTimeoutMs;
    const { request } = ticket.caller;
    const left = request.candidates.filter((one) => !ticket.used.includes(one.id));
    if (lease === null) this.#checkRefused(left, request);
    else this.#checkLease(ticket, lease);
  }

  #end(id: string, ticket: Ticket, seen: readonly Observation[]): void {
    ticket.ended = true;
    this.#bench.pool.end({ ticket: id, observations: seen, outcome: answer(id) });
  }

  #evict(): void {
    for (const caller of this.#callers) if (caller.heard === 0) caller.lost = true;
    this.#bench.evict();
  }

  #checkAnswer(request: BeginRequest, outcome: FillOutcome): void {
    const ticket = outcome.kind === "answer" ? new TextDecoder().decode(outcome.body) : "";
    const filler = this.#tickets.get(ticket);
    expect(filler?.caller.request.key, "a follower hears of its own key").toBe(request.key);
    expect(request.exclusive || filler?.caller.request.exclusive, "exclusive reads stay alone").toBe(false);
    expect(filler?.startedAt, "no answer is older than asked for").toBeGreaterThanOrEqual(request.notBefore ?? 0);
  }

  #checkLease(ticket: Ticket, lease: Lease | null): void {
    const { request } = ticket.caller;
    const chosen = request.candidates.find(({ id }) => id === lease?.identityId);
    if (chosen === undefined) throw new Error(`${lease?.identityId} is not a candidate`);
    expect(ticket.used, "each identity once a ticket").not.toContain(chosen.id);
    ticket.used.push(chosen.id);
    expect(this.#barred(chosen, request), "never a cooling identity").toBe(false);
    expect(this.#spendable(chosen, request.bucket), "never an exhausted one").toBeGreaterThanOrEqual(request.cost ?? 1);
  }

  /** No identity was picked: so none was free, even if all open fills had reserved from this one budget. */
  #checkRefused(candidates: readonly Candidate[], request: BeginRequest): void {
    const open = [...this.#tickets.values()].filter(({ ended }) => !ended);
    const held = open.reduce((sum, { caller }) => sum + (caller.request.cost ?? 1), 0);
    const { cooldowns } = this.#bench.pool.snapshot();
    const free = candidates.filter((id) => {
      const cooling = cooldowns.some(({ identityId, target }) =>
        target === ""
          ? [id.id, id.budgetOwner].includes(identityId)
          : [`${id.id} ${request.routeKey}`, `${id.budgetOwner} ${request.bucket}`].includes(`${identityId} ${target}`),
      );
      return !cooling && this.#spendable(id, request.bucket) - held >= (request.cost ?? 1);
    });
    expect(free, "no read is refused while an identity is free").toEqual([]);
  }

  #barred(id: Candidate, { bucket, routeKey }: BeginRequest): boolean {
    return this.#barriers.some(({ bars, until }) => until > this.#bench.now && bars(id, bucket, routeKey));
  }

  /** The state of a budget by the rules, from all reports, in any order. */
  #spendable(id: Candidate, bucket: Bucket): number {
    const kept = Math.ceil((id.reserve ?? reserve) * assumed[bucket]);
    const about = this.#told.filter(
      (one) => one.budgetOwner === id.budgetOwner && one.bucket === bucket && one.reset !== undefined,
    );
    const newest = Math.max(0, ...about.map(({ reset }) => reset ?? 0));
    if (newest * 1000 <= this.#bench.now) return assumed[bucket] - kept;
    return Math.min(...about.filter(({ reset }) => reset === newest).map(({ remaining }) => remaining ?? 0)) - kept;
  }

  #note(seen: Observation): void {
    this.#told.push(seen);
    const { now } = this.#bench;
    const retryMs = (seen.retryAfter ?? 0) * 1000;
    const refused = seen.status === 403 || seen.status === 429;
    const bar = (ms: number, bars: Barrier["bars"]): void => void this.#barriers.push({ bars, until: now + ms });
    const mine: Barrier["bars"] = ({ id }) => id === seen.identityId;
    const ours: Barrier["bars"] = ({ budgetOwner }) => budgetOwner === seen.budgetOwner;
    const budget: Barrier["bars"] = (id, bucket, route) => ours(id, bucket, route) && bucket === seen.bucket;
    const route: Barrier["bars"] = (id, bucket, key) => mine(id, bucket, key) && key === seen.routeKey;
    if (seen.misconfigured) bar(120_000, mine);
    else if (seen.status === 401) bar(retryMs || 120_000, mine);
    if (!refused) return;
    if (seen.secondary) bar(Math.max(retryMs, 60_000), ours);
    else if (retryMs > 0) bar(retryMs, ours);
    if (seen.remaining === 0) bar((seen.reset ?? 0) * 1000 - now, budget);
    else if (!seen.secondary && retryMs === 0) bar(120_000, seen.status === 403 ? route : budget);
  }

  /** Nothing that was barred is free earlier, and no count rose within its window. */
  #compare(): void {
    const after = this.#bench.pool.snapshot();
    for (const { identityId, scope, target, until } of this.#before.cooldowns) {
      if (until <= after.now) continue;
      const same = after.cooldowns.find(
        (one) => one.identityId === identityId && one.scope === scope && one.target === target,
      );
      expect(same?.until ?? 0, "a cooldown never shortens").toBeGreaterThanOrEqual(until);
    }
    for (const { owner, bucket, reset, remaining } of this.#before.budgets) {
      if (reset <= after.now) continue;
      const same = after.budgets.find((one) => one.owner === owner && one.bucket === bucket);
      expect(same?.reset ?? 0, "a window never goes back").toBeGreaterThanOrEqual(reset);
      if (same?.reset !== reset) continue;
      expect(same.remaining, "a count never rises in its window").toBeLessThanOrEqual(remaining);
    }
    this.#before = after;
  }
}

test("the rules hold for any events in any order", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 80, size: "max" }), async (events) => {
      const oracle = new Oracle();
      for (const one of events) await oracle.apply(one);
      await oracle.finish();
    }),
    { numRuns: 300 },
  );
});

test("fills in progress never promise more than a budget holds, however it is shared", async () => {
  const steps = fc.array(
    fc.record({ by: fc.constantFrom("a1", "a2"), ends: fc.boolean(), cost: fc.integer({ min: 1, max: 9 }) }),
    {
      maxLength: 80,
      size: "max",
    },
  );
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 60 }), steps, async (budget, all) => {
      const bench = new PoolBench();
      let left = budget;
      const told = (id: string) =>
        saw(id, { budgetOwner: "user:a", limit: 60, remaining: left, reset: seconds(start) + 3000 });
      bench.tell(told("a1"));
      const open: { ticket: string; cost: number; by: string }[] = [];
      for (const [at, { by, ends, cost }] of all.entries()) {
        const asked = read(`k${at}`, [candidate(by, { budgetOwner: "user:a" })], { cost });
        const begun = await bench.pool.begin(asked);
        const promised = open.reduce((sum, fill) => sum + fill.cost, 0);
        expect(begun.role).toBe(promised + cost <= left ? "owner" : "refused");
        if (begun.role === "owner") open.push({ ticket: begun.ticket, cost, by });
        const ending = ends ? open.shift() : undefined;
        if (ending === undefined) continue;
        left -= ending.cost;
        bench.pool.end({ ticket: ending.ticket, observations: [told(ending.by)], outcome: answer("x") });
      }
      expect(left).toBeGreaterThanOrEqual(0);
    }),
  );
});
