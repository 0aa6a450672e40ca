import { describe, expect, test } from "vitest";
import { anonymousOwner } from "../../../relay-worker/coordinator/contract.ts";
import { answer, candidate, failure, PoolBench, read, saw, seconds, settle, start, watch } from "./support.ts";

const [a, b] = [candidate("a"), candidate("b")];
const window = { limit: 5000, reset: seconds(start) + 3000 };

describe("the choice of an identity", () => {
  test("a route key sticks to its identity for ten seconds, then the choice is open again", async () => {
    const bench = new PoolBench();
    const used: (string | null)[] = [];
    for (let turn = 0; turn < 4; turn += 1)
      used.push(await bench.fill(read(`page ${turn}`, [a, b], { routeKey: "r" })));
    expect(new Set(used).size).toBe(1);
    await bench.advance(10_000);
    expect(await bench.fill(read("k", [a, b], { routeKey: "r" }))).not.toBe(used[0]);
  });
  test("a lease of an identity that the caller may not use is passed over", async () => {
    const bench = new PoolBench();
    await bench.fill(read("k", [a], { routeKey: "r" }));
    expect(await bench.fill(read("k", [b], { routeKey: "r" }))).toBe("b");
  });
  test("the identity whose ETag is held is taken when it is healthy", async () => {
    const bench = new PoolBench();
    for (const key of ["1", "2", "3"]) expect(await bench.fill(read(key, [a, b], { preferred: "b" }))).toBe("b");
    bench.tell(saw("b", { status: 401 }));
    expect(await bench.fill(read("4", [a, b], { preferred: "b" }))).toBe("a");
  });
  test("weights are shares of distinct reads, also while GitHub counts them", async () => {
    const bench = new PoolBench();
    const spent: Record<string, number> = { a: 0, b: 0, c: 0 };
    const identities = [candidate("a", { weight: 3 }), b, candidate("c", { weight: 2 })];
    for (let turn = 0; turn < 600; turn += 1) {
      const { ticket, lease } = await bench.own(read(`k${turn}`, identities));
      const id = lease?.identityId ?? "";
      spent[id] = (spent[id] ?? 0) + 1;
      const seen = saw(id, { ...window, remaining: 5000 - (spent[id] ?? 0) });
      bench.pool.end({ ticket, observations: [seen], outcome: answer("x") });
    }
    const wanted: Record<string, number> = { a: 300, b: 100, c: 200 };
    for (const [id, share] of Object.entries(wanted)) expect(Math.abs((spent[id] ?? 0) - share)).toBeLessThan(12);
  });
  test("fairness in one bucket owes nothing to another", async () => {
    const bench = new PoolBench();
    expect(await bench.fill(read("1", [a, b]))).toBe("a");
    expect(await bench.fill(read("2", [a, b], { bucket: "search" }))).toBe("a");
  });
});

describe("budgets", () => {
  test("the reserve is left to the identity's owner, its own setting before the pool's", async () => {
    const bench = new PoolBench({ reserve: 0.1 });
    bench.tell(saw("a", { ...window, remaining: 501 }), saw("b", { ...window, remaining: 501 }));
    await bench.fill(read("1", [a]));
    bench.tell(saw("a", { ...window, remaining: 500 }));
    expect(await bench.pool.begin(read("2", [a]))).toEqual({
      role: "refused",
      reason: "identity_pool_depleted",
      retryAt: start + 3_000_000,
    });
    expect(await bench.fill(read("3", [a, b]))).toBe("b");
    expect(await bench.fill(read("4", [{ ...a, reserve: 0 }]))).toBe("a");
  });
  test("fills in progress hold their spend: a budget of 30 starts 30 fills, and another when one has ended", async () => {
    const bench = new PoolBench();
    const search = (key: string) => read(key, [a], { bucket: "search" });
    const tickets: string[] = [];
    for (let turn = 0; turn < 30; turn += 1) tickets.push((await bench.own(search(`k${turn}`))).ticket);
    expect(await bench.pool.begin(search("one more"))).toMatchObject({ reason: "identity_pool_depleted" });
    bench.pool.end({ ticket: tickets[0] ?? "", observations: [], outcome: failure });
    await bench.own(search("one more"));
  });
  test("a fill may hold more than one call", async () => {
    const bench = new PoolBench();
    const search = (key: string, cost: number) => read(key, [a], { bucket: "search", cost });
    await bench.own(search("1", 29));
    expect(await bench.pool.begin(search("2", 2))).toMatchObject({ role: "refused" });
    await bench.own(search("3", 1));
  });
  test("two identities of one user share one budget", async () => {
    const bench = new PoolBench();
    const twin = candidate("a2", { budgetOwner: "user:a" });
    bench.tell(saw("a", { ...window, remaining: 0, status: 200 }));
    expect(await bench.pool.begin(read("k", [a, twin]))).toMatchObject({ reason: "identity_pool_depleted" });
  });
  test("a late success does not reopen an exhausted window", async () => {
    const bench = new PoolBench();
    bench.tell(saw("a", { ...window, status: 403, remaining: 0 }));
    bench.tell(saw("a", { ...window, remaining: 4000 }));
    // Not even one that names a newer window, while the refusal still holds.
    bench.tell(saw("a", { ...window, reset: window.reset + 60, remaining: 4999 }));
    expect(await bench.pool.begin(read("k", [a]))).toMatchObject({ reason: "identity_pool_depleted" });
    await bench.advance(3_000_000);
    expect(await bench.fill(read("k", [a]))).toBe("a");
  });
  test("GraphQL's exhaustion comes as a 200 and counts all the same", async () => {
    const bench = new PoolBench();
    bench.tell(saw("a", { ...window, bucket: "graphql", remaining: 0 }));
    expect(await bench.pool.begin(read("k", [a], { bucket: "graphql" }))).toMatchObject({ role: "refused" });
    expect(await bench.fill(read("k", [a]))).toBe("a");
  });
});

describe("reads without a credential", () => {
  const anonymous = { anonymous: true } as const;
  const spent = saw(anonymousOwner, {
    identityId: null,
    budgetOwner: anonymousOwner,
    limit: 60,
    remaining: 0,
    reset: window.reset,
  });

  test("have a budget of their own", async () => {
    const bench = new PoolBench({ reserve: 0.5 });
    for (let turn = 0; turn < 60; turn += 1) {
      expect((await bench.own(read(`k${turn}`, [], anonymous))).lease).toBeNull();
    }
    expect(await bench.pool.begin(read("more", [], anonymous))).toMatchObject({ reason: "web_only_unavailable" });
    expect(await bench.fill(read("pooled", [a]))).toBe("a");
  });
  test("are refused until the window ends", async () => {
    const bench = new PoolBench();
    bench.tell(spent);
    expect(await bench.pool.begin(read("k", [], anonymous))).toEqual({
      role: "refused",
      reason: "web_only_unavailable",
      retryAt: start + 3_000_000,
    });
  });
  test("go to the pool where candidates are given and the budget is gone, before or after a try", async () => {
    const bench = new PoolBench();
    const { ticket, lease } = await bench.own(read("1", [a], anonymous));
    expect(lease).toBeNull();
    expect(bench.pool.failover(ticket, [{ ...spent, status: 403 }])).toEqual({ identityId: "a", reason: "fallback" });
    expect((await bench.own(read("2", [b], anonymous))).lease?.identityId).toBe("b");
  });
});

describe("failover", () => {
  test("tries each identity once, then has none", async () => {
    const bench = new PoolBench();
    const identities = ["a", "b", "c"].map((id) => candidate(id));
    const { ticket, lease } = await bench.own(read("k", identities));
    const tried = [lease?.identityId];
    // A server error cools no identity: only the ticket's own memory stands in the way.
    for (let turn = 0; turn < 3; turn += 1) {
      tried.push(bench.pool.failover(ticket, [saw("x", { status: 502 })])?.identityId);
    }
    expect(tried.slice(0, 3).sort()).toEqual(["a", "b", "c"]);
    expect(tried[3]).toBeUndefined();
    expect(bench.pool.failover(ticket, [])).toBeNull();
  });
  test("one identity's missing secret costs a try, not the request, and bars it for the next", async () => {
    const bench = new PoolBench();
    const { ticket } = await bench.own(read("1", [a, b], { preferred: "a" }));
    const broken = saw("a", { status: 0, misconfigured: true });
    expect(bench.pool.failover(ticket, [broken])).toEqual({ identityId: "b", reason: "fallback" });
    expect(await bench.fill(read("2", [a, b], { preferred: "a" }))).toBe("b");
  });
  test("moves the lease and the reserved spend", async () => {
    const bench = new PoolBench();
    bench.tell(saw("a", { ...window, remaining: 9 }), saw("b", { ...window, remaining: 9 }));
    const { ticket } = await bench.own(read("k", [a, b], { routeKey: "r", preferred: "a" }));
    bench.pool.failover(ticket, []);
    const { leases, budgets } = bench.pool.snapshot();
    expect(leases).toMatchObject([{ routeKey: "r", identityId: "b" }]);
    expect(budgets.map(({ owner, reserved }) => [owner, reserved])).toEqual([
      ["user:a", 0],
      ["user:b", 1],
    ]);
  });
  test("a ticket that is over gets no identity, but its report is kept", async () => {
    const bench = new PoolBench();
    expect(bench.pool.failover("unknown", [saw("a", { status: 401 })])).toBeNull();
    expect(await bench.pool.begin(read("k", [a]))).toMatchObject({ reason: "identities_cooling_down" });
  });
});

describe("refusals say why and until when", () => {
  test("no candidates", async () => {
    expect(await new PoolBench().pool.begin(read("k", []))).toEqual({
      role: "refused",
      reason: "no_identity",
      retryAt: null,
    });
  });
  test("cooling down", async () => {
    const bench = new PoolBench();
    bench.tell(saw("a", { status: 401 }), saw("b", { status: 429, retryAfter: 30 }));
    expect(await bench.pool.begin(read("k", [a, b]))).toEqual({
      role: "refused",
      reason: "identities_cooling_down",
      retryAt: start + 30_000,
    });
  });
  test("a permission 403 bars one route only", async () => {
    const bench = new PoolBench();
    bench.tell(saw("a", { status: 403, routeKey: "secret" }));
    expect(await bench.pool.begin(read("k", [a], { routeKey: "secret" }))).toMatchObject({ role: "refused" });
    expect(await bench.fill(read("k", [a], { routeKey: "public" }))).toBe("a");
  });
});

describe("single-flight", () => {
  test("a thousand callers of one key: one owner, the others wait and get its answer", async () => {
    const bench = new PoolBench();
    const callers = Array.from({ length: 1000 }, () => bench.pool.begin(read("k", [a])));
    const followers = callers.slice(1).map(watch);
    const first = await callers[0];
    await settle();
    expect(followers.some(({ settled }) => settled)).toBe(false);
    if (first?.role !== "owner") throw new Error("the first caller owns the fill");
    const outcome = answer("body");
    bench.pool.end({ ticket: first.ticket, observations: [], outcome });
    await settle();
    expect(followers.every(({ value }) => value?.role === "follower" && value.outcome === outcome)).toBe(true);
    expect(bench.pool.snapshot().fills).toEqual([]);
  });
  test("a failure wakes the followers too", async () => {
    const bench = new PoolBench();
    const { ticket } = await bench.own(read("k", [a]));
    const follower = bench.pool.begin(read("k", [a]));
    bench.pool.end({ ticket, observations: [], outcome: failure });
    expect(await follower).toEqual({ role: "follower", outcome: failure });
  });
  test("an exclusive read neither waits nor is waited for", async () => {
    const bench = new PoolBench();
    await bench.own(read("k", [a], { exclusive: true }));
    await bench.own(read("k", [a]));
    await bench.own(read("k", [a], { exclusive: true }));
  });
  test("a read that insists on a live answer joins no fill that began before the request", async () => {
    const bench = new PoolBench();
    const old = await bench.own(read("k", [a]));
    await bench.advance(10);
    const live = await bench.own(read("k", [a], { notBefore: bench.now }));
    const waiting = bench.pool.begin(read("k", [a], { notBefore: bench.now }));
    const anyAge = bench.pool.begin(read("k", [a]));
    bench.pool.end({ ticket: old.ticket, observations: [], outcome: answer("old") });
    const outcome = answer("live");
    bench.pool.end({ ticket: live.ticket, observations: [], outcome });
    expect(await Promise.all([waiting, anyAge])).toEqual([
      { role: "follower", outcome },
      { role: "follower", outcome },
    ]);
  });
  test("a read with an age bound does not wait for an owner that may answer with an older result", async () => {
    const bench = new PoolBench();
    await bench.fill(read("k", [a]));
    await bench.advance(2_000);
    const second = await bench.own(read("k", [a]));
    expect(second.landed).toBe(true);
    const bounded = watch(bench.pool.begin(read("k", [a], { notBefore: bench.now - 1_000 })));
    const content = watch(bench.pool.begin(read("k", [a], { notBefore: bench.now - 2_000 })));
    await settle();
    expect(bounded.value).toMatchObject({ role: "owner" });
    expect(content.settled).toBe(false);
  });
  test("followers are bounded: one more is refused as overload", async () => {
    const bench = new PoolBench({ maxFollowers: 2 });
    await bench.own(read("k", [a]));
    const waiting = [bench.pool.begin(read("k", [a])), bench.pool.begin(read("k", [a]))].map(watch);
    expect(await bench.pool.begin(read("k", [a]))).toMatchObject({ role: "refused", reason: "relay_overloaded" });
    expect(waiting.every(({ settled }) => !settled)).toBe(true);
  });
  test("a finished fill answers no later read", async () => {
    const bench = new PoolBench();
    await bench.fill(read("k", [a]));
    await bench.own(read("k", [a]));
  });
});

describe("an owner that dies", () => {
  test("is replaced by the youngest follower at its deadline; the others wait on for that one", async () => {
    const bench = new PoolBench();
    const dead = await bench.own(read("k", [a]));
    const [older, younger] = [watch(bench.pool.begin(read("k", [a]))), watch(bench.pool.begin(read("k", [a])))];
    await bench.advance(19_999);
    await settle();
    expect([older.settled, younger.settled]).toEqual([false, false]);
    await bench.advance(1);
    await settle();
    const heir = younger.value;
    if (heir?.role !== "owner") throw new Error("the youngest follower owns the fill now");
    expect(older.settled).toBe(false);
    // The dead owner's late report wakes no follower.
    bench.pool.end({ ticket: dead.ticket, observations: [], outcome: answer("late") });
    await settle();
    expect(older.settled).toBe(false);
    const outcome = answer("heir's");
    bench.pool.end({ ticket: heir.ticket, observations: [], outcome });
    await settle();
    expect(older.value).toEqual({ role: "follower", outcome });
  });
  test("can die again: each heir has the full time", async () => {
    const bench = new PoolBench();
    await bench.own(read("k", [a]));
    const callers = [1, 2].map(() => watch(bench.pool.begin(read("k", [a]))));
    await bench.advance(40_000);
    await settle();
    expect(callers.map(({ value }) => value?.role)).toEqual(["owner", "owner"]);
  });
  test("gives its reserved spend back, with followers or without", async () => {
    const bench = new PoolBench();
    const search = (key: string) => read(key, [a], { bucket: "search", cost: 30 });
    await bench.own(search("1"));
    expect(await bench.pool.begin(search("2"))).toMatchObject({ role: "refused" });
    await bench.advance(20_000);
    await bench.own(search("2"));
  });
  test("is not dead while it still fails over", async () => {
    const bench = new PoolBench();
    const { ticket } = await bench.own(read("k", [a, b]));
    const follower = watch(bench.pool.begin(read("k", [a, b])));
    await bench.advance(15_000);
    bench.pool.failover(ticket, []);
    await bench.advance(15_000);
    await settle();
    expect(follower.settled).toBe(false);
    await bench.advance(5_000);
    await settle();
    expect(follower.value?.role).toBe("owner");
  });
  test("with no identity left to ask GitHub, every follower is refused with the reason", async () => {
    const bench = new PoolBench();
    await bench.own(read("k", [a]));
    const callers = [1, 2, 3].map(() => bench.pool.begin(read("k", [a])));
    bench.tell(saw("a", { status: 401 }));
    await bench.advance(20_000);
    for (const outcome of await Promise.all(callers)) {
      expect(outcome).toMatchObject({ role: "refused", reason: "identities_cooling_down" });
    }
  });
  test("leaves its followers to a younger fill of the same key", async () => {
    const bench = new PoolBench();
    await bench.own(read("k", [a]));
    const follower = bench.pool.begin(read("k", [a]));
    await bench.advance(10_000);
    const live = await bench.own(read("k", [a], { notBefore: bench.now }));
    await bench.advance(10_000);
    const outcome = answer("live");
    bench.pool.end({ ticket: live.ticket, observations: [], outcome });
    expect(await follower).toEqual({ role: "follower", outcome });
  });
});

describe("eviction", () => {
  test("budgets, cooldowns and leases are read back", async () => {
    const bench = new PoolBench();
    await bench.fill(read("k", [a, b], { preferred: "b", routeKey: "r" }), saw("b", { ...window, remaining: 7 }));
    bench.tell(saw("a", { status: 403, secondary: true }));
    const before = bench.pool.snapshot();
    bench.evict();
    expect(bench.pool.snapshot()).toEqual(before);
    expect(before.leases).toHaveLength(1);
    expect(before.budgets).toHaveLength(1);
    expect(before.cooldowns).toHaveLength(2);
  });
  test("a fill in progress is still coalesced with, fails over and holds its spend", async () => {
    const bench = new PoolBench();
    const { ticket, lease } = await bench.own(read("k", [a, b], { bucket: "search", cost: 30 }));
    bench.evict();
    expect(
      await bench.pool.begin(read("other", [candidate(lease?.identityId ?? "")], { bucket: "search" })),
    ).toMatchObject({
      reason: "identity_pool_depleted",
    });
    const follower = bench.pool.begin(read("k", [a, b]));
    expect(bench.pool.failover(ticket, [])?.identityId).not.toBe(lease?.identityId);
    const outcome = answer("x");
    bench.pool.end({ ticket, observations: [], outcome });
    expect(await follower).toEqual({ role: "follower", outcome });
  });
  test("a dead owner is replaced after it too", async () => {
    const bench = new PoolBench();
    await bench.own(read("k", [a]));
    bench.evict();
    const follower = watch(bench.pool.begin(read("k", [a])));
    await bench.advance(20_000);
    await settle();
    expect(follower.value?.role).toBe("owner");
  });
});

test("the snapshot shows fills with their followers, and cooldowns with their causes", async () => {
  const bench = new PoolBench();
  await bench.own(read("k", [a]));
  void bench.pool.begin(read("k", [a]));
  bench.tell(saw("b", { status: 429, bucket: "search" }), saw("b", { status: 403, routeKey: "r" }));
  expect(bench.pool.snapshot()).toMatchObject({
    now: start,
    fills: [{ key: "k", startedAt: start, followers: 1 }],
    cooldowns: [
      { identityId: "user:b", scope: "bucket", target: "search", until: start + 120_000, cause: "rate_limited" },
      { identityId: "b", scope: "route", target: "r", until: start + 120_000, cause: "forbidden" },
    ],
  });
});
