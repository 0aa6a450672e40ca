/** The Durable Object itself: over RPC, on its own SQLite, evicted, with a clock of ours where time matters. */
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import type { BeginOutcome, PoolCoordinatorApi } from "../../../relay-worker/coordinator/contract.ts";
import { type CoordinatorSurroundings, PoolCoordinator } from "../../../relay-worker/coordinator/coordinator.ts";
import bundled from "../../../relay-worker/coordinator/migrations/bundled.js";
import { poolSettings } from "../../../relay-worker/coordinator/settings.ts";
import { migratePoolStore, sqlitePoolStore } from "../../../relay-worker/coordinator/store.ts";
import { answer, candidate, failure, read, saw, seconds, settings, start, watch } from "./support.ts";

declare global {
  /** Vite's. */
  interface ImportMeta {
    glob<T>(pattern: string, options: { query: string; import: string; eager: true }): Record<string, T>;
  }
}

const [a, b] = [candidate("a"), candidate("b")];
let objects = 0;

/** A coordinator that no other test has used. */
function freshStub(): DurableObjectStub<PoolCoordinator> {
  objects += 1;
  return env.POOL.get(env.POOL.idFromName(`coordinator ${objects}`));
}

/** Ends the turn in which the last answer left, so that its writes are done, then the instance. */
async function evict(stub: DurableObjectStub<PoolCoordinator>): Promise<void> {
  await runInDurableObject(stub, () => new Promise((done) => setTimeout(done, 0)));
  await evictDurableObject(stub);
}

/** Until that many callers wait for the object's one fill. */
async function waiting(object: PoolCoordinatorApi, followers: number): Promise<void> {
  for (let look = 0; look < 1000; look += 1) {
    if ((await object.snapshot()).fills[0]?.followers === followers) return;
  }
  throw new Error(`never saw ${followers} followers`);
}

function ticketOf(begun: BeginOutcome): string {
  if (begun.role !== "owner") throw new Error(`expected an owner, was ${JSON.stringify(begun)}`);
  return begun.ticket;
}

/** A clock and timers that move when told to. */
function surroundings() {
  let now = start;
  let tickets = 0;
  const timers = new Map<object, { at: number; work: () => void }>();
  const given: CoordinatorSurroundings = {
    now: () => now,
    newTicket: () => `t${++tickets}`,
    after: (ms, work) => {
      const timer = {};
      timers.set(timer, { at: now + ms, work });
      return () => void timers.delete(timer);
    },
  };
  const advance = (ms: number): void => {
    now += ms;
    for (const [timer, { at, work }] of timers) {
      if (at > now) continue;
      timers.delete(timer);
      work();
    }
  };
  return { given, advance, timers };
}

describe("over RPC", () => {
  test("1,000 concurrent callers of one key: one owner; 999 get its bytes", async () => {
    const object: PoolCoordinatorApi = freshStub();
    const callers = Array.from({ length: 1000 }, () => object.begin(read("k", [a, b])));
    const owner = await Promise.race(callers);
    const body = new Uint8Array([0, 255, 13, 10]);
    const outcome = { kind: "answer", answer: { status: 200, headers: { etag: '"x"' } }, body } as const;
    await object.end([{ ticket: ticketOf(owner), observations: [], outcome }]);
    const all = await Promise.all(callers);
    expect(all.filter(({ role }) => role === "owner")).toHaveLength(1);
    const followers = all.filter(({ role }) => role === "follower");
    expect(followers).toHaveLength(999);
    for (const follower of followers) expect(follower).toEqual({ role: "follower", outcome });
  });

  test("a failure reaches the followers with its code", async () => {
    const object: PoolCoordinatorApi = freshStub();
    const ticket = ticketOf(await object.begin(read("k", [a])));
    const follower = object.begin(read("k", [a]));
    await waiting(object, 1);
    await object.end([{ ticket, observations: [], outcome: failure }]);
    expect(await follower).toEqual({ role: "follower", outcome: failure });
  });
});

describe("evicted for real", () => {
  test("budgets, cooldowns and leases are read from SQLite by the next instance", async () => {
    const stub = freshStub();
    const object: PoolCoordinatorApi = stub;
    const reset = seconds(Date.now()) + 3000;
    const ticket = ticketOf(await object.begin(read("k", [a], { routeKey: "r" })));
    await object.end([
      {
        ticket,
        observations: [
          saw("a", { limit: 5000, remaining: 7, reset }),
          saw("b", { status: 403, secondary: true, retryAfter: 3000 }),
        ],
        outcome: answer("x"),
      },
    ]);
    const before = await object.snapshot();
    await evict(stub);
    const { now: _, ...after } = await object.snapshot();
    expect(before).toMatchObject(after);
    expect(after.budgets).toMatchObject([{ owner: "user:a", remaining: 7, reset: reset * 1000 }]);
    expect(after.cooldowns).toHaveLength(2);
    expect(after.leases).toMatchObject([{ routeKey: "r", identityId: "a" }]);
    expect(await object.begin(read("k2", [b]))).toMatchObject({ role: "refused", reason: "identities_cooling_down" });
  });

  test("a fill in progress goes on: later callers wait for it, and its owner still fails over", async () => {
    const stub = freshStub();
    const object: PoolCoordinatorApi = stub;
    const begun = await object.begin(read("k", [a, b]));
    const ticket = ticketOf(begun);
    await evict(stub);
    const follower = object.begin(read("k", [a, b]));
    await waiting(object, 1);
    const next = await object.failover(ticket, []);
    expect([a.id, b.id]).toContain(next?.identityId);
    expect(begun).not.toMatchObject({ lease: { identityId: next?.identityId } });
    await object.end([{ ticket, observations: [], outcome: answer("late") }]);
    expect(await follower).toEqual({ role: "follower", outcome: answer("late") });
  });

  test("an ended fill is over after it", async () => {
    const stub = freshStub();
    const object: PoolCoordinatorApi = stub;
    const ticket = ticketOf(await object.begin(read("k", [a])));
    await evict(stub);
    await object.end([{ ticket, observations: [], outcome: answer("x") }]);
    await evict(stub);
    expect((await object.snapshot()).fills).toEqual([]);
    expect(await object.begin(read("k", [a]))).toMatchObject({ role: "owner" });
  });
});

describe("with a clock of ours", () => {
  test("an owner that dies is replaced at the request timeout and five seconds", async () => {
    await runInDurableObject(freshStub(), async (_, state) => {
      const { given, advance, timers } = surroundings();
      const pool = new PoolCoordinator(state, { REQUEST_TIMEOUT_MS: "1000" }, given);
      await pool.begin(read("k", [a]));
      const follower = watch(pool.begin(read("k", [a])));
      await pool.snapshot();
      advance(5_999);
      await pool.snapshot();
      expect(follower.settled).toBe(false);
      advance(1);
      await pool.snapshot();
      if (follower.value?.role !== "owner") throw new Error("the follower owns the fill now");
      const { ticket } = follower.value;
      const next = pool.begin(read("k", [a]));
      await pool.end([{ ticket, observations: [], outcome: answer("x") }]);
      expect(await next).toMatchObject({ role: "follower" });
      // The writes that wait for the next turn.
      advance(0);
      expect(timers.size, "no timer keeps an idle object awake").toBe(0);
    });
  });

  test("an instance woken after its owner's deadline replaces it at once", async () => {
    await runInDurableObject(freshStub(), async (_, state) => {
      const { given, advance } = surroundings();
      const first = new PoolCoordinator(state, {}, given);
      await first.begin(read("k", [a]));
      advance(60_000);
      const second = new PoolCoordinator(state, {}, given);
      expect(await second.begin(read("k", [a]))).toMatchObject({ role: "owner" });
      expect((await second.snapshot()).fills).toHaveLength(1);
    });
  });

  test("expired rows leave the database, and no statement scans a table for them", async () => {
    await runInDurableObject(freshStub(), async (_, state) => {
      const { given, advance } = surroundings();
      const pool = new PoolCoordinator(state, {}, given);
      for (let turn = 0; turn < 50; turn += 1) {
        const begun = await pool.begin(read(`k${turn}`, [a]));
        await pool.end([{ ticket: ticketOf(begun), observations: [], outcome: answer("x") }]);
      }
      advance(0);
      const rows = (): unknown => state.storage.sql.exec("SELECT count(*) AS n FROM leases").one().n;
      expect(rows()).toBe(50);
      advance(10_000);
      await pool.snapshot();
      expect(rows()).toBe(0);
      for (const where of ["leases WHERE expires <= 1", "cooldowns WHERE until <= 1", "budgets WHERE reset <= 1"]) {
        const plan = state.storage.sql.exec(`EXPLAIN QUERY PLAN DELETE FROM ${where}`).toArray();
        expect(JSON.stringify(plan)).toContain("USING INDEX");
      }
    });
  });
});

describe("the store", () => {
  test("gives back the written rows, the last state of each", async () => {
    await runInDurableObject(freshStub(), async (_, state) => {
      await migratePoolStore(state.storage);
      const store = sqlitePoolStore(state.storage);
      const budget = { owner: "user:a", bucket: "core", limit: 5000, remaining: 9, reset: start } as const;
      const cooldown = { subject: "a", scope: "route", target: "r", until: start, cause: "x", strikes: 2 } as const;
      const lease = { routeKey: "r", identityId: "a", expires: start };
      const hold = { owner: "user:a", bucket: "core", cost: 1 } as const;
      const fill = { ticket: "t", request: read("k", [a]), startedAt: start, deadline: start + 1, used: ["a"], hold };
      store.saveBudget({ ...budget, remaining: 10 });
      store.saveBudget(budget);
      store.saveCooldown({ ...cooldown, strikes: 1 });
      store.saveCooldown(cooldown);
      store.saveLease({ ...lease, identityId: "b" });
      store.saveLease(lease);
      store.saveFill(fill, true);
      store.saveFill({ ...fill, used: ["a", "b"], hold: null, deadline: start + 2 }, false);
      expect(sqlitePoolStore(state.storage).load()).toEqual({
        budgets: [budget],
        cooldowns: [cooldown],
        leases: [lease],
        fills: [{ ...fill, used: ["a", "b"], hold: null, deadline: start + 2 }],
      });
      store.deleteFill("t");
      expect(store.load().fills).toEqual([]);
    });
  });

  test("the bundled migrations are the checked-in ones", () => {
    const files = import.meta.glob<string>("../../../relay-worker/coordinator/migrations/*.sql", {
      query: "?raw",
      import: "default",
      eager: true,
    });
    expect(Object.values(bundled.migrations)).toEqual(Object.values(files));
    expect(bundled.journal.entries.map(({ tag }) => `${tag}.sql`)).toEqual(
      Object.keys(files).map((path) => path.split("/").at(-1)),
    );
  });
});

describe("settings", () => {
  test("come from the Worker's vars; nonsense counts as absent", () => {
    expect(poolSettings({ REQUEST_TIMEOUT_MS: "1000", IDENTITY_RESERVE: "0.25" })).toEqual({
      ...settings,
      ownerTimeoutMs: 6_000,
      reserve: 0.25,
    });
    const defaults = { ...settings, ownerTimeoutMs: 20_000, reserve: 0.1 };
    expect(poolSettings({})).toEqual(defaults);
    expect(poolSettings({ REQUEST_TIMEOUT_MS: "soon", IDENTITY_RESERVE: "2" })).toEqual(defaults);
  });
});
