/**
 * The lending of one pool's identities: which caller fills a miss, with which identity, and which callers wait. Pure
 * but for the store, clock and timer it is given; every method runs to its end without awaiting, so no two callers
 * interleave.
 */

import { Budgets, type Hold, spendable } from "./budgets.ts";
import {
  anonymousOwner,
  type BeginOutcome,
  type BeginRequest,
  type Candidate,
  type EndRequest,
  type Lease,
  type Observation,
  type PoolSnapshot,
} from "./contract.ts";
import { Cooldowns } from "./cooldowns.ts";
import { type Fill, Fills, type Follower } from "./fills.ts";
import { Landed } from "./landed.ts";
import { Leases } from "./leases.ts";
import { type Health, isEligible, pick, refusal, type SelectionRefusal, Shares } from "./selection.ts";
import type { PoolSettings } from "./settings.ts";
import type { PoolStore } from "./store.ts";

interface LendingDeps {
  readonly store: PoolStore;
  readonly settings: PoolSettings;
  /** ms since the epoch. */
  readonly now: () => number;
  /** A new, unguessable ticket. */
  readonly newTicket: () => string;
  /**
   * Calls {@link Lending.tend} at that time; a later call replaces an earlier one, undefined cancels. Set only while a
   * caller waits: a timer would keep an idle object in memory, and all other deadlines can be checked on the next call.
   */
  readonly wakeAt: (at: number | undefined) => void;
}

/** The resources of a ticket: a lease (null without a credential) and the spend reserved for it. */
interface Grant {
  readonly lease: Lease | null;
  readonly hold: Hold;
}

const tidyEveryMs = 10_000;
const anonymousCandidate: Candidate = {
  id: anonymousOwner,
  kind: "pat",
  budgetOwner: anonymousOwner,
  weight: 1,
  reserve: 0,
};

export class Lending {
  readonly #deps: LendingDeps;
  readonly #budgets: Budgets;
  readonly #cooldowns: Cooldowns;
  readonly #leases: Leases;
  readonly #fills: Fills;
  /** Fairness is kept for each bucket apart. */
  readonly #shares = new Map<string, Shares>();
  readonly #landed = new Landed();
  #tidyAt = 0;
  /** The first deadline, or some time before it. */
  #overdueAt = 0;
  #isTimed = false;

  constructor(deps: LendingDeps) {
    const { store } = deps;
    const stored = store.load();
    this.#deps = deps;
    this.#budgets = new Budgets(stored.budgets, (row) => store.saveBudget(row));
    this.#cooldowns = new Cooldowns(stored.cooldowns, (row) => store.saveCooldown(row));
    this.#leases = new Leases(stored.leases, (row) => store.saveLease(row));
    this.#fills = new Fills(stored.fills);
    for (const { hold } of stored.fills) if (hold !== null) this.#budgets.reserve(hold);
  }

  /** See {@link PoolCoordinatorApi.begin}; resolves at once for an owner, with the outcome for a follower. */
  begin(request: BeginRequest): Promise<BeginOutcome> {
    const now = this.#deps.now();
    this.tend();
    const running = this.#fills.joinable(request);
    if (running === undefined) return Promise.resolve(this.#open(request, [], now));
    if (running.followers.length >= this.#deps.settings.maxFollowers) {
      return Promise.resolve({ role: "refused", reason: "relay_overloaded", retryAt: running.deadline });
    }
    return new Promise((answer) => {
      running.followers.push({ request, answer });
      if (!this.#isTimed) this.#plan();
    });
  }

  /** See {@link PoolCoordinatorApi.failover}; null as well for a ticket that is over. */
  failover(ticket: string, observations: readonly Observation[]): Lease | null {
    const now = this.#deps.now();
    this.#observe(observations, now);
    const fill = this.#fills.get(ticket);
    if (fill === undefined) return null;
    this.#release(fill);
    const grant = this.#grant(fill.request, fill.used, now);
    const lease = "lease" in grant ? grant.lease : null;
    this.#keep({
      ...fill,
      // The owner has shown that it lives.
      deadline: now + this.#deps.settings.ownerTimeoutMs,
      used: lease === null ? fill.used : [...fill.used, lease.identityId],
      hold: "hold" in grant ? grant.hold : null,
    });
    return lease;
  }

  /** See {@link PoolCoordinatorApi.end}. The observations of an ended ticket still count; its outcome does not. */
  end(request: EndRequest): void {
    this.#observe(request.observations, this.#deps.now());
    const fill = this.#fills.get(request.ticket);
    if (fill === undefined) return;
    this.#drop(fill);
    if (request.outcome.kind === "answer") this.#landed.note(fill.request.key, this.#deps.now(), fill.startedAt);
    for (const follower of fill.followers) follower.answer({ role: "follower", outcome: request.outcome });
    if (fill.followers.length > 0) this.#plan();
  }

  /** Replaces owners that are past their deadline, and deletes expired rows. */
  tend(): void {
    const now = this.#deps.now();
    if (this.#overdueAt <= now) {
      for (const fill of this.#fills.overdue(now)) this.#replaceOwner(fill, now);
      this.#plan();
    }
    if (now < this.#tidyAt) return;
    this.#tidyAt = now + tidyEveryMs;
    for (const part of [this.#budgets, this.#cooldowns, this.#leases, this.#landed, this.#deps.store]) part.prune(now);
  }

  snapshot(): PoolSnapshot {
    const now = this.#deps.now();
    this.tend();
    return {
      now,
      budgets: this.#budgets.open(now),
      cooldowns: this.#cooldowns
        .running(now)
        .map(({ subject, scope, target, until, cause }) => ({ identityId: subject, scope, target, until, cause })),
      leases: this.#leases.live(now),
      fills: this.#fills
        .all()
        .map(({ request, startedAt, followers }) => ({ key: request.key, startedAt, followers: followers.length })),
    };
  }

  /** Makes the caller the owner of a new fill, with these followers, unless no identity may serve it. */
  #open(request: BeginRequest, followers: Follower[], now: number): BeginOutcome {
    const grant = this.#grant(request, [], now);
    if ("reason" in grant) return { role: "refused", ...grant };
    const { lease, hold } = grant;
    const ticket = this.#deps.newTicket();
    const deadline = now + this.#deps.settings.ownerTimeoutMs;
    const used = [lease?.identityId ?? anonymousOwner];
    const landed = this.#landed.startOf(request.key, now);
    // Its owner may answer with the entry that has landed, as far as its own bound allows: so a caller may wait for it
    // only where that entry satisfies the caller's bound.
    const startedAt = landed === undefined ? now : Math.min(now, Math.max(landed, request.notBefore ?? 0));
    this.#keep({ ticket, request, startedAt, deadline, used, hold, followers });
    this.#overdueAt = Math.min(this.#overdueAt, deadline);
    return { role: "owner", ticket, lease, ...(landed === undefined ? {} : { landed: true as const }) };
  }

  /** Picks an identity that is not `used`, takes the lease of the route key for it and reserves its spend. */
  #grant(request: BeginRequest, used: readonly string[], now: number): Grant | SelectionRefusal {
    const { bucket, routeKey, anonymous } = request;
    const cost = Math.max(request.cost ?? 1, 1);
    const retry = used.length > 0;
    if (anonymous && !retry) {
      const own = this.#health(request, anonymousCandidate, cost, now);
      if (isEligible(own)) return this.#hold(null, { owner: anonymousOwner, bucket, cost });
      const { retryAt } = refusal([own]);
      if (request.candidates.length === 0) return { reason: "web_only_unavailable", retryAt };
    }
    const left = request.candidates.filter((candidate) => !used.includes(candidate.id));
    const healths = left.map((candidate) => this.#health(request, candidate, cost, now));
    const holder = this.#leases.holder(routeKey, now);
    const lease = pick(healths, { holder, preferred: request.preferred, retry }, this.#sharesOf(bucket));
    const owner = left.find((candidate) => candidate.id === lease?.identityId)?.budgetOwner;
    if (lease === undefined || owner === undefined) return refusal(healths);
    this.#leases.grant(routeKey, lease.identityId, now);
    return this.#hold(lease, { owner, bucket, cost });
  }

  #hold(lease: Lease | null, hold: Hold): Grant {
    this.#budgets.reserve(hold);
    return { lease, hold };
  }

  #health(request: BeginRequest, candidate: Candidate, cost: number, now: number): Health {
    const { bucket, routeKey } = request;
    const { id, budgetOwner } = candidate;
    const standing = this.#budgets.standing(budgetOwner, bucket, now);
    const left = spendable(standing, candidate.reserve ?? this.#deps.settings.reserve);
    const cooldown = this.#cooldowns.barring({ identityId: id, budgetOwner, bucket, routeKey }, now);
    return {
      candidate,
      spendable: left,
      depletedUntil: left >= cost ? 0 : (standing.reset ?? Number.POSITIVE_INFINITY),
      coolingUntil: cooldown?.until ?? 0,
      exhausted: cooldown?.cause === "exhausted",
      misconfigured: cooldown?.cause === "misconfigured",
    };
  }

  /**
   * The owner died: one of its followers takes its place, the others wait on with it. The youngest comes first, because
   * its caller most likely still waits.
   */
  #replaceOwner(fill: Fill, now: number): void {
    this.#drop(fill);
    const waiting = [...fill.followers];
    // A younger fill of the same key began late enough for each caller that could wait for this one.
    const younger = this.#fills.joinable({ ...fill.request, notBefore: fill.startedAt });
    if (younger !== undefined) {
      younger.followers.push(...waiting);
      return;
    }
    for (let heir = waiting.pop(); heir !== undefined; heir = waiting.pop()) {
      const outcome = this.#open(heir.request, waiting, now);
      heir.answer(outcome);
      if (outcome.role === "owner") return;
    }
  }

  #observe(observations: readonly Observation[], now: number): void {
    for (const seen of observations) {
      this.#budgets.observe(seen, now);
      this.#cooldowns.observe(seen, now);
    }
  }

  #keep(fill: Fill): void {
    const isNew = this.#fills.get(fill.ticket) === undefined;
    this.#fills.set(fill);
    this.#deps.store.saveFill(fill, isNew);
  }

  #drop(fill: Fill): void {
    this.#release(fill);
    this.#fills.remove(fill);
    this.#deps.store.deleteFill(fill.ticket);
  }

  #release(fill: Fill): void {
    if (fill.hold !== null) this.#budgets.release(fill.hold);
  }

  #sharesOf(bucket: string): Shares {
    const shares = this.#shares.get(bucket) ?? new Shares();
    this.#shares.set(bucket, shares);
    return shares;
  }

  #plan(): void {
    this.#overdueAt = this.#fills.nextDeadline();
    this.#isTimed = this.#fills.all().some(({ followers }) => followers.length > 0);
    this.#deps.wakeAt(this.#isTimed ? this.#overdueAt : undefined);
  }
}
