/** The memory of the object of events, in its own SQLite. */
import * as z from "zod";
import type { EventEvidence } from "../../shared/events/evidence.ts";
import { type Family, families, type Lane } from "../../shared/events/families.ts";
import type { Uncovered } from "../../shared/events/marks.ts";
import { rememberedMs } from "../../shared/events/protocol.ts";
import type { EventTag } from "../../shared/events/tags.ts";
import type { RecentMark, TakenMark } from "./contract.ts";

/** GitHub lists and redelivers nothing older than this. */
const deliveryMs = 3 * 86_400_000;
/** A repository that was silent for longer may no longer be covered. */
const coverageMs = 7 * 86_400_000;

const tables = `
create table if not exists log (seq integer primary key autoincrement, repo text not null, at integer not null,
  tags text not null, evidence text, happened_at integer);
create index if not exists log_repo on log (repo, at);
create table if not exists deliveries (guid text primary key, at integer not null) without rowid;
create index if not exists deliveries_at on deliveries (at);
create table if not exists coverage (repo text primary key, at integer not null) without rowid;
create table if not exists repository_ids (id integer primary key, repo text not null);
create table if not exists lanes (family text primary key, sampled_at integer not null, delay_ms integer not null,
  late_until integer not null) without rowid;
create table if not exists meta (name text primary key, value text not null) without rowid;
`;

/** Only this store writes it, so it is not validated again. */
const stored = (text: unknown): unknown => (typeof text === "string" ? JSON.parse(text) : undefined);
const tagsSchema = z.array(z.string());

interface LogRow extends Record<string, SqlStorageValue> {
  readonly repo: string;
  readonly at: number;
  readonly tags: string;
  readonly evidence: string | null;
  readonly happened_at: number | null;
}

export class EventStore {
  readonly #sql: SqlStorage;
  readonly epoch: string;
  #cleanedAt = 0;

  constructor(sql: SqlStorage, newEpoch: () => string) {
    this.#sql = sql;
    sql.exec(tables);
    const known = this.meta("epoch");
    this.epoch = known ?? newEpoch();
    if (known === undefined) this.setMeta("epoch", this.epoch);
  }

  /** Whether the delivery is new. */
  note(guid: string, at: number): boolean {
    const { rowsWritten } = this.#sql.exec(
      "insert into deliveries (guid, at) values (?, ?) on conflict do nothing",
      guid,
      at,
    );
    return rowsWritten > 0;
  }

  add(mark: TakenMark, at: number): void {
    const evidence = mark.evidence ? JSON.stringify(mark.evidence) : null;
    const tags = JSON.stringify(mark.tags);
    const happened = mark.happenedAt ?? null;
    this.#sql.exec(
      "insert into log (repo, at, tags, evidence, happened_at) values (?, ?, ?, ?, ?)",
      ...[mark.repository, at, tags, evidence, happened],
    );
  }

  /** Once an hour is enough to know that events of a repository arrive. */
  cover({ repository, repositoryId }: TakenMark, at: number): void {
    if (repositoryId !== undefined) {
      this.#sql.exec(
        "insert into repository_ids (id, repo) values (?, ?) on conflict do update set repo = excluded.repo where repo <> excluded.repo",
        ...[repositoryId, repository],
      );
    }
    this.#sql.exec(
      "insert into coverage (repo, at) values (?, ?) on conflict do update set at = excluded.at where at < excluded.at - 3600000",
      ...[repository, at],
    );
  }

  /** Of these, the ones of which events arrive. */
  covered(repositories: readonly string[], now: number): ReadonlySet<string> {
    const rows = this.#sql.exec<{ repo: string }>(
      "select repo from coverage where repo in (select value from json_each(?)) and at > ?",
      ...[JSON.stringify(repositories), now - coverageMs],
    );
    return new Set([...rows].map(({ repo }) => repo));
  }

  /** All of which events arrive. */
  get allCovered(): readonly string[] {
    return [...this.#sql.exec<{ repo: string }>("select repo from coverage")].map(({ repo }) => repo);
  }

  /** The repository of which events arrive and that GitHub's list names by this number. */
  repositoryOf(id: number): string | undefined {
    return this.#sql.exec<{ repo: string }>("select repo from repository_ids where id = ?", id).toArray()[0]?.repo;
  }

  hide(repository: string): void {
    this.#sql.exec("delete from log where repo = ?", repository);
    this.#sql.exec("delete from coverage where repo = ?", repository);
    this.#sql.exec("delete from repository_ids where repo = ?", repository);
  }

  /** @returns those of which events arrived until now */
  uncover({ owner, repositories }: Uncovered): readonly string[] {
    const rows = this.#sql.exec<{ repo: string }>(
      "delete from coverage where repo in (select value from json_each(?)) or repo like ? escape '!' returning repo",
      ...[JSON.stringify(repositories), owner === undefined ? "" : `${owner.replaceAll("_", "!_")}/%`],
    );
    return [...rows].map(({ repo }) => repo);
  }

  /** Whether this delivery was taken. */
  hasTaken(guid: string): boolean {
    return this.#sql.exec("select 1 from deliveries where guid = ?", guid).toArray().length > 0;
  }

  sample(family: Family, lane: Lane): void {
    this.#sql.exec(
      `insert into lanes (family, sampled_at, delay_ms, late_until) values (?, ?, ?, ?) on conflict do update set
       sampled_at = excluded.sampled_at, delay_ms = excluded.delay_ms, late_until = max(late_until, excluded.late_until)`,
      ...[family, lane.sampledAt, lane.delayMs, lane.lateUntil],
    );
  }

  /** A family counts as late until then. */
  delay(family: Family, until: number): void {
    this.#sql.exec(
      `insert into lanes (family, sampled_at, delay_ms, late_until) values (?, 0, 0, ?) on conflict do update set
       late_until = max(late_until, excluded.late_until)`,
      ...[family, until],
    );
  }

  lanes(): Partial<Record<Family, Lane>> {
    const rows = this.#sql.exec<{ family: string; sampled_at: number; delay_ms: number; late_until: number }>(
      "select * from lanes",
    );
    const lanes: Partial<Record<Family, Lane>> = {};
    for (const { family, sampled_at, delay_ms, late_until } of rows) {
      const known = families.find((name) => name === family);
      if (known) lanes[known] = { sampledAt: sampled_at, delayMs: delay_ms, lateUntil: late_until };
    }
    return lanes;
  }

  get seq(): number {
    const row = this.#sql.exec<{ seq: number }>("select seq from sqlite_sequence where name = 'log'").toArray()[0];
    return row?.seq ?? 0;
  }

  /** Marks up to this one are forgotten. */
  get forgotten(): number {
    return Number(this.meta("forgotten") ?? 0);
  }

  get lastDeliveryAt(): number {
    return this.#sql.exec<{ at: number | null }>("select max(at) as at from deliveries").one().at ?? 0;
  }

  /** The marks of these repositories: the latest time of each tag, one row a time. */
  marksOf(repositories: readonly string[]): readonly (readonly [string, readonly EventTag[], number])[] {
    const rows = this.#sql.exec<LogRow>(
      "select * from log where repo in (select value from json_each(?)) order by seq",
      JSON.stringify(repositories),
    );
    return [...rows].map((row) => [row.repo, tagsSchema.parse(stored(row.tags)), row.at] as const);
  }

  recent(repository: string, since: number): readonly RecentMark[] {
    const rows = this.#sql.exec<LogRow>("select * from log where repo = ? and at >= ? order by seq", repository, since);
    return [...rows].map((row) => ({
      at: row.at,
      tags: tagsSchema.parse(stored(row.tags)),
      ...(row.evidence !== null && { evidence: stored(row.evidence) as EventEvidence }),
      ...(row.happened_at !== null && { happenedAt: row.happened_at }),
    }));
  }

  /** Deletes expired rows, at most once a minute. */
  clean(now: number): void {
    if (now - this.#cleanedAt < 60_000) return;
    this.#cleanedAt = now;
    const last = this.#sql
      .exec<{ seq: number | null }>("select max(seq) as seq from log where at < ?", now - rememberedMs)
      .one().seq;
    if (last !== null) {
      this.#sql.exec("delete from log where at < ?", now - rememberedMs);
      this.setMeta("forgotten", String(last));
    }
    this.#sql.exec("delete from deliveries where at < ?", now - deliveryMs);
    this.#sql.exec("delete from coverage where at < ?", now - coverageMs);
  }

  meta(name: string): string | undefined {
    return this.#sql.exec<{ value: string }>("select value from meta where name = ?", name).toArray()[0]?.value;
  }

  setMeta(name: string, value: string): void {
    this.#sql.exec(
      "insert into meta (name, value) values (?, ?) on conflict do update set value = excluded.value",
      name,
      value,
    );
  }
}
