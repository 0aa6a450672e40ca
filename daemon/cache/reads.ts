/**
 * Reads of GitHub through this machine's memory. The policy, in one place:
 * - an answer is given from memory while it is fresh, within the caller's age bound, not older than a write that this
 * machine knows of, and not older than an event from the relay;
 * - a read after such a write asks the relay for an answer younger than the write, from any caller's read; one with an
 * age bound of 0 asks GitHub;
 * - a read that others decide by may accept an entry that events vouch for; not where this machine wrote to the
 * repository;
 * - identical reads in progress are one request;
 * - when the relay does not answer, an answer within its stale window, the caller's age bound and the writes known here
 * is given, labelled; otherwise the real gh runs the command.
 */

import type { Price } from "../../shared/explanation.ts";
import type { Counters } from "../counters.ts";
import { NativeRequired, type ReadAnswer, type ReadRequest } from "../reader.ts";
import type { RelayAnswer, RelayRead } from "../relay/client.ts";
import { Flights } from "./flights.ts";
import { answeredBy, answeredByCache, isKeepable, keep } from "./keep.ts";
import { ListedRuns } from "./listed-runs.ts";
import { RelayClocks } from "./relay-clocks.ts";
import { leastAge, relayRead, secondsSince } from "./relay-read.ts";
import { pooledResourceOf, type Resource, resourceOf } from "./resource.ts";
import {
  isRecent,
  memoryKey,
  priceOf,
  type Standing,
  type StandingOptions,
  Standings,
  type Wanted,
} from "./standing.ts";
import type { Kept } from "./store.ts";
import { explainFailure, isOutage, isRefusal, type ReadTrouble } from "./trouble.ts";

/** The login that a read is for, and how its request leaves this machine. */
export interface Asker {
  /** Separates the answers of one relay, pool and token from those of another. */
  readonly id: string;
  /** Rejects with RelayOutage or RelayRefusal. */
  ask(read: RelayRead, signal: AbortSignal): Promise<RelayAnswer>;
  /** Called with the reason why the relay gave no answer. */
  readonly onTrouble?: (trouble: ReadTrouble) => void;
}

interface ReadsOptions extends StandingOptions {
  readonly counters: Counters;
}

interface Landed {
  readonly kept: Kept;
  readonly answeredBy: "relay" | "github";
  readonly stale: boolean;
}

export class CachedReads {
  readonly #options: ReadsOptions;
  readonly #flights = new Flights<Landed>();
  readonly #listedRuns: ListedRuns;
  readonly #clocks: RelayClocks;
  readonly #standings: Standings;
  /** Relays that cannot answer from held entries without asking GitHub. */
  readonly #unable = new Set<string>();

  constructor(options: ReadsOptions) {
    this.#options = options;
    const { store, now } = options;
    this.#clocks = new RelayClocks(now);
    this.#standings = new Standings(options, this.#clocks);
    const known = (askerId: string, subject: Parameters<Standings["changesTo"]>[0]) =>
      this.#standings.changesTo(subject, askerId);
    this.#listedRuns = new ListedRuns({ store, now, known });
  }

  /** Number of requests in progress. */
  get underWay(): number {
    return this.#flights.size;
  }

  /** The memory's entry for a read, and whether it may be given. Does not count as a use of it. */
  standing(request: Wanted, resource: Resource, askerId: string): Standing {
    return this.#standings.of(request, resource, askerId);
  }

  /** Whether this machine wrote anything to its repository. */
  isWritten(resource: Resource): boolean {
    return this.#standings.isWritten(resource);
  }

  /** A fresh answer from memory, if there is one: synchronous, for the server's fast path. */
  peek(resource: Resource, askerId: string, maxAge: number | undefined): Kept | undefined {
    return this.#given(this.#standings.of({ maxAge }, resource, askerId, true));
  }

  #given({ kept, usable }: Standing): Kept | undefined {
    if (usable !== "fresh") return undefined;
    this.#options.counters.local++;
    return kept;
  }

  /** The last answer, of any age and in spite of any write since; no shortened body. */
  held(request: ReadRequest, askerId: string): Kept | undefined {
    const resource = resourceOf(request);
    const kept = resource && this.#options.store.get(memoryKey(resource, askerId));
    return kept?.reduced ? undefined : kept;
  }

  /** The result of {@link recent} without a request. Does not count as a use of it. */
  recentHere(request: ReadRequest, askerId: string): Kept | undefined {
    const resource = this.#unable.has(askerId) ? undefined : resourceOf(request);
    const standing = resource && this.standing(request, resource, askerId);
    return standing && isRecent(standing) ? standing.kept : undefined;
  }

  /**
   * A query's answer that this machine or the relay got within the bound, for any caller, also past its own lifetime:
   * GitHub is not asked. Undefined where there is none, and after any failure.
   */
  async recent(request: ReadRequest, asker: Asker): Promise<ReadAnswer | undefined> {
    const resource = resourceOf(request);
    if (resource === undefined || this.#unable.has(asker.id)) return undefined;
    const { counters, now } = this.#options;
    const began = now();
    const known = this.standing(request, resource, asker.id);
    if (known.kept && isRecent(known)) {
      counters.local++;
      return { ...known.kept, answeredBy: "local", stale: false };
    }
    const maxAge = leastAge(request.maxAge, secondsSince(known.writtenAt, began)) ?? 0;
    const signal = request.signal ?? new AbortController().signal;
    const notBefore = known.heardAt > 0 ? { not_before: Math.ceil(known.heardAt) } : {};
    try {
      const read = { ...relayRead(request, resource, maxAge), held: true as const, ...notBefore };
      const answer = await asker.ask(read, signal);
      this.#count(answer);
      // An older relay that does not know this option has asked GitHub: it does not get it again.
      if (!answeredByCache(answer.head.relay.cache)) this.#unable.add(asker.id);
      const found = keep(answer, resource, { began, now: now(), live: false });
      return { ...found, answeredBy: answeredBy(answer), stale: false };
    } catch {
      signal.throwIfAborted();
      return undefined;
    }
  }

  /** Without a request: the relay has a validator for every read that was ever made here. */
  price(request: ReadRequest, askerId: string): Price {
    const resource = resourceOf(request);
    return resource ? priceOf(this.standing(request, resource, askerId)) : "shared";
  }

  /** One item from a fresh list in this machine's memory; see {@link ListedRuns.find}. Does not count as an answer. */
  listed(request: ReadRequest, askerId: string): ReadAnswer | undefined {
    return this.#listedRuns.find(request, askerId);
  }

  /** Answers one read; rejects with NativeRequired, or with the request's own abort reason. */
  async read(request: ReadRequest, asker: Asker): Promise<ReadAnswer> {
    request.signal?.throwIfAborted();
    const resource = pooledResourceOf(request);
    if (typeof resource === "string") throw new NativeRequired(resource);
    const standing = this.#standings.of(request, resource, asker.id, true);
    if (standing.usable === "conditional") return this.#bypass(request, resource, asker);
    const kept = this.#given(standing);
    if (kept) return { ...kept, answeredBy: "local", stale: false };
    const { notBefore } = standing;
    const newer = notBefore === undefined ? undefined : await this.#newer(request, notBefore, resource, asker);
    return newer ?? this.#fetch(request, resource, asker);
  }

  /**
   * An answer for which GitHub was asked since a moment by the relay's clock, by any caller. Undefined where no answer
   * is new enough: GitHub is asked.
   */
  async #newer(
    request: ReadRequest,
    notBefore: number,
    resource: Resource,
    asker: Asker,
  ): Promise<ReadAnswer | undefined> {
    const { counters } = this.#options;
    const key = memoryKey(resource, asker.id);
    const { maxAge: _bound, since: _since, ...unbound } = request;
    const ask = (lane: string) =>
      this.#flights.fly(`${key} ${lane}`, { live: false, signal: request.signal }, (signal) =>
        this.#request(unbound, resource, { asker, key, live: false, signal, notBefore }),
      );
    try {
      for (const lane of ["newer", `newer ${notBefore}`]) {
        const { value, coalesced } = await ask(lane);
        if (coalesced) counters.coalesced++;
        const { kept: found, answeredBy, stale } = value;
        // A joined request may have been satisfied with an older answer.
        if (!stale && found.toldAt >= notBefore) return { ...found, answeredBy, stale };
      }
      return undefined;
    } catch (error) {
      request.signal?.throwIfAborted();
      return this.#standIn(error, request, key, asker);
    }
  }

  async #fetch(request: ReadRequest, resource: Resource, asker: Asker): Promise<ReadAnswer> {
    const { counters } = this.#options;
    const key = memoryKey(resource, asker.id);
    const live = request.maxAge === 0;
    const { writtenAt, heardAt } = this.#standings.changesOf(resource, asker.id);
    // A flight under the same key was started by a read that knew of the same write.
    const lane = live
      ? `${key} live ${request.vouched ?? ""}`
      : `${key} ${request.maxAge ?? ""} ${writtenAt} ${heardAt}`;
    try {
      const { value, coalesced } = await this.#flights.fly(lane, { live, signal: request.signal }, (signal) =>
        this.#request(request, resource, { asker, key, live, signal }),
      );
      if (coalesced) counters.coalesced++;
      return { ...value.kept, answeredBy: value.answeredBy, stale: value.stale };
    } catch (error) {
      request.signal?.throwIfAborted();
      return this.#standIn(error, request, key, asker);
    }
  }

  async #request(
    request: ReadRequest,
    resource: Resource,
    flight: { asker: Asker; key: string; live: boolean; signal: AbortSignal; notBefore?: number },
  ): Promise<Landed> {
    const { store, now } = this.#options;
    const began = now();
    const known = this.#standings.changesOf(resource, flight.asker.id);
    const { writtenAt, heardAt } = request.anyAge ? { writtenAt: 0, heardAt: 0 } : known;
    const maxAge = flight.live ? 0 : leastAge(request.maxAge, secondsSince(writtenAt, began));
    const read = relayRead(request, resource, maxAge);
    const gate = request.vouched === true && !this.#standings.isWritten(resource);
    const notBefore = Math.ceil(Math.max(heardAt, flight.notBefore ?? 0));
    const bounds = { ...(notBefore > 0 && { not_before: notBefore }), ...(gate && { gate: true as const }) };
    const answer = await flight.asker.ask({ ...read, ...bounds }, flight.signal);
    this.#clocks.heard(flight.asker.id, answer, began);
    this.#count(answer);
    const kept = keep(answer, resource, { began, now: now(), live: flight.live });
    // A slow answer does not undo one that was asked for later.
    const newer = (store.peek(flight.key)?.askedAt ?? 0) > began;
    if (!newer && isKeepable(answer)) {
      store.set(flight.key, kept);
      this.#listedRuns.note(flight.asker.id, flight.key, kept);
    } else if (!newer) store.delete(flight.key);
    return { kept, answeredBy: answeredBy(answer), stale: answer.head.relay.cache === "stale" };
  }

  async #bypass(request: ReadRequest, resource: Resource, asker: Asker): Promise<ReadAnswer> {
    const began = this.#options.now();
    const signal = request.signal ?? new AbortController().signal;
    try {
      const answer = await asker.ask(relayRead(request, resource, request.maxAge), signal);
      this.#count(answer);
      const kept = keep(answer, resource, { began, now: this.#options.now(), live: request.maxAge === 0 });
      return { ...kept, answeredBy: answeredBy(answer), stale: answer.head.relay.cache === "stale" };
    } catch (error) {
      signal.throwIfAborted();
      throw explainFailure(error, this.#options.counters, asker.onTrouble);
    }
  }

  /** An outage may be bridged from memory; a refusal may not. */
  #standIn(error: unknown, request: ReadRequest, key: string, asker: Asker): ReadAnswer {
    const { store, counters, now } = this.#options;
    const explained = explainFailure(error, counters, asker.onTrouble);
    const kept = store.get(key);
    if (!isOutage(error) || kept === undefined) {
      if (isRefusal(error)) store.delete(key);
      throw explained;
    }
    const age = now() - kept.createdAt;
    const withinBound = request.maxAge === undefined || age <= request.maxAge * 1000;
    const { writtenAt, heardAt } = this.#standings.changesTo(kept, asker.id);
    const outdated = kept.createdAt < writtenAt || kept.toldAt < heardAt;
    if (!withinBound || now() > kept.staleUntil || outdated) throw explained;
    counters.stale++;
    return { ...kept, answeredBy: "local", stale: true };
  }

  #count({ head }: RelayAnswer): void {
    const { counters } = this.#options;
    counters.relayed++;
    counters.relay[head.relay.cache]++;
    counters.githubCalls += head.relay.github_calls ?? (answeredByCache(head.relay.cache) ? 0 : 1);
  }
}
