/** The Durable Object: one a pool. It lends {@link Lending} its database, clock and timer, and is called over RPC. */
import { DurableObject } from "cloudflare:workers";
import type {
  BeginOutcome,
  BeginRequest,
  EndRequest,
  Lease,
  Observation,
  PoolCoordinatorApi,
  PoolSnapshot,
} from "./contract.ts";
import { Lending } from "./lending.ts";
import { type PoolEnv, poolSettings } from "./settings.ts";
import { migratePoolStore, sqlitePoolStore } from "./store.ts";
import { writeBehind } from "./write-behind.ts";

/** The clock and other surroundings of the object; tests give their own. */
export interface CoordinatorSurroundings {
  /** ms since the epoch. */
  readonly now: () => number;
  readonly newTicket: () => string;
  /** Runs `work` after `ms`; the answer cancels it. */
  readonly after: (ms: number, work: () => void) => () => void;
}

const workerd: CoordinatorSurroundings = {
  now: () => Date.now(),
  newTicket: () => crypto.randomUUID(),
  after: (ms, work) => {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
};

/**
 * The pool's coordinator. Followers wait inside their own call, which keeps the object in memory; should it be evicted
 * all the same, they lose their calls with it, and everything else is read back from SQLite.
 */
export class PoolCoordinator extends DurableObject<PoolEnv> implements PoolCoordinatorApi {
  readonly #ready: Promise<Lending>;

  constructor(ctx: DurableObjectState, env: PoolEnv, surroundings: CoordinatorSurroundings = workerd) {
    super(ctx, env);
    const { now, newTicket, after } = surroundings;
    let cancel = (): void => {};
    this.#ready = ctx.blockConcurrencyWhile(async () => {
      await migratePoolStore(ctx.storage);
      const wakeAt = (at: number | undefined): void => {
        cancel();
        if (at !== undefined) cancel = after(Math.max(at - now(), 0), () => lending.tend());
      };
      const store = writeBehind({
        store: sqlitePoolStore(ctx.storage),
        transaction: (writes) => ctx.storage.transactionSync(writes),
        later: (flush) => void after(0, flush),
      });
      const lending = new Lending({ store, settings: poolSettings(env), now, newTicket, wakeAt });
      return lending;
    });
  }

  async begin(request: BeginRequest): Promise<BeginOutcome> {
    return (await this.#ready).begin(request);
  }

  async failover(ticket: string, observations: readonly Observation[]): Promise<Lease | null> {
    return (await this.#ready).failover(ticket, observations);
  }

  async end(requests: readonly EndRequest[]): Promise<void> {
    const lending = await this.#ready;
    for (const request of requests) lending.end(request);
  }

  async snapshot(): Promise<PoolSnapshot> {
    return (await this.#ready).snapshot();
  }
}
