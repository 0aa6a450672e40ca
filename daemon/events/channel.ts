/**
 * One login's connection to the relay's events. It is optional: without it, or while it is disconnected, every answer
 * lives as long as its kind allows. Its failures are not printed.
 */
import {
  type Family,
  type FeedHealth,
  families,
  type Lane,
  type LaneState,
  laneState,
} from "../../shared/events/families.ts";
import {
  longestMessage,
  mostWatched,
  pingText,
  pongText,
  type RelayMessage,
  relayMessageSchema,
  rememberedMs,
  type WatchMessage,
} from "../../shared/events/protocol.ts";
import { parseJson } from "../../shared/parse-json.ts";
import type { HeardMarks } from "../freshness/heard.ts";
import type { Socket, SocketHandlers } from "./open-socket.ts";

interface ChannelOptions {
  /** Identifies the login of received events. */
  readonly login: string;
  readonly heard: HeardMarks;
  readonly now: () => number;
  /** 0 to 1, for the pauses between tries. */
  readonly random: () => number;
  readonly open: (handlers: SocketHandlers) => Promise<Socket>;
  readonly times?: Partial<ChannelTimes>;
}

/** Milliseconds. */
interface ChannelTimes {
  readonly pingEvery: number;
  readonly pongWithin: number;
  readonly listEvery: number;
  readonly firstRetry: number;
  readonly longestRetry: number;
  /** Of a connection that has never been open, for example because a proxy blocks it. */
  readonly hopelessRetry: number;
}

const usualTimes: ChannelTimes = {
  pingEvery: 25_000,
  pongWithin: 10_000,
  listEvery: 1_000,
  firstRetry: 500,
  longestRetry: 30_000,
  hopelessRetry: 600_000,
};

/** Tries after which a connection that was never open counts as hopeless. */
const hopefulTries = 4;

export class Channel {
  readonly #options: ChannelOptions;
  readonly #times: ChannelTimes;
  /** When each repository was last read. */
  readonly #wanted = new Map<string, number>();
  #socket: Socket | undefined;
  #opening = false;
  #open = false;
  #wasOpen = false;
  #tries = 0;
  #over = false;
  #listed = "";
  #listTimer: NodeJS.Timeout | undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  #pingTimer: NodeJS.Timeout | undefined;
  #pongTimer: NodeJS.Timeout | undefined;
  #told: { readonly epoch: string; readonly seq: number } | undefined;
  #covered: ReadonlySet<string> = new Set();
  #lanes: Partial<Record<Family, Lane>> = {};
  #health: FeedHealth | undefined;
  /** The relay's clock less this machine's. */
  #ahead = 0;

  constructor(options: ChannelOptions) {
    this.#options = options;
    this.#times = { ...usualTimes, ...options.times };
  }

  /** Whether the connection is open and the relay has sent its state. */
  get isConnected(): boolean {
    return this.#open && this.#told !== undefined;
  }

  /** `refused`: it never was open, for example because a proxy blocks WebSockets. */
  get way(): "listening" | "connecting" | "refused" {
    if (this.isConnected) return "listening";
    return this.#isHopeless ? "refused" : "connecting";
  }

  get #isHopeless(): boolean {
    return !this.#wasOpen && this.#tries >= hopefulTries;
  }

  get watched(): number {
    return this.#wanted.size;
  }

  /** A read asked for this repository: its events are wanted. */
  want(repository: string): void {
    this.#wanted.delete(repository);
    this.#wanted.set(repository, this.#options.now());
    if (this.#socket || this.#opening || this.#retryTimer) this.#listSoon();
    else void this.#connect();
  }

  /** Whether events of these families in this repository would arrive now. */
  hears(repository: string, wanted: readonly Family[]): boolean {
    if (!this.isConnected || !this.#covered.has(repository)) return false;
    const now = this.#options.now() + this.#ahead;
    return wanted.every((family) => this.#stateOf(family, now) === "ok");
  }

  /** The state that `octopool daemon status` shows. */
  get lanes(): Readonly<Record<string, string>> {
    const now = this.#options.now() + this.#ahead;
    return Object.fromEntries(families.map((family) => [family, this.#stateOf(family, now)]));
  }

  /** How late the last event of each family was, ms. */
  get delays(): Readonly<Record<string, number>> {
    return Object.fromEntries(Object.entries(this.#lanes).map(([family, { delayMs }]) => [family, delayMs]));
  }

  /** The relay's last report of its feed; its times are the relay's. */
  get health(): FeedHealth | undefined {
    return this.#health;
  }

  #stateOf(family: Family, now: number): LaneState {
    return laneState({ family, lane: this.#lanes[family], health: this.#health }, now);
  }

  close(): void {
    this.#over = true;
    this.#drop();
    clearTimeout(this.#retryTimer);
  }

  async #connect(): Promise<void> {
    this.#retryTimer = undefined;
    this.#forgetOld();
    if (this.#over || this.#wanted.size === 0) return;
    this.#opening = true;
    this.#tries += 1;
    let hasEnded = false;
    try {
      const socket = await this.#options.open({
        onOpen: () => this.#opened(),
        onText: (text) => this.#heard(text),
        onEnd: () => {
          hasEnded = true;
          this.#ended();
        },
      });
      if (this.#over) socket.close();
      else if (!hasEnded) this.#socket = socket;
      // It may have been open before it was handed over.
      this.#list();
    } catch {
      this.#ended();
    } finally {
      this.#opening = false;
    }
  }

  #opened(): void {
    this.#open = true;
    this.#wasOpen = true;
    this.#listed = "";
    this.#list();
    this.#pingTimer = setInterval(() => this.#ping(), this.#times.pingEvery).unref();
  }

  #ping(): void {
    this.#forgetOld();
    if (this.#wanted.size === 0) {
      // The next read opens it again.
      this.#drop();
      this.#told = undefined;
      return;
    }
    this.#socket?.send(pingText);
    this.#pongTimer ??= setTimeout(() => {
      this.#drop();
      this.#ended();
    }, this.#times.pongWithin).unref();
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#open = false;
    for (const timer of [this.#listTimer, this.#pongTimer]) clearTimeout(timer);
    clearInterval(this.#pingTimer);
    this.#listTimer = undefined;
    this.#pongTimer = undefined;
    socket?.close();
  }

  #ended(): void {
    this.#drop();
    if (this.#over || this.#retryTimer) return;
    const { firstRetry, longestRetry, hopelessRetry } = this.#times;
    const pause = this.#isHopeless
      ? hopelessRetry
      : Math.min(longestRetry, firstRetry * 2 ** Math.min(this.#tries - 1, 10));
    const wait = pause * (0.5 + this.#options.random() / 2);
    this.#retryTimer = setTimeout(() => void this.#connect(), wait).unref();
  }

  #listSoon(): void {
    if (!this.#open || this.#listTimer) return;
    this.#listTimer = setTimeout(() => {
      this.#listTimer = undefined;
      this.#list();
    }, this.#times.listEvery).unref();
  }

  #list(): void {
    if (!this.#open || !this.#socket) return;
    // The latest ones, at most as many as one message holds.
    let room = longestMessage - 200;
    const repos = [...this.#wanted.keys()]
      .toReversed()
      .slice(0, mostWatched)
      .filter((name) => {
        room -= name.length + 3;
        return room > 0;
      })
      .sort();
    const listed = repos.join(" ");
    if (listed === this.#listed) return;
    this.#listed = listed;
    const resume = this.#told && { epoch: this.#told.epoch, since: this.#told.seq };
    const message: WatchMessage = { t: "watch", repos, ...resume };
    this.#socket?.send(JSON.stringify(message));
  }

  #heard(text: string): void {
    if (text === pongText) {
      clearTimeout(this.#pongTimer);
      this.#pongTimer = undefined;
      return;
    }
    const message = relayMessageSchema.safeParse(parseJson(text)).data;
    // A relay of another version: its message is ignored, and its answers keep their own lifetimes.
    if (message) this.#take(message);
  }

  #take(message: RelayMessage): void {
    const { heard, login, now } = this.#options;
    this.#ahead = message.now - now();
    this.#lanes = message.lanes;
    this.#health = message.health;
    this.#tries = 0;
    if (message.t === "state") {
      this.#covered = new Set(message.covered);
      if (message.reset) heard.hearAll(login, [...this.#wanted.keys()], message.now);
    } else {
      const uncovered = message.t === "health" ? message.uncovered : undefined;
      const covered = [...this.#covered, ...message.marks.map(([repository]) => repository)];
      this.#covered = new Set(covered.filter((repository) => !uncovered?.includes(repository)));
    }
    heard.hear(login, message.marks);
    const epoch = message.t === "state" ? message.epoch : this.#told?.epoch;
    if (epoch !== undefined) this.#told = { epoch, seq: message.seq };
  }

  #forgetOld(): void {
    const oldest = this.#options.now() - rememberedMs;
    for (const [repository, at] of this.#wanted) if (at < oldest) this.#wanted.delete(repository);
  }
}
