/**
 * The deliveries that this relay never took, by GitHub's own list. GitHub sends nothing twice by itself: the relay asks
 * a few times for each failed delivery, and until it arrives everything of its repository counts as changed.
 */
import { type Family, type FeedHealth, families, familyOf, lateForMs } from "../../shared/events/families.ts";
import type { ListedDelivery, Look, LookTrouble } from "./contract.ts";
import type { EventStore } from "./store.ts";

/** The overlap of two comparisons, ms: a delivery is listed once it has ended, by the time at which it began. */
const overlapMs = 2 * 60_000;
/** GitHub lists and redelivers nothing older than this. */
const listedMs = 3 * 86_400_000;
/** How long failed deliveries are counted and asked for. */
const countedMs = 86_400_000;
/** How often GitHub is asked to send one again, once a look. */
const mostTries = 3;
/** Deliveries that one look asks for; the others wait for the next one. Their repositories are marked all the same. */
const mostAgain = 20;

const table = `create table if not exists failures (guid text primary key, delivery integer not null, urgent integer not null,
  at integer not null, tries integer not null default 0) without rowid;
create index if not exists failures_at on failures (at)`;

export class Failures {
  readonly #sql: SqlStorage;
  readonly #store: EventStore;

  constructor(sql: SqlStorage, store: EventStore) {
    this.#sql = sql;
    this.#store = store;
    sql.exec(table);
    // Events from before this store existed affect no answer that it reported on.
    if (store.meta("looked_to") === undefined) store.setMeta("looked_to", String(Date.now()));
  }

  /** Whether it failed once. */
  has(guid: string): boolean {
    return this.#sql.exec("select 1 from failures where guid = ?", guid).toArray().length > 0;
  }

  get trouble(): LookTrouble | null {
    return (this.#store.meta("trouble") || null) as LookTrouble | null;
  }

  lookFrom(now: number): number {
    return Math.max(Number(this.#store.meta("looked_to")) - overlapMs, now - listedMs);
  }

  /** @returns repositories of which something was missed */
  compare({ deliveries, whole, blind }: Look, now: number): ReadonlySet<string> {
    const missed = new Set(whole ? [] : this.#store.allCovered);
    for (const delivery of this.#lost(deliveries)) {
      if (this.has(delivery.guid)) continue;
      this.#note(delivery, now);
      for (const repository of this.#concerned(delivery)) missed.add(repository);
    }
    for (const { event, throttledAt } of deliveries) {
      if (throttledAt !== null && now - throttledAt < lateForMs) this.#store.delay(familyOf(event), now + lateForMs);
    }
    const latest = Math.max(Number(this.#store.meta("looked_to")), ...deliveries.map(({ deliveredAt }) => deliveredAt));
    // A clock that is ahead would hide later deliveries.
    this.#store.setMeta("looked_to", String(Math.min(latest, now)));
    this.#store.setMeta("verified_at", String(now));
    this.#store.setMeta("blind", blind.join(" "));
    this.#store.setMeta("trouble", "");
    this.#sql.exec("delete from failures where at < ?", now - listedMs);
    return missed;
  }

  fail(trouble: LookTrouble): void {
    this.#store.setMeta("verified_at", "0");
    this.#store.setMeta("trouble", trouble);
  }

  /** The failed deliveries of which no attempt arrived, those that the guard needs first; each counts as tried. */
  toSendAgain(now: number): readonly number[] {
    const rows = this.#sql.exec<{ delivery: number }>(
      `update failures set tries = tries + 1 where guid in (
         select guid from failures where tries < ? and at > ? and guid not in (select guid from deliveries)
         order by urgent desc, at limit ?)
       returning delivery`,
      ...[mostTries, now - countedMs, mostAgain],
    );
    return [...rows].map(({ delivery }) => delivery);
  }

  health(now: number): Omit<FeedHealth, "lastDeliveryAt" | "machines"> {
    const { failed, missing } = this.#sql
      .exec<{ failed: number; missing: number }>(
        `select count(*) as failed, count(*) filter (where guid not in (select guid from deliveries)) as missing
         from failures where at > ?`,
        now - countedMs,
      )
      .one();
    const named = new Set(this.#store.meta("blind")?.split(" "));
    const blind: Family[] = families.filter((family) => named.has(family));
    return { verifiedAt: Number(this.#store.meta("verified_at") ?? 0), blind, failed, missing };
  }

  /** The latest attempt of each event that was never taken: also where GitHub got a 2xx. */
  #lost(deliveries: readonly ListedDelivery[]): readonly ListedDelivery[] {
    const latest = new Map<string, ListedDelivery>();
    for (const each of deliveries) {
      const known = latest.get(each.guid);
      if (!known || each.deliveredAt > known.deliveredAt) latest.set(each.guid, each);
    }
    return [...latest.values()].filter(({ guid }) => !this.#store.hasTaken(guid));
  }

  #note({ guid, id, event, deliveredAt }: ListedDelivery, now: number): void {
    const urgent = event === "repository" || event === "public" ? 1 : 0;
    this.#sql.exec(
      "insert into failures (guid, delivery, urgent, at) values (?, ?, ?, ?) on conflict do nothing",
      ...[guid, id, urgent, Math.min(deliveredAt, now)],
    );
  }

  /** The list may not name it: then all. No answer relies on events of a repository that never sent any. */
  #concerned({ event, repositoryId }: ListedDelivery): readonly string[] {
    if (repositoryId !== null) {
      const repository = this.#store.repositoryOf(repositoryId);
      return repository === undefined ? [] : [repository];
    }
    return ofNoRepository.test(event) ? [] : this.#store.allCovered;
  }
}

const ofNoRepository =
  /^(ping|meta|installation|installation_repositories|installation_target|github_app_authorization)$/;
