/**
 * The Durable Object of events, one for the relay: keeps GitHub's events for a quarter of an hour, and sends them to
 * the machines that listen. It hibernates while nothing happens, its sockets open. It is not the pool's coordinator,
 * whose timers and waiting callers never let it hibernate.
 */
import { DurableObject } from "cloudflare:workers";
import * as z from "zod";
import { lateForMs, lateMs } from "../../shared/events/families.ts";
import { eventsProtocol } from "../../shared/events/names.ts";
import {
  longestMessage,
  pingText,
  pongText,
  type RelayMessage,
  type WatchMessage,
  watchSchema,
} from "../../shared/events/protocol.ts";
import { everyTag } from "../../shared/events/tags.ts";
import { parseJson } from "../../shared/parse-json.ts";
import { Audience, type AudienceWish } from "./audience.ts";
import {
  type EventsSnapshot,
  type Look,
  type LookTrouble,
  listenerHeader,
  type RecentMark,
  type RepoEventsApi,
  type TakenEvent,
  type Testimony,
} from "./contract.ts";
import { Failures } from "./failures.ts";
import { EventStore } from "./store.ts";

/** Marks within this time are sent together, ms. */
const gatherMs = 50;
/** More marks of one repository within {@link burstMs} count as everything of it, once a second. */
const burstMarks = 200;
const burstMs = 10_000;
/** Sockets of one caller, all their machines together. */
const mostSockets = 64;
/** Marks in one message; a machine that needs more starts again without them. */
const mostMarks = 2_000;
/**
 * A machine may receive events of a repository that was proven public no longer ago than this. Each event itself also
 * states that it is public.
 */
const provenMs = 20 * 60_000;

interface EventsEnv {
  readonly DB: D1Database;
}

const listenerSchema = z.object({ callerId: z.string(), owners: z.array(z.string()).nullable() });

type Marks = RelayMessage["marks"];

export class RepoEvents extends DurableObject<EventsEnv> implements RepoEventsApi {
  readonly #store: EventStore;
  readonly #failures: Failures;
  readonly #audience: Audience;
  #gathered: Marks = [];
  readonly #bursts = new Map<string, { since: number; count: number; toldAt: number }>();
  #lastAt = 0;

  constructor(ctx: DurableObjectState, env: EventsEnv) {
    super(ctx, env);
    this.#store = new EventStore(ctx.storage.sql, () => crypto.randomUUID());
    this.#failures = new Failures(ctx.storage.sql, this.#store);
    this.#audience = new Audience(() => ctx.getWebSockets());
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(pingText, pongText));
  }

  async take({ guid, family, mark, hidden, uncovered }: TakenEvent): Promise<void> {
    const now = Date.now();
    if (hidden !== undefined) this.#store.hide(hidden);
    if (!this.#store.note(guid, now)) return;
    // Machines that hold answers of it get a mark and ask again; the relay then refuses them.
    if (hidden !== undefined) this.#tell([hidden, [everyTag], Math.max(now, this.#lastAt)]);
    this.#store.clean(now);
    if (uncovered !== undefined) this.#announce(this.#store.uncover(uncovered));
    if (mark === undefined) return;
    // Never earlier than the mark sent before, so that a machine that resumes misses nothing; and later than a read of
    // this same millisecond, which may have happened before.
    this.#lastAt = Math.max(now + 1, this.#lastAt);
    const at = this.#lastAt;
    // The delay of a redelivery says nothing about the other deliveries.
    if (mark.happenedAt !== undefined && !this.#failures.has(guid)) {
      const delayMs = Math.max(0, now - mark.happenedAt);
      const wasLate = (this.#store.lanes()[family]?.lateUntil ?? 0) > now;
      this.#store.sample(family, { sampledAt: now, delayMs, lateUntil: delayMs > lateMs ? now + lateForMs : 0 });
      if (delayMs > lateMs && !wasLate) this.#announce();
    }
    this.#store.cover(mark, now);
    const told = this.#dampened(mark.repository, now);
    if (told === "nothing") return;
    const tags = told === "everything" ? [everyTag] : mark.tags;
    this.#store.add(told === "everything" ? { repository: mark.repository, tags } : mark, at);
    this.#tell([mark.repository, [...tags], at]);
  }

  async recent(repository: string, since: number): Promise<readonly RecentMark[]> {
    return this.#store.recent(repository, since);
  }

  async testify(repository: string, since: number): Promise<Testimony> {
    const now = Date.now();
    const covered = this.#store.covered([repository], now).has(repository);
    const marks = this.#store.recent(repository, since);
    return { now, covered, lanes: this.#store.lanes(), health: this.#health(now), marks };
  }

  async snapshot(): Promise<EventsSnapshot> {
    const { epoch, seq } = this.#store;
    const now = Date.now();
    return { now, epoch, seq, lanes: this.#store.lanes(), health: this.#health(now), trouble: this.#failures.trouble };
  }

  async lookFrom(): Promise<number> {
    return this.#failures.lookFrom(Date.now());
  }

  async compare(look: Look): Promise<readonly number[]> {
    const now = Date.now();
    for (const repository of this.#failures.compare(look, now)) this.#everythingOf(repository);
    const again = this.#failures.toSendAgain(now);
    this.#announce();
    return again;
  }

  async lookFailed(trouble: LookTrouble): Promise<void> {
    this.#failures.fail(trouble);
    this.#announce();
  }

  /** Only the Worker calls this, and only for a caller it knows. */
  override async fetch(request: Request): Promise<Response> {
    const listener = listenerSchema.parse(parseJson(request.headers.get(listenerHeader) ?? ""));
    if (this.ctx.getWebSockets(listener.callerId).length >= mostSockets) {
      return new Response("too many connections of this caller", { status: 429 });
    }
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server, [listener.callerId]);
    this.#audience.greet(server, listener);
    return new Response(null, {
      status: 101,
      webSocket: client,
      headers: { "sec-websocket-protocol": eventsProtocol },
    });
  }

  override async webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    const text = typeof message === "string" && message.length <= longestMessage ? message : "";
    const watch = watchSchema.safeParse(parseJson(text)).data;
    const wish = Audience.wishOf(socket);
    if (!watch || !wish) {
      socket.close(1008, "not understood");
      return;
    }
    try {
      const state = await this.#watch(socket, wish, watch);
      socket.send(JSON.stringify(state));
    } catch {
      // The machine reconnects, and meanwhile does not rely on events.
      socket.close(1011, "try again");
    }
  }

  override async webSocketClose(socket: WebSocket): Promise<void> {
    this.#audience.leave(socket);
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    this.#audience.leave(socket);
  }

  async #watch(socket: WebSocket, wish: AudienceWish, { repos, epoch, since }: WatchMessage): Promise<RelayMessage> {
    const now = Date.now();
    const wanted = [...new Set(repos.map((repo) => repo.toLowerCase()))];
    const allowed = wanted.filter((repo) => wish.owners?.includes(repo.split("/")[0] ?? "") ?? true);
    const taken = this.#audience.listen(socket, wish, await this.#public(allowed, now));
    const known = new Set(wish.repos);
    const fresh = taken.filter((repo) => !known.has(repo));
    const marks = this.#store.marksOf(fresh);
    const heardBefore = epoch !== undefined;
    const missed = heardBefore && (epoch !== this.#store.epoch || (since ?? 0) < this.#store.forgotten);
    const tooMany = marks.length > mostMarks;
    return {
      t: "state",
      epoch: this.#store.epoch,
      ...this.#standing(now),
      covered: [...this.#store.covered(taken, now)],
      marks: tooMany ? [] : marks.map(([repo, tags, at]) => [repo, [...tags], at]),
      ...((missed || tooMany) && { reset: true }),
    };
  }

  /** Of these, the ones with a proof that they are public. */
  async #public(repositories: readonly string[], now: number): Promise<readonly string[]> {
    if (repositories.length === 0) return [];
    const statement = this.env.DB.prepare(
      `select repo from github_public_repos where repo in (select value from json_each(?1)) and verdict = 'public'
       and checked_at > ?2`,
    );
    const { results } = await statement.bind(JSON.stringify(repositories), now - provenMs).all<{ repo: string }>();
    const proven = new Set(results.map(({ repo }) => repo));
    return repositories.filter((repo) => proven.has(repo));
  }

  #standing(now: number) {
    return { seq: this.#store.seq, now, lanes: this.#store.lanes(), health: this.#health(now) };
  }

  #health(now: number): NonNullable<RelayMessage["health"]> {
    const machines = this.ctx.getWebSockets().length;
    const { blind, ...found } = this.#failures.health(now);
    return { ...found, blind: [...blind], lastDeliveryAt: this.#store.lastDeliveryAt, machines };
  }

  /** An unknown event of it was missed. */
  #everythingOf(repository: string): void {
    this.#lastAt = Math.max(Date.now() + 1, this.#lastAt);
    this.#store.add({ repository, tags: [everyTag] }, this.#lastAt);
    this.#tell([repository, [everyTag], this.#lastAt]);
  }

  /** Every machine receives the state of the event families, for any repositories. */
  #announce(uncovered: readonly string[] = []): void {
    const message = {
      t: "health",
      ...this.#standing(Date.now()),
      marks: [],
      ...(uncovered.length > 0 && { uncovered }),
    };
    const text = JSON.stringify(message);
    for (const socket of this.ctx.getWebSockets()) send(socket, text);
  }

  /** A change of a label on a thousand issues is one change of the repository. */
  #dampened(repository: string, now: number): "it" | "everything" | "nothing" {
    const burst = this.#bursts.get(repository);
    if (burst === undefined || now - burst.since > burstMs) {
      if (this.#bursts.size > 1_000) this.#bursts.clear();
      this.#bursts.set(repository, { since: now, count: 1, toldAt: 0 });
      return "it";
    }
    burst.count += 1;
    if (burst.count <= burstMarks) return "it";
    if (now - burst.toldAt < 1_000) {
      // Waiting marks are sent with the next one, or by this timer.
      return this.#laterEverything(repository, burst, now);
    }
    burst.toldAt = now;
    return "everything";
  }

  #laterEverything(repository: string, burst: { toldAt: number }, now: number): "nothing" {
    if (burst.toldAt > now) return "nothing";
    const wait = 1_000 - (now - burst.toldAt);
    burst.toldAt = now + wait;
    setTimeout(() => this.#everythingOf(repository), wait);
    return "nothing";
  }

  #tell(mark: Marks[number]): void {
    this.#gathered.push(mark);
    if (this.#gathered.length === 1) setTimeout(() => this.#flush(), gatherMs);
  }

  #flush(): void {
    const standing = this.#standing(Date.now());
    const bySocket = new Map<WebSocket, Marks>();
    for (const mark of this.#gathered) {
      for (const socket of this.#audience.of(mark[0])) {
        const marks = bySocket.get(socket) ?? [];
        marks.push(mark);
        bySocket.set(socket, marks);
      }
    }
    this.#gathered = [];
    for (const [socket, marks] of bySocket) send(socket, JSON.stringify({ t: "marks", ...standing, marks }));
  }
}

function send(socket: WebSocket, text: string): void {
  try {
    socket.send(text);
  } catch {
    // It is closing; the machine resumes.
  }
}
