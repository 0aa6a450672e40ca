/** Misses are filled once for the whole pool, and a failed identity makes room for the next. */

import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { readsInProgress } from "../../../../relay-worker/read/fill/admission.ts";
import { json } from "../../support/github.ts";
import { advance, TestRelay } from "../../support/relay.ts";

const path = "/repos/acme/widgets/pulls/7";
const pull = { number: 7, state: "open" };
let relay: TestRelay;

beforeEach(async () => {
  relay = await TestRelay.create();
  relay.github.public("acme/widgets");
});

describe("identical reads at once", () => {
  test("cost one GitHub call; the others get the owner's answer", async () => {
    await relay.read("/repos/acme/widgets");
    const { promise, resolve } = Promise.withResolvers<Response>();
    relay.github.on(path, () => promise);
    const isolates = [relay, relay.sibling(), relay.sibling()];
    const reads = Array.from({ length: 60 }, (_, at) => isolates[at % isolates.length]?.read(path));
    resolve(json(pull));
    const answers = await Promise.all(reads);
    expect(relay.github.count(path)).toBe(1);
    expect(new Set(answers.map((answer) => JSON.stringify(answer?.body)))).toEqual(new Set([JSON.stringify(pull)]));
    expect(answers.filter((answer) => answer?.relay.github_calls === 1)).toHaveLength(1);
    const joined = answers.filter((answer) => answer?.relay.coalesced);
    expect(joined.length).toBeGreaterThan(0);
    expect(new Set(joined.map((answer) => answer?.relay.cache))).toEqual(new Set(["miss"]));
  });

  test("share a failure too, and the next read tries again", async () => {
    await relay.read("/repos/acme/widgets");
    const gate = Promise.withResolvers<void>();
    relay.github.on(path, () => gate.promise.then(() => Promise.reject(new Error("connection reset"))));
    const reads = [relay.refusal(path), relay.sibling().refusal(path), relay.sibling().refusal(path)];
    gate.resolve();
    expect(await Promise.all(reads)).toEqual(Array(3).fill("502 github_unreachable"));
    relay.github.on(path, () => json(pull));
    expect((await relay.read(path)).relay.cache).toBe("miss");
  });

  test("a read that insists on GitHub's word joins no fill that began before it", async () => {
    await relay.read("/repos/acme/widgets");
    const first = Promise.withResolvers<Response>();
    const answers = [first.promise, Promise.resolve(json({ ...pull, state: "closed" }))];
    relay.github.on(path, () => answers.shift() ?? json(pull));
    const early = relay.read(path);
    await expect.poll(() => relay.github.count(path)).toBe(1);
    vi.setSystemTime(Date.now() + 1);
    const live = await relay.read(path, { headers: { "cache-control": "max-age=0" } });
    first.resolve(json(pull));
    await early;
    expect(live.body).toMatchObject({ state: "closed" });
    expect((await relay.sibling().read(path)).body).toMatchObject({ state: "closed" });
  });

  test("one client's different reads are bounded; its hits are not", async () => {
    const bounded = relay.sibling({ MAX_FILLS_PER_CLIENT: "2" });
    await bounded.read("/repos/acme/widgets");
    const { promise, resolve } = Promise.withResolvers<Response>();
    for (const number of [1, 2, 3])
      relay.github.on(`/repos/acme/widgets/pulls/${number}`, async () => (await promise).clone());
    const running = [1, 2].map((number) => bounded.read(`/repos/acme/widgets/pulls/${number}`));
    await expect
      .poll(() => readsInProgress(bounded.memory).get([...readsInProgress(bounded.memory).keys()][0] ?? "")?.size)
      .toBe(2);
    expect(await bounded.refusal("/repos/acme/widgets/pulls/3")).toBe("424 fallback_local relay_overloaded");
    expect((await bounded.read("/repos/acme/widgets")).relay.cache).toBe("hit");
    resolve(json(pull));
    await Promise.all(running);
    expect((await bounded.read("/repos/acme/widgets/pulls/3")).relay.cache).toBe("miss");
    expect(readsInProgress(bounded.memory).size).toBe(0);
  });
});

test("nothing that another request waits for is kept in the isolate's memory", async () => {
  await relay.read("/repos/acme/widgets");
  const gate = Promise.withResolvers<Response>();
  relay.github.on(path, async () => (await gate.promise).clone());
  const reads = [relay.read(path), relay.read(path), relay.read(path)];
  await expect.poll(() => relay.github.count(path)).toBe(1);
  expect(promisesIn(relay.memory)).toBe(0);
  gate.resolve(json(pull));
  await Promise.all(reads);
});

/** Promises that can be reached from a value, through the members of collections too. */
function promisesIn(value: unknown, seen = new Set<unknown>()): number {
  if (typeof value !== "object" || value === null || seen.has(value)) return 0;
  seen.add(value);
  if ("then" in value) return 1;
  const held: unknown[] = Object.values(value);
  if (Symbol.iterator in value && typeof value[Symbol.iterator] === "function")
    held.push(...Array.from(value as never));
  return held.reduce<number>((sum, each) => sum + promisesIn(each, seen), 0);
}

describe("the bound on one client's work", () => {
  test.each([
    ["conditional", { "if-none-match": '"mine"' }],
    ["live", { "cache-control": "max-age=0" }],
  ])("holds for %s reads of one resource, each of which is asked alone", async (_what, headers) => {
    const bounded = relay.sibling({ MAX_FILLS_PER_CLIENT: "2" });
    await bounded.read("/repos/acme/widgets");
    const { promise, resolve } = Promise.withResolvers<Response>();
    relay.github.on(path, async () => (await promise).clone());
    const running = [bounded.read(path, { headers }), bounded.read(path, { headers })];
    await expect.poll(() => underWay(bounded)).toBe(2);
    expect(await bounded.refusal(path, { headers })).toBe("424 fallback_local relay_overloaded");
    resolve(json(pull));
    await Promise.all(running);
  });

  test("forgets fills that the runtime broke off", async () => {
    const bounded = relay.sibling({ MAX_FILLS_PER_CLIENT: "1" });
    await bounded.read("/repos/acme/widgets");
    relay.github.on(path, () => new Promise(() => {}));
    void bounded.read(path);
    await expect.poll(() => underWay(bounded)).toBe(1);
    expect(await bounded.refusal("/repos/acme/widgets/pulls/8")).toBe("424 fallback_local relay_overloaded");
    advance(120_001);
    expect((await bounded.read("/repos/acme/widgets/pulls/8")).status).toBe(404);
  });
});

test("a caller who goes away leaves the fill running: it is stored, and ends for the waiting callers", async () => {
  await relay.read("/repos/acme/widgets");
  const gate = Promise.withResolvers<Response>();
  relay.github.on(path, () => gate.promise);
  const kept = relay.abandoned(path);
  await expect.poll(() => relay.github.count(path)).toBe(1);
  expect(kept.length).toBeGreaterThan(0);
  gate.resolve(json(pull));
  await finishAll(kept);
  expect(await env.DB.prepare("select count(*) as n from audit_events where route_kind = 'pr_view'").first("n")).toBe(
    1,
  );
  expect((await relay.sibling().read(path)).relay.cache).toBe("hit");
});

/** A finished promise may start further work. */
async function finishAll(kept: readonly Promise<unknown>[]): Promise<void> {
  for (let at = 0; at < kept.length; at += 1) await kept[at];
}

function underWay(isolate: TestRelay): number | undefined {
  return readsInProgress(isolate.memory).get([...readsInProgress(isolate.memory).keys()][0] ?? "")?.size;
}

describe("failover", () => {
  beforeEach(async () => {
    await relay.identity({ id: "pat_two", login: "bot-two", secret_ref: "PAT_TWO" });
    await relay.read("/repos/acme/widgets");
  });

  /** The identity that is asked first is refused, the other one gets the answer. */
  const failing = (answer: () => Response) => {
    let first: string | null | undefined;
    relay.github.on(path, ({ token }) => {
      if (first === undefined) first = token;
      return token === first ? answer() : json(pull);
    });
  };

  test.each([
    ["401", () => json({ message: "Bad credentials" }, { status: 401 })],
    ["403 without budget", () => json({}, { status: 403, headers: { "x-ratelimit-remaining": "0" } })],
    ["429", () => json({}, { status: 429 })],
    ["a secondary limit", () => json({ message: "You have exceeded a secondary rate limit." }, { status: 403 })],
    ["a permission 403", () => json({ message: "Resource not accessible" }, { status: 403 })],
  ])("after %s the other identity answers, each tried once", async (_what, answer) => {
    failing(answer);
    const answers = [];
    for (const page of ["2", "3", "4"]) answers.push(await relay.read(path, { query: { page } }));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(new Set(answers.map(({ identity }) => identity?.id)).size).toBe(1);
    const asked = relay.github.calls.filter(({ url }) => url.pathname === path).map(({ token }) => token);
    expect(asked).toHaveLength(4);
    expect(asked.filter((token) => token === asked[0])).toHaveLength(1);
  });

  test.each([
    ["github_identity_unauthorized", 401, {}],
    ["github_identity_depleted", 403, { "x-ratelimit-remaining": "0" }],
    ["github_rate_limited", 403, { "retry-after": "30" }],
    ["github_identity_forbidden", 403, {}],
  ])("when all fail: %s", async (reason, status, headers) => {
    relay.github.on(path, () => json({ message: "no" }, { status, headers }));
    expect(await relay.refusal(path)).toBe(`424 fallback_local ${reason}`);
    expect(relay.github.count(path)).toBe(2);
  });

  test("then nothing is asked while they cool down", async () => {
    relay.github.on(path, () => json({ message: "no" }, { status: 401 }));
    await relay.refusal(path);
    expect(await relay.refusal(path)).toBe("424 fallback_local identities_cooling_down");
    expect(relay.github.count(path)).toBe(2);
  });

  test("pages of one list are read with one identity", async () => {
    const list = "/repos/acme/widgets/pulls";
    relay.github.on(list, () => json([]));
    const pages = [];
    for (const page of ["1", "2", "3", "4", "5", "6"]) pages.push(await relay.read(list, { query: { page } }));
    expect(new Set(pages.map(({ identity }) => identity?.id)).size).toBe(1);
  });

  test("one identity's missing secret does not fail the read", async () => {
    await relay.identity({ id: "pat_one", secret_ref: "NOT_SET" });
    relay.github.on(path, () => json(pull));
    for (const number of [1, 2, 3]) {
      expect((await relay.read(path, { query: { page: String(number + 1) } })).identity?.id).toBe("pat_two");
    }
  });

  test("only misconfigured identities: 503, no fallback, also while they cool down", async () => {
    for (const id of ["pat_one", "pat_two"]) await relay.identity({ id, secret_ref: "NOT_SET" });
    for (const isolate of [relay, relay.sibling()]) {
      expect(await isolate.refusal(path)).toBe("503 identity_misconfigured");
    }
  });

  test("only misconfigured identities: no stale answer hides it", async () => {
    relay.github.on(path, () => json(pull));
    await relay.read(path);
    for (const id of ["pat_one", "pat_two"]) await relay.identity({ id, secret_ref: "NOT_SET" });
    advance(20 * 60_000);
    for (let times = 0; times < 2; times += 1) expect(await relay.refusal(path)).toBe("503 identity_misconfigured");
  });

  test.each([
    ["the first", "pat_one"],
    ["the second", "pat_two"],
  ])("GitHub's answer comes before the missing secret of %s", async (_which, id) => {
    await relay.identity({ id, login: "broken", secret_ref: "NOT_SET" });
    relay.github.on(path, () => json({ message: "no" }, { status: 403 }));
    for (const page of ["2", "3"])
      expect(await relay.refusal(path, { query: { page } })).toMatch(/^424 fallback_local /);
    expect(relay.github.count(path)).toBe(1);
  });

  test("an identity that rests is not misconfigured: 424 where the other one is", async () => {
    relay.github.on(path, () => json({ message: "Bad credentials" }, { status: 401 }));
    await relay.identity({ id: "pat_two", secret_ref: "NOT_SET" });
    await relay.admin("/pools/maintainers/identities/pat_two", "PATCH", { disabled: true });
    expect(await relay.refusal(path)).toBe("424 fallback_local github_identity_unauthorized");
    await relay.admin("/pools/maintainers/identities/pat_two", "PATCH", { disabled: false });
    for (let times = 0; times < 2; times += 1) {
      expect(await relay.refusal(path)).toBe("424 fallback_local identities_cooling_down");
    }
  });
});

describe("scopes", () => {
  test("an identity outside its scope is not used", async () => {
    await relay.identity({ id: "pat_one", scopes: [{ owner: "acme", repo: "other" }] });
    expect(await relay.refusal(path)).toBe("424 fallback_local no_identity");
    expect(relay.github.calls).toEqual([]);
  });

  test.each([[{ owner: "ACME" }], [{ owner: "acme", repo: "Widgets" }], [{ owner: "*" }]])(
    "%j covers it",
    async (scope) => {
      relay.github.on(path, () => json(pull));
      await relay.identity({ id: "pat_one", scopes: [scope] });
      expect((await relay.read(path)).status).toBe(200);
    },
  );
});

test("a coordinator in trouble is a fallback, and so is a database", async () => {
  const POOL = {
    idFromName: () => "",
    get: () => ({ begin: () => Promise.reject(new Error("Durable Object is overloaded")) }),
  };
  expect(await relay.sibling({ POOL }).refusal(path)).toBe("424 fallback_local relay_overloaded");
  const DB = {
    prepare: () => {
      throw new Error("D1_ERROR: no");
    },
  };
  expect(await relay.sibling({ DB }).refusal(path)).toBe("424 fallback_local relay_storage_unavailable");
});

test("storage that fails after GitHub has answered costs the next reader a call, not this one the answer", async () => {
  relay.github.on(path, () => json(pull));
  const DB = new Proxy(env.DB, {
    get(target, name) {
      if (name === "batch") return () => Promise.reject(new Error("D1_ERROR: disk full"));
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  expect(await relay.sibling({ DB }).read(path)).toMatchObject({ status: 200, relay: { cache: "miss" } });
  expect((await relay.read(path)).relay.cache).toBe("miss");
});
