/** gh's own requests through this daemon: a socket for each way to GitHub, and copies of settings that name it. */
import { mkdirSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import { join } from "node:path";
import type { Invocation } from "../gh/engine.ts";
import type { GraphqlPoints } from "../graphql-points.ts";
import { ViaCounters } from "./counters.ts";
import { GraphqlMemory } from "./graphql.ts";
import { type Overlay, overlayOf } from "./overlay.ts";
import { RestMemory } from "./rest.ts";
import { createViaServer, type ViaOptions } from "./server.ts";
import { createUpstream } from "./upstream.ts";

export interface ViaGhOptions {
  /** A directory of this daemon alone; made when it is needed. */
  readonly directory: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Seconds for which answers to GraphQL queries are kept; 0 keeps none. */
  readonly graphqlSeconds: number;
  /** GitHub's count of each account's points. */
  readonly points: GraphqlPoints;
  readonly onWrite: ViaOptions["onWrite"];
  /** Time of the last known write of this machine, milliseconds since the epoch. */
  readonly writtenAt: () => number;
  readonly onTrouble: ViaOptions["onTrouble"];
  readonly log: ViaOptions["log"];
}

interface Way {
  readonly socket: string;
  readonly server: Server;
  readonly graphql: GraphqlMemory;
  readonly close: () => void;
}

export class ViaGh {
  readonly counters: ViaCounters;
  readonly #options: ViaGhOptions;
  readonly #ways = new Map<string, Promise<Way>>();

  constructor(options: ViaGhOptions) {
    this.#options = options;
    this.counters = new ViaCounters(options.points);
  }

  /**
   * Settings with which the caller's gh sends its requests through here, or why it must not.
   *
   * @param isOpen - whether this process is known to reach a host by the network
   */
  overlay({ env, args }: Pick<Invocation, "env" | "args">, isOpen: (apiHost: string) => boolean): Promise<Overlay> {
    const { directory } = this.#options;
    return overlayOf({
      env,
      args,
      directory,
      isOpen,
      socketFor: async (upstream) => (await this.#way(upstream)).socket,
    });
  }

  /** Another part of the daemon learned of a write or push. */
  written(repository: string | undefined): void {
    for (const way of this.#ways.values()) void way.then(({ graphql }) => graphql.written(repository));
  }

  async close(): Promise<void> {
    const ways = await Promise.all(this.#ways.values());
    for (const { server, close } of ways) {
      server.close();
      server.closeAllConnections();
      close();
    }
    rmSync(this.#options.directory, { recursive: true, force: true });
  }

  #way(upstream: string): Promise<Way> {
    const known = this.#ways.get(upstream);
    if (known) return known;
    const way = this.#open(upstream, this.#ways.size);
    this.#ways.set(upstream, way);
    way.catch(() => this.#ways.delete(upstream));
    return way;
  }

  async #open(upstreamSocket: string, number: number): Promise<Way> {
    const { directory, now, graphqlSeconds, onWrite, writtenAt, onTrouble, log } = this.#options;
    const { counters } = this;
    const { treatmentOf } = await import("./operation.ts");
    const upstream = createUpstream(upstreamSocket);
    const write = (repository: string | undefined) => {
      this.written(repository);
      onWrite(repository);
    };
    const rest = new RestMemory({ upstream, counters });
    const graphql = new GraphqlMemory({
      upstream,
      counters,
      now,
      seconds: graphqlSeconds,
      treatmentOf,
      onWrite: write,
      writtenAt,
    });
    const server = createViaServer({ upstream, rest, graphql, counters, onWrite: write, onTrouble, log });
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const socket = join(directory, `${number}.sock`);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    server.once("error", reject);
    server.listen(socket, resolve);
    await promise;
    return { socket, server, graphql, close: () => upstream.close() };
  }
}
