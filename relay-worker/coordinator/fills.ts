/**
 * Single-flight: a fill is one caller's work on one cache key (the owner's), and the followers that wait for its
 * outcome. This registry knows the running fill and its waiters; lending.ts decides which fill may run.
 */

import type { Hold } from "./budgets.ts";
import type { BeginOutcome, BeginRequest } from "./contract.ts";

/** A caller that waits inside its call to `begin`; `answer` is called exactly once. */
export interface Follower {
  readonly request: BeginRequest;
  readonly answer: (outcome: BeginOutcome) => void;
}

/** The part of a fill that outlives an eviction. */
export interface FillRow {
  readonly ticket: string;
  readonly request: BeginRequest;
  /** When GitHub may have been asked at the earliest, ms since the epoch. */
  readonly startedAt: number;
  /** After this its owner counts as dead. */
  readonly deadline: number;
  /** Identities that this ticket has tried. */
  readonly used: readonly string[];
  /** The spend it has reserved. */
  readonly hold: Hold | null;
}

export interface Fill extends FillRow {
  readonly followers: Follower[];
}

export class Fills {
  readonly #byTicket = new Map<string, Fill>();
  /** The youngest fill of each key: the one that later callers join. */
  readonly #byKey = new Map<string, string>();

  constructor(stored: readonly FillRow[]) {
    for (const row of stored) this.set({ ...row, followers: [] });
  }

  get(ticket: string): Fill | undefined {
    return this.#byTicket.get(ticket);
  }

  /** Adds a fill, or replaces its record. */
  set(fill: Fill): void {
    const isNew = !this.#byTicket.has(fill.ticket);
    this.#byTicket.set(fill.ticket, fill);
    if (isNew && !fill.request.exclusive) this.#byKey.set(fill.request.key, fill.ticket);
  }

  /** Takes a fill out; its followers are the caller's to answer. */
  remove(fill: Fill): void {
    this.#byTicket.delete(fill.ticket);
    if (this.#byKey.get(fill.request.key) === fill.ticket) this.#byKey.delete(fill.request.key);
  }

  /** The fill whose outcome answers this request too. */
  joinable(request: BeginRequest): Fill | undefined {
    if (request.exclusive) return undefined;
    const ticket = this.#byKey.get(request.key);
    const fill = ticket === undefined ? undefined : this.#byTicket.get(ticket);
    return fill !== undefined && fill.startedAt >= (request.notBefore ?? 0) ? fill : undefined;
  }

  /** Fills whose owner is past its deadline. */
  overdue(now: number): Fill[] {
    return this.all().filter((fill) => fill.deadline <= now);
  }

  /** The first deadline; Infinity when nothing runs. */
  nextDeadline(): number {
    return this.all().reduce((least, { deadline }) => Math.min(least, deadline), Number.POSITIVE_INFINITY);
  }

  all(): Fill[] {
    return [...this.#byTicket.values()];
  }
}
