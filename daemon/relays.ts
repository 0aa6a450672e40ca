/** The relay clients of this process, one a server, loaded and made with the first request that needs one. */
import { setTimeout as delay } from "node:timers/promises";
import type { Asker, Trouble } from "./cache/reads.ts";
import type { KnownConnection } from "./connections.ts";
import type { Counters } from "./counters.ts";
import { Tidy } from "./life/tidy.ts";
import type { RelayClient } from "./relay/client.ts";

export interface RelaysOptions {
  readonly counters: Counters;
  readonly now: () => number;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** How often a failed request is tried again unless the caller says otherwise. */
const defaultRetries = 1;

export class Relays {
  readonly #options: RelaysOptions;
  readonly #clients = new Map<string, RelayClient>();
  readonly #tidy = new Tidy();

  constructor(options: RelaysOptions) {
    this.#options = options;
  }

  /** Asks as this connection; `retries` as OCTOPOOL_RELAY_RETRIES says. */
  asker(known: KnownConnection, retries = defaultRetries, onTrouble?: (trouble: Trouble) => void): Asker {
    return {
      id: known.id,
      ask: async (read, signal) => {
        const client = await this.#client(known.connection.server);
        const answer = await client.read(known.connection, read, { signal, retries });
        this.#tidy.passed(answer.body.length);
        return answer;
      },
      ...(onTrouble && { onTrouble }),
    };
  }

  /** State of each relay's circuit breaker, by address. */
  get breakers(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.#clients].map(([server, client]) => [server, client.breaker.state]));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#clients.values()].map((client) => client.close()));
  }

  async #client(server: string): Promise<RelayClient> {
    const { RelayClient } = await import("./relay/client.ts");
    const existing = this.#clients.get(server);
    if (existing) return existing;
    const { counters, now, env } = this.#options;
    const client = new RelayClient(server, {
      now,
      env,
      sleep: (milliseconds, signal) => delay(milliseconds, undefined, { signal }),
      onLatency: (milliseconds) => counters.latency(milliseconds),
    });
    this.#clients.set(server, client);
    return client;
  }
}
