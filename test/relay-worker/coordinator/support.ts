/** A pool over plain memory, with a clock and a timer that only move when told to. */
import type { RateBudget } from "../../../relay-worker/coordinator/budgets.ts";
import type {
  BeginOutcome,
  BeginRequest,
  Candidate,
  FillOutcome,
  Observation,
} from "../../../relay-worker/coordinator/contract.ts";
import type { Cooldown } from "../../../relay-worker/coordinator/cooldowns.ts";
import type { FillRow } from "../../../relay-worker/coordinator/fills.ts";
import type { LeaseRow } from "../../../relay-worker/coordinator/leases.ts";
import { Lending } from "../../../relay-worker/coordinator/lending.ts";
import type { PoolSettings } from "../../../relay-worker/coordinator/settings.ts";
import type { PoolStore } from "../../../relay-worker/coordinator/store.ts";

/** 2026-01-01T00:00:00Z, a whole second. */
export const start = 1_767_225_600_000;
export const seconds = (ms: number): number => Math.floor(ms / 1000);

export const settings: PoolSettings = { ownerTimeoutMs: 20_000, reserve: 0, maxFollowers: 4_000 };

export function candidate(id: string, more: Partial<Candidate> = {}): Candidate {
  return { id, kind: "pat", budgetOwner: `user:${id}`, weight: 1, ...more };
}

export function read(key: string, candidates: readonly Candidate[], more: Partial<BeginRequest> = {}): BeginRequest {
  return { key, routeKey: `route of ${key}`, bucket: "core", candidates, ...more };
}

/** GitHub's answer to identity `id`: a plain 200 unless told otherwise. */
export function saw(id: string, more: Partial<Observation> = {}): Observation {
  return { identityId: id, budgetOwner: `user:${id}`, bucket: "core", routeKey: "r", status: 200, ...more };
}

export function answer(text: string): FillOutcome {
  return { kind: "answer", answer: { text }, body: new TextEncoder().encode(text) };
}

export const failure: FillOutcome = { kind: "failure", code: "github_unreachable", message: "GitHub is away." };

/** A store that lives as long as the test does, so that a second pool can be woken from it. */
function memoryStore(): PoolStore {
  const rows = {
    budgets: new Map<string, RateBudget>(),
    cooldowns: new Map<string, Cooldown>(),
    leases: new Map<string, LeaseRow>(),
    fills: new Map<string, FillRow>(),
  };
  return {
    load: () => ({
      budgets: [...rows.budgets.values()],
      cooldowns: [...rows.cooldowns.values()],
      leases: [...rows.leases.values()].sort((a, b) => a.expires - b.expires),
      fills: [...rows.fills.values()],
    }),
    saveBudget: (row) => void rows.budgets.set(`${row.bucket} ${row.owner}`, row),
    saveCooldown: (row) => void rows.cooldowns.set(`${row.scope} ${row.subject} ${row.target}`, row),
    saveLease: (row) => void rows.leases.set(row.routeKey, row),
    saveFill: ({ ticket, request, startedAt, deadline, used, hold }) =>
      void rows.fills.set(ticket, { ticket, request, startedAt, deadline, used, hold }),
    deleteFill: (ticket) => void rows.fills.delete(ticket),
    prune: () => {},
  };
}

export class PoolBench {
  now = start;
  pool: Lending;
  readonly #store = memoryStore();
  readonly #settings: PoolSettings;
  #tickets = 0;
  #wakeAt: number | undefined;

  constructor(more: Partial<PoolSettings> = {}) {
    this.#settings = { ...settings, ...more };
    this.pool = this.#wake();
  }

  /** The pool loses its memory and its callers, and is read back from the store. */
  evict(): void {
    this.pool = this.#wake();
  }

  /** Lets time pass; the pool is woken at each time it asked for. */
  async advance(ms: number): Promise<void> {
    const until = this.now + ms;
    while (this.#wakeAt !== undefined && this.#wakeAt <= until) {
      this.now = Math.max(this.now, this.#wakeAt);
      this.#wakeAt = undefined;
      this.pool.tend();
      await settle();
    }
    this.now = until;
  }

  /** Begins a fill and expects to own it. */
  async own(request: BeginRequest): Promise<Extract<BeginOutcome, { role: "owner" }>> {
    const begun = await this.pool.begin(request);
    if (begun.role !== "owner") throw new Error(`expected to own ${request.key}, was ${JSON.stringify(begun)}`);
    return begun;
  }

  /** A whole fill: begun, answered with these observations, ended. Tells the identity that was used. */
  async fill(request: BeginRequest, ...observations: Observation[]): Promise<string | null> {
    const { ticket, lease } = await this.own(request);
    this.pool.end({ ticket, observations, outcome: answer(ticket) });
    return lease === null ? null : lease.identityId;
  }

  /** Tells the pool of responses, outside any fill. */
  tell(...observations: Observation[]): void {
    this.pool.end({ ticket: "none", observations, outcome: failure });
  }

  #wake(): Lending {
    return new Lending({
      store: this.#store,
      settings: this.#settings,
      now: () => this.now,
      newTicket: () => `ticket-${++this.#tickets}`,
      wakeAt: (at) => {
        this.#wakeAt = at;
      },
    });
  }
}

/** A promise whose state can be looked at. */
interface Watched<T> {
  settled: boolean;
  value: T | undefined;
}

export function watch<T>(promise: Promise<T>): Watched<T> {
  const watched: Watched<T> = { settled: false, value: undefined };
  void promise.then((value) => {
    watched.settled = true;
    watched.value = value;
  });
  return watched;
}

/** Lets every promise that can settle do so. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}
