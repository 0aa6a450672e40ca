/** The relay clients of this process, one a server, loaded and made with the first request that needs one. */
import { setTimeout as delay } from "node:timers/promises";
import { wayEnvironment } from "../shared/protocol.ts";
import type { Asker } from "./cache/reads.ts";
import type { ReadTrouble } from "./cache/trouble.ts";
import type { KnownConnection } from "./connections.ts";
import type { Counters } from "./counters.ts";
import { Tidy } from "./life/tidy.ts";
import type { RelayAnswer, RelayClient } from "./relay/client.ts";

interface RelaysOptions {
  readonly counters: Counters;
  readonly now: () => number;
  /** Called for each answer, with its login and its way. */
  readonly onAnswer?: (known: KnownConnection, env: AskerOptions["env"], path: string, answer: RelayAnswer) => void;
}

/** How often a failed request is tried again unless the caller says otherwise. */
const defaultRetries = 1;

interface AskerOptions {
  /** From OCTOPOOL_RELAY_RETRIES. */
  readonly retries?: number | undefined;
  /** Identifies the way to the relay: the caller's proxies and certificates ({@link wayEnvironment}). */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onTrouble?: (trouble: ReadTrouble) => void;
}

/** Ways to a relay that are kept open; nearly always one. */
const mostClients = 16;

export class Relays {
  readonly #options: RelaysOptions;
  readonly #clients = new Map<string, { readonly server: string; readonly client: RelayClient }>();
  readonly #tidy = new Tidy();

  constructor(options: RelaysOptions) {
    this.#options = options;
  }

  /** Asks as this connection. */
  asker(known: KnownConnection, { retries = defaultRetries, env, onTrouble }: AskerOptions): Asker {
    return {
      id: known.id,
      ask: async (read, signal) => {
        const client = await this.#client(known.connection.server, env);
        const answer = await client.read(known.connection, read, { signal, retries });
        this.#tidy.passed(answer.body.length);
        this.#options.onAnswer?.(known, env, read.path, answer);
        return answer;
      },
      ...(onTrouble && { onTrouble }),
    };
  }

  /** State of each relay's circuit breaker, by address; of several ways to one, the last that was taken. */
  get breakers(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.#clients.values()].map(({ server, client }) => [server, client.breaker.state]));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#clients.values()].map(({ client }) => client.close()));
  }

  /** One for each way: a failure on one caller's way does not mean that the relay, or another way, fails. */
  async #client(server: string, env: AskerOptions["env"]): Promise<RelayClient> {
    const { RelayClient } = await import("./relay/client.ts");
    const key = JSON.stringify([server, ...wayEnvironment.map((name) => env[name] ?? "")]);
    const existing = this.#clients.get(key);
    if (existing) return existing.client;
    const { counters, now } = this.#options;
    const client = new RelayClient(server, {
      now,
      env,
      sleep: (milliseconds, signal) => delay(milliseconds, undefined, { signal }),
      onLatency: (milliseconds) => counters.relayLatency.add(milliseconds),
    });
    this.#clients.set(key, { server, client });
    this.#forget();
    return client;
  }

  /** The way that was opened first; its requests end first. */
  #forget(): void {
    const [key, oldest] = this.#clients.size > mostClients ? ([...this.#clients][0] ?? []) : [];
    if (key === undefined || oldest === undefined) return;
    this.#clients.delete(key);
    oldest.client.close().catch(() => undefined);
  }
}
