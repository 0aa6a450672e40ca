/** The events that this machine receives, for all its logins. */
import type { DaemonStatus } from "../../shared/daemon-status.ts";
import type { Family } from "../../shared/events/families.ts";
import type { GatePolicy } from "../../shared/events/gates.ts";
import type { EventTag } from "../../shared/events/tags.ts";
import type { KnownConnection } from "../connections.ts";
import type { HeardMarks } from "../freshness/heard.ts";
import { repositoryOfPath } from "../freshness/named-repositories.ts";
import type { RelayAnswer } from "../relay/client.ts";
import type { Channel } from "./channel.ts";
import { type Pause, type Watch, watchMarks } from "./watch.ts";

interface EventsOptions {
  readonly heard: HeardMarks;
  readonly now: () => number;
  /** A process that lives for one command receives no events. */
  readonly brief: boolean;
  /** In place of timers, where `now` is another clock. */
  readonly pause?: Pause | undefined;
}

type EventsStanding = NonNullable<DaemonStatus["events"]>[number];

/** Logins with a connection at a time; nearly always one. */
const mostChannels = 8;

export class Events {
  readonly #options: EventsOptions;
  readonly #channels = new Map<string, Channel>();
  /** The reads for which each login's pool lets events vouch, as its relay last reported. */
  readonly #gates = new Map<string, GatePolicy>();
  #closed = false;
  /** Repositories that were read while a channel is being opened. */
  readonly #beginning = new Map<string, Set<string>>();

  constructor(options: EventsOptions) {
    this.#options = options;
  }

  /** An answer came from the relay: if that relay sends events, a channel is opened. */
  answered(
    known: KnownConnection,
    env: Readonly<Record<string, string | undefined>>,
    path: string,
    { head }: RelayAnswer,
  ): void {
    this.#gates.set(known.id, head.relay.gates ?? "ask");
    const repository = repositoryOfPath(path);
    if (this.#options.brief || head.relay.events !== true || repository === undefined) return;
    const channel = this.#channels.get(known.id);
    if (channel) channel.want(repository);
    else void this.#begin(known, env, repository);
  }

  /** Waits for changes of the given tags, from now on; see {@link Watch}. */
  watch(login: string, repository: string, tags: readonly EventTag[], families: readonly Family[]): Watch {
    const { heard, now, pause } = this.#options;
    const hears = () => this.hears(login, repository, families);
    return watchMarks({ heard, now, login, repository, tags, hears, pause });
  }

  /** Whether events of these families in the repository would arrive now. */
  hears(login: string, repository: string, families: readonly Family[]): boolean {
    return this.#channels.get(login)?.hears(repository, families) ?? false;
  }

  gatesOf(login: string): GatePolicy {
    return this.#gates.get(login) ?? "ask";
  }

  /** The connection of each login, and the state of its families of events. */
  get standing(): EventsStanding[] {
    return [...this.#channels.values()].map(({ isConnected, way, watched, lanes, delays, health }) => ({
      connected: isConnected,
      way,
      repositories: watched,
      lanes: { ...lanes },
      delaysMs: { ...delays },
      feed: health ? { ...health, blind: [...health.blind] } : null,
    }));
  }

  close(): void {
    this.#closed = true;
    for (const channel of this.#channels.values()) channel.close();
  }

  async #begin(
    known: KnownConnection,
    env: Readonly<Record<string, string | undefined>>,
    repository: string,
  ): Promise<void> {
    const waiting = this.#beginning.get(known.id);
    if (waiting) waiting.add(repository);
    if (waiting || this.#channels.size + this.#beginning.size >= mostChannels) return;
    const wanted = new Set([repository]);
    this.#beginning.set(known.id, wanted);
    const { beginChannel } = await import("./begin.ts");
    const { heard, now } = this.#options;
    const channel = beginChannel(known, { heard, now, env });
    this.#beginning.delete(known.id);
    if (this.#closed) return;
    this.#channels.set(known.id, channel);
    for (const each of wanted) channel.want(each);
  }
}
