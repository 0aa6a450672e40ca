import { describe, expect, test } from "vitest";
import { type Asker, CachedReads } from "../../daemon/cache/reads.ts";
import { resourceOf } from "../../daemon/cache/resource.ts";
import { Store } from "../../daemon/cache/store.ts";
import type { ReadTrouble } from "../../daemon/cache/trouble.ts";
import { Counters } from "../../daemon/counters.ts";
import { WriteMemory } from "../../daemon/freshness/memory.ts";
import { NativeRequired, type ReadRequest } from "../../daemon/reader.ts";
import type { RelayAnswer, RelayRead } from "../../daemon/relay/client.ts";
import { RelayOutage, RelayRefusal } from "../../daemon/relay/failures.ts";
import type { CacheOutcome } from "../../shared/envelope.ts";
import { recognise, type SharedRead } from "../../shared/graphql/recognise.ts";

interface Told {
  readonly body?: string;
  readonly status?: number;
  readonly cache?: CacheOutcome;
  readonly cacheable?: boolean;
  readonly coalesced?: boolean;
  readonly reduced?: boolean;
  /** The relay tells of events, and of its time. */
  readonly events?: boolean;
  /** Seconds. */
  readonly age?: number;
  readonly fresh?: number;
}

/** A machine's reads with a clock of the test's own. The relay's clock is an hour ahead: nothing may depend on it. */
function setUp(options: { capacity?: number } = {}) {
  let time = Date.parse("2030-01-01T00:00:00Z");
  const now = () => time;
  const counters = new Counters();
  const store = new Store(options.capacity);
  const memory = new WriteMemory(now);
  const asked: RelayRead[] = [];
  const troubles: ReadTrouble[] = [];
  let reply: (read: RelayRead, signal: AbortSignal) => Told | Promise<Told> = () => ({});
  const ask = async (read: RelayRead, signal: AbortSignal): Promise<RelayAnswer> => {
    asked.push(read);
    const {
      body = "{}",
      status = 200,
      cache = "miss",
      cacheable = true,
      age = 0,
      fresh = 300,
      coalesced = false,
      reduced = false,
      events = false,
    } = await reply(read, signal);
    const relayNow = time + 3600_000;
    const iso = (offset: number) => new Date(relayNow + offset * 1000).toISOString();
    const relay = {
      pool: "p",
      request_id: "r",
      cacheable,
      cache,
      stale_ok: false,
      route_kind: "any",
      lease_reason: null,
      backend: "github_identity",
      coalesced,
      ...(reduced && { reduced }),
      ...(events && { events, answered_at: iso(0) }),
      cache_created_at: iso(-age),
      cache_expires_at: iso(fresh),
    } as const;
    const head = { status, headers: { etag: "x" }, body_encoding: "json", identity: null, relay } as const;
    return { head, body: Buffer.from(body), relayNow };
  };
  const asker = (id = "1"): Asker => ({ id, ask, onTrouble: (trouble) => troubles.push(trouble) });
  const reads = new CachedReads({
    store,
    counters,
    now,
    writtenAt: (repository, kind, tags) => memory.writtenAt(repository, kind, tags),
  });
  return {
    reads,
    store,
    counters,
    memory,
    asked,
    troubles,
    asker,
    now,
    pass: (seconds: number) => {
      time += seconds * 1000;
    },
    tell: (next: typeof reply) => {
      reply = next;
    },
    read: async (path: string, request: Partial<ReadRequest> = {}, id?: string) => {
      const answer = await reads.read({ path, ...request }, asker(id));
      return { ...answer, body: Buffer.from(answer.body).toString() };
    },
  };
}

const pull = "/repos/acme/widgets/pulls/7";

test.each([
  ["active CI", "/repos/a/b/actions/runs/1", 15],
  ["checks of a commit", "/repos/a/b/commits/0123456789/check-runs", 15],
  ["a list", "/repos/a/b/pulls", 10],
  ["a detail", pull, 15],
])("%s is kept for its class's time: %s, %i s", async (_class, path, seconds) => {
  const { read, pass, asked } = setUp();
  await read(path);
  pass(seconds - 0.1);
  expect(await read(path)).toMatchObject({ answeredBy: "local", stale: false });
  pass(0.2);
  await read(path);
  expect(asked).toHaveLength(2);
});

test("an answer that the relay itself keeps for six hours cannot change: it is kept for ten minutes", async () => {
  const { read, pass, tell, asked } = setUp();
  tell(() => ({ fresh: 6 * 3600 }));
  await read("/repos/a/b/actions/runs/1/attempts/1");
  pass(599);
  expect((await read("/repos/a/b/actions/runs/1/attempts/1")).answeredBy).toBe("local");
  pass(2);
  await read("/repos/a/b/actions/runs/1/attempts/1");
  expect(asked).toHaveLength(2);
});

test("an answer that this machine asked GitHub for first is kept again when the relay's cache gives it later", async () => {
  const { read, pass, tell, asked } = setUp();
  await read(pull);
  pass(16);
  tell(() => ({ cache: "hit", age: 16, fresh: 284 }));
  expect((await read(pull)).answeredBy).toBe("relay");
  expect((await read(pull)).answeredBy).toBe("local");
  pass(16);
  tell(() => ({ cache: "hit", age: 32, fresh: 268 }));
  expect((await read(pull)).answeredBy).toBe("relay");
  expect((await read(pull)).answeredBy).toBe("local");
  expect(asked).toHaveLength(3);
});

test("an answer from the relay's cache cannot change either, even when little of its six hours is left", async () => {
  const { read, pass, tell } = setUp();
  tell(() => ({ cache: "hit", age: 5 * 3600, fresh: 3600 }));
  await read("/repos/a/b/actions/runs/1/attempts/1");
  pass(599);
  expect((await read("/repos/a/b/actions/runs/1/attempts/1")).answeredBy).toBe("local");
});

test("an answer from the relay's cache that was asked for earlier does not undo a live one, nor look younger", async () => {
  const { reads, asker, read, tell, pass } = setUp();
  const slow = Promise.withResolvers<Told>();
  tell(({ headers }) => (headers["cache-control"] === "max-age=0" ? { body: "new" } : slow.promise));
  const early = reads.read({ path: pull }, asker());
  pass(1);
  const { createdAt } = await read(pull, { maxAge: 0 });
  pass(1);
  slow.resolve({ body: "old", cache: "hit", age: 40 });
  expect((await early).createdAt).toBeLessThan(createdAt);
  expect(await read(pull)).toMatchObject({ body: "new", answeredBy: "local", createdAt });
});

test("the relay's remaining time holds where it is the shorter one, for any clock of the relay", async () => {
  const { read, pass, tell, asked } = setUp();
  tell(() => ({ cache: "hit", age: 56, fresh: 4 }));
  await read(pull);
  pass(2.5);
  expect((await read(pull)).answeredBy).toBe("local");
  pass(1);
  await read(pull);
  expect(asked).toHaveLength(2);
});

test("one resource has one entry, however it is spelled", async () => {
  const { read, asked } = setUp();
  await read("/repos/Acme/Widgets/pulls", {
    query: [
      ["per_page", "30"],
      ["state", "open"],
    ],
  });
  await read("/repos/acme/widgets/pulls", {
    query: [
      ["state", "open"],
      ["page", "1"],
    ],
    headers: { accept: "application/vnd.github+json" },
  });
  expect(asked).toHaveLength(1);
});

test.each([
  ["a value", "/search/issues", [["q", "half \ud83d of a pair"]]],
  ["a name", "/repos/acme/widgets/pulls", [["\udc00", "1"]]],
] as const)("text that is not Unicode has a key as well (%s)", (_where, path, query) => {
  expect(resourceOf({ path, query })?.key).toContain("%EF%BF%BD");
});

test.each([
  ["media type", { headers: { accept: "application/vnd.github.diff" } }],
  ["API version", { headers: { "x-github-api-version": "2022-11-28" } }],
  ["query", { query: [["x", "1"]] as const }],
])("another %s is another entry", async (_what, request) => {
  const { read, asked } = setUp();
  await read(pull);
  await read(pull, request);
  expect(asked).toHaveLength(2);
});

test("another login never sees answers that were kept for this one", async () => {
  const { read, asked } = setUp();
  await read(pull, {}, "one");
  await read(pull, {}, "two");
  expect(asked).toHaveLength(2);
});

test.each([
  ["an answer of 404", { status: 404 }],
  ["an answer of 202, still being computed", { status: 202 }],
  ["an answer of 403", { status: 403 }],
  ["an answer that the relay does not keep", { cacheable: false }],
  ["an answer that it gave past its time", { cache: "stale" as const }],
])("%s is not kept", async (_what, told) => {
  const { read, tell, asked, store } = setUp();
  tell(() => told);
  await read(pull);
  await read(pull);
  expect(asked).toHaveLength(2);
  expect(store.entries).toBe(0);
});

test("an age bound holds: younger is given, older is asked for with the bound", async () => {
  const { read, pass, tell, asked } = setUp();
  tell(() => ({ cache: "hit", age: 20 }));
  await read(pull);
  pass(5);
  expect((await read(pull, { maxAge: 30 })).answeredBy).toBe("local");
  await read(pull, { maxAge: 20 });
  expect(asked[1]?.headers).toEqual({ "cache-control": "max-age=20" });
});

test("an age bound of 0 always asks GitHub, and its answer serves readers that set none", async () => {
  const { read, tell, asked } = setUp();
  await read(pull);
  tell(() => ({ body: "new", cache: "revalidated" }));
  await read(pull, { maxAge: 0 });
  await read(pull, { maxAge: 0 });
  expect(asked.slice(1).map(({ headers }) => headers)).toEqual([
    { "cache-control": "max-age=0" },
    { "cache-control": "max-age=0" },
  ]);
  expect(await read(pull)).toMatchObject({ answeredBy: "local", body: "new" });
});

test("a caller's own conditional headers go through, and nothing of the answer is kept", async () => {
  const { read, asked, store } = setUp();
  await read(pull, { headers: { "if-none-match": '"x"' } });
  expect(asked[0]?.headers).toEqual({ "if-none-match": '"x"' });
  expect(store.entries).toBe(0);
});

test("an answer from which fields were removed says so, from memory too", async () => {
  const { reads, asker, tell } = setUp();
  tell(() => ({ body: "[]", reduced: true }));
  const list = { path: "/repos/o/r/pulls" };
  expect((await reads.read(list, asker())).reduced).toBe(true);
  expect(await reads.read(list, asker())).toMatchObject({ reduced: true, answeredBy: "local" });
  expect((await reads.read({ ...list, headers: { "if-none-match": "x" } }, asker())).reduced).toBe(true);
});

test("a repository and a profile are always cut, and known to be", async () => {
  const { reads, asker, tell } = setUp();
  tell(() => ({ body: "whole", reduced: true }));
  for (const path of ["/repos/o/r", "/users/mona"]) {
    expect(await reads.read({ path }, asker())).not.toHaveProperty("reduced");
  }
});

test("an answer that the relay had asked for another before is as old as it says", async () => {
  const { read, tell, pass, asked } = setUp();
  tell(() => ({ body: "shared", coalesced: true, age: 8 }));
  const { createdAt } = await read(pull);
  pass(1);
  await read(pull, { maxAge: 5 });
  expect(asked).toHaveLength(2);
  tell(() => ({ body: "live", coalesced: true }));
  expect((await read(pull, { maxAge: 0 })).createdAt).toBeGreaterThan(createdAt + 8_000);
});

test("a slow answer does not undo one that was asked for later", async () => {
  const { reads, asker, read, tell, pass } = setUp();
  const slow = Promise.withResolvers<Told>();
  tell(({ headers }) => (headers["cache-control"] === "max-age=0" ? { body: "new" } : slow.promise));
  const early = reads.read({ path: pull }, asker());
  pass(1);
  await read(pull, { maxAge: 0 });
  slow.resolve({ body: "old" });
  await early;
  expect((await read(pull)).body).toBe("new");
});

test("identical reads in progress are one request", async () => {
  const { reads, asker, tell, asked, counters } = setUp();
  const release = Promise.withResolvers<void>();
  tell(async () => {
    await release.promise;
    return { body: "one" };
  });
  const all = Promise.all(Array.from({ length: 50 }, () => reads.read({ path: pull }, asker())));
  release.resolve();
  expect(new Set((await all).map(({ body }) => Buffer.from(body).toString()))).toEqual(new Set(["one"]));
  expect(asked).toHaveLength(1);
  expect(counters).toMatchObject({ coalesced: 49, relayed: 1, local: 0 });
});

test("live reads join only a request that begins after them: however many come, two serve them", async () => {
  const { reads, asker, tell, asked } = setUp();
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  tell(async () => {
    const turn = asked.length - 1;
    await gates[turn]?.promise;
    return { body: String(turn) };
  });
  const body = async () => Buffer.from((await reads.read({ path: pull, maxAge: 0 }, asker())).body).toString();
  const first = body();
  const later = [body(), body(), body()];
  gates[0]?.resolve();
  expect(await first).toBe("0");
  gates[1]?.resolve();
  expect(await Promise.all(later)).toEqual(["1", "1", "1"]);
  expect(asked).toHaveLength(2);
});

test("a request is cancelled when its last waiting reader goes away, not before", async () => {
  const { reads, asker, tell, asked } = setUp();
  let seen: AbortSignal | undefined;
  tell((_read, signal) => {
    seen = signal;
    return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  });
  const [one, two] = [new AbortController(), new AbortController()];
  const waiting = [one, two].map(({ signal }) => reads.read({ path: pull, signal }, asker()));
  one.abort(new Error("gone"));
  await expect(waiting[0]).rejects.toThrow("gone");
  expect(seen?.aborted).toBe(false);
  two.abort(new Error("gone too"));
  await expect(waiting[1]).rejects.toThrow("gone too");
  expect(seen?.aborted).toBe(true);
  // The next reader starts a new request instead of joining the cancelled one.
  tell(() => ({ body: "anew" }));
  expect(Buffer.from((await reads.read({ path: pull }, asker())).body).toString()).toBe("anew");
  expect(asked).toHaveLength(2);
});

test("a failed request fails for all waiting readers, and the next one tries again", async () => {
  const { reads, asker, tell, asked } = setUp();
  tell(() => {
    throw new RelayOutage("down");
  });
  const results = await Promise.allSettled([1, 2, 3].map(() => reads.read({ path: pull }, asker())));
  expect(results.every(({ status }) => status === "rejected")).toBe(true);
  expect(asked).toHaveLength(1);
  tell(() => ({}));
  await reads.read({ path: pull }, asker());
});

test("a refusal belongs to the real gh, says why, and removes the kept answer", async () => {
  const { read, pass, tell, store, troubles } = setUp();
  await read(pull);
  pass(20);
  tell(() => {
    throw new RelayRefusal("fallback_local", "repo_not_public", "not public");
  });
  await expect(read(pull)).rejects.toEqual(new NativeRequired("repo_not_public"));
  expect(store.entries).toBe(0);
  expect(troubles).toMatchObject([{ kind: "refusal", reason: "repo_not_public" }]);
});

test("a read that is the caller's own, or that no route allows, sends the relay no request", async () => {
  const { read, asked } = setUp();
  await expect(read("/repos/a/b/branches/main/protection")).rejects.toEqual(
    new NativeRequired("local_credentials_required"),
  );
  await expect(read("/user")).rejects.toEqual(new NativeRequired("route_denied"));
  await expect(read("/repos/{owner}/{repo}/pulls")).rejects.toEqual(new NativeRequired("route_denied"));
  expect(asked).toHaveLength(0);
});

test("in an outage an answer within its stale window stands in, labelled; without one the real gh must", async () => {
  const { read, pass, tell, counters } = setUp();
  await read(pull);
  pass(60);
  tell(() => {
    throw new RelayOutage("down");
  });
  expect(await read(pull)).toMatchObject({ stale: true, answeredBy: "local" });
  await expect(read("/repos/acme/widgets/pulls/8")).rejects.toBeInstanceOf(NativeRequired);
  pass(2 * 3600);
  await expect(read(pull)).rejects.toBeInstanceOf(NativeRequired);
  expect(counters).toMatchObject({ stale: 1, outages: 3 });
});

test("an age bound also holds in an outage", async () => {
  const { read, pass, tell } = setUp();
  await read(pull);
  pass(60);
  tell(() => {
    throw new RelayOutage("down");
  });
  expect((await read(pull, { maxAge: 90 })).stale).toBe(true);
  await expect(read(pull, { maxAge: 30 })).rejects.toBeInstanceOf(NativeRequired);
  await expect(read(pull, { maxAge: 0 })).rejects.toBeInstanceOf(NativeRequired);
});

test("after a write a younger answer will do: each resource is asked for with that bound, then served from memory", async () => {
  const { read, pass, tell, memory, asked } = setUp();
  const files = `${pull}/files`;
  for (const path of [pull, files, "/repos/acme/other/pulls/1"]) await read(path);
  pass(1);
  memory.mark(["Acme/Widgets"]);
  pass(7);
  tell(() => ({ cache: "hit", age: 3, body: "after" }));
  for (const path of [pull, pull, files, files, "/repos/acme/other/pulls/1"]) await read(path);
  expect(asked.slice(3).map(({ path, headers }) => [path, headers["cache-control"]])).toEqual([
    [pull, "max-age=7"],
    [files, "max-age=7"],
  ]);
});

test("right after a write GitHub itself is asked: whole seconds let nothing older pass", async () => {
  const { read, memory, asked, pass } = setUp();
  memory.mark(["acme/widgets"]);
  pass(0.9);
  await read(pull);
  pass(1);
  await read(`${pull}/files`);
  expect(asked.map(({ headers }) => headers["cache-control"])).toEqual(["max-age=0", "max-age=1"]);
});

test("a caller's own bound and the write's: the lesser holds", async () => {
  const { read, memory, asked, pass } = setUp();
  memory.mark(["acme/widgets"]);
  pass(30);
  await read(pull, { maxAge: 10 });
  await read(`${pull}/files`, { maxAge: 90 });
  expect(asked.map(({ headers }) => headers["cache-control"])).toEqual(["max-age=10", "max-age=30"]);
});

test("a write of which the place is not known concerns everything; searches concern every write", async () => {
  const { read, memory, asked, pass } = setUp();
  memory.mark([]);
  pass(1);
  await read("/repos/x/y/issues/1");
  await read("/users/octocat");
  const other = setUp();
  other.memory.mark(["acme/widgets"]);
  other.pass(1);
  await other.read("/search/issues", { query: [["q", "x"]] });
  expect([...asked, ...other.asked].map(({ headers }) => headers["cache-control"])).toEqual(Array(3).fill("max-age=1"));
});

test("a write to a repository changes no profile", async () => {
  const { read, memory, asked, pass } = setUp();
  memory.mark(["acme/widgets"]);
  pass(1);
  await read("/users/octocat");
  expect(asked[0]?.headers).toEqual({});
});

test("a mark holds as long as anything older can be given by any cache", async () => {
  const { read, memory, asked, pass } = setUp();
  memory.mark(["acme/widgets"]);
  pass(3 * 3600);
  await read(pull);
  pass(600);
  await read(pull);
  expect(asked.map(({ headers }) => headers)).toEqual([{ "cache-control": "max-age=10800" }, {}]);
});

test("an answer that cannot change is used at any age and after any write; the last answer of this machine can be looked at", async () => {
  const { read, reads, memory, asked, pass } = setUp();
  const runs = "/repos/acme/widgets/actions/runs";
  expect(reads.held({ path: runs }, "1")).toBeUndefined();
  memory.mark(["acme/widgets"]);
  await read(runs, { anyAge: true });
  expect(asked[0]?.headers).toEqual({ "cache-control": "max-stale" });
  pass(3600);
  expect(reads.held({ path: runs }, "1")?.status).toBe(200);
});

test("in an outage nothing older than a known write stands in", async () => {
  const { read, pass, tell, memory } = setUp();
  await read(pull);
  pass(1);
  memory.mark(["acme/widgets"]);
  tell(() => {
    throw new RelayOutage("down");
  });
  await expect(read(pull)).rejects.toBeInstanceOf(NativeRequired);
});

test("memory is bounded by bytes, and no single answer empties it", async () => {
  const { read, tell, store } = setUp({ capacity: 100_000 });
  tell(() => ({ body: "x".repeat(10_000) }));
  for (let number = 1; number <= 50; number++) await read(`/repos/a/b/pulls/${number}`);
  expect(store.bytes).toBeLessThanOrEqual(100_000);
  expect(store.entries).toBeGreaterThan(5);
  const before = store.entries;
  tell(() => ({ body: "x".repeat(90_000) }));
  await read("/repos/a/b/pulls/99");
  expect(store.entries).toBe(before);
});

test("a large answer is kept packed, and given byte for byte", async () => {
  const { reads, asker, tell, store } = setUp();
  const body = JSON.stringify(
    Array.from({ length: 5000 }, (_, id) => ({ id, url: `https://github.com/acme/widgets/${id}` })),
  );
  tell(() => ({ body }));
  await reads.read({ path: pull }, asker());
  const key = `1 ${pull}   `;
  const first = store.get(key);
  expect(first?.body.toString()).toBe(body);
  await expect.poll(() => store.get(key)).not.toBe(first);
  const again = await reads.read({ path: pull }, asker());
  expect(again.answeredBy).toBe("local");
  expect(Buffer.from(again.body).toString()).toBe(body);
  expect(store.bytes).toBeGreaterThan(body.length);
});

const run41 = {
  id: 41,
  name: "CI",
  display_title: "Change",
  head_sha: "a".repeat(40),
  run_attempt: 1,
  run_started_at: "2029-12-31T23:59:00Z",
  status: "in_progress",
  updated_at: "2029-12-31T23:59:30Z",
};
const runsPath = "/repos/acme/widgets/actions/runs";
const runView: ReadRequest = { path: `${runsPath}/41` };

/** A machine that has just read a list of runs. */
async function withList(runs: readonly object[] = [run41], told: Told = {}) {
  const machine = setUp();
  machine.tell(() => ({ body: JSON.stringify({ total_count: runs.length, workflow_runs: runs }), fresh: 15, ...told }));
  await machine.read(runsPath, { query: [["per_page", "20"]] });
  machine.tell(() => ({ body: JSON.stringify(run41) }));
  const listed = (request: Partial<ReadRequest> = {}, id = "1") => {
    const answer = machine.reads.listed({ ...runView, ...request }, id);
    return answer && JSON.parse(Buffer.from(answer.body).toString());
  };
  return { ...machine, listed };
}

test("a run that a fresh list has is told from the list, as old as that, for as long as that lives", async () => {
  const { reads, listed, pass } = await withList([{ ...run41, id: 410 }, run41]);
  expect(listed()).toEqual(run41);
  expect(reads.listed(runView, "1")?.createdAt).toBe(Date.parse("2030-01-01T00:00:00Z"));
  expect(listed({ path: `${runsPath}/4` })).toBeUndefined();
  expect(listed({ path: `${runsPath}/41/attempts/1` })).toBeUndefined();
  expect(listed({ path: `${runsPath}/41/jobs` })).toBeUndefined();
  expect(listed({ path: "/repos/acme/other/actions/runs/41" })).toBeUndefined();
  expect(listed({}, "2")).toBeUndefined();
  pass(15.1);
  expect(listed()).toBeUndefined();
});

test("a bound of the caller's holds for the list", async () => {
  const { listed, pass } = await withList();
  pass(5);
  expect(listed({ maxAge: 6 })).toEqual(run41);
  expect(listed({ maxAge: 4 })).toBeUndefined();
  expect(listed({ maxAge: 0 })).toBeUndefined();
});

test("the run's own answer is taken where it is younger than the list", async () => {
  const { listed, read, pass } = await withList();
  pass(1);
  await read(runView.path);
  expect(listed()).toBeUndefined();
});

test("a list that is not well past an own write, or does not have all of a run, tells nothing of it", async () => {
  const written = await withList([]);
  written.memory.mark(["acme/widgets"]);
  written.pass(5);
  written.tell(() => ({ body: JSON.stringify({ total_count: 1, workflow_runs: [run41] }), fresh: 15 }));
  await written.read(runsPath, { query: [["per_page", "20"]] });
  expect(written.listed()).toBeUndefined();
  written.pass(6);
  await written.read(runsPath, { query: [["per_page", "30"]] });
  expect(written.listed()).toEqual(run41);
  const { display_title: _title, ...cut } = run41;
  expect((await withList([cut])).listed()).toBeUndefined();
  expect((await withList([run41], { cache: "stale" })).listed()).toBeUndefined();
  expect((await withList([run41], { status: 404 })).listed()).toBeUndefined();
});

test("a read that others decide by says that events may vouch, and still that GitHub is to be asked", async () => {
  const { read, asked } = setUp();
  await read(pull, { maxAge: 0, vouched: true });
  expect(asked).toMatchObject([{ gate: true, headers: { "cache-control": "max-age=0" } }]);
});

test("nothing vouches where this machine wrote anything to the repository, nor for a read that does not say so", async () => {
  const { read, asked, memory, pass } = setUp();
  memory.mark(["acme/widgets"], undefined, ["releases"]);
  pass(3600);
  await read(pull, { maxAge: 0, vouched: true });
  await read("/repos/acme/other/pulls/7", { maxAge: 0 });
  expect(asked.map(({ gate }) => gate)).toEqual([undefined, undefined]);
  await read("/repos/acme/other/pulls/7", { maxAge: 0, vouched: true });
  expect(asked.at(-1)?.gate).toBe(true);
});

test("a read that insists on GitHub's own answer joins no read that events may answer", async () => {
  const { read, asked, tell } = setUp();
  const { promise, resolve } = Promise.withResolvers<object>();
  tell(() => promise);
  const both = [read(pull, { maxAge: 0, vouched: true }), read(pull, { maxAge: 0 })];
  resolve({});
  await Promise.all(both);
  expect(asked.map(({ gate }) => gate)).toEqual([true, undefined]);
});

describe("the last word of a watch", () => {
  const hour = 3_600_000;

  /** The relay's time is known from an earlier read. */
  async function known() {
    const machine = setUp();
    machine.tell(() => ({ events: true }));
    await machine.read("/repos/acme/widgets/pulls/1");
    machine.asked.length = 0;
    machine.pass(20);
    const last = (more: Partial<NonNullable<ReadRequest["since"]>> = {}, began = machine.now()) =>
      machine.read(pull, { maxAge: 0, since: { began, told: 0, ...more } });
    return { ...machine, last };
  }

  test("is any answer that GitHub was asked for since the look began, by the relay's clock and for any caller", async () => {
    const { last, asked, tell, now } = await known();
    tell(() => ({ cache: "hit", events: true }));
    expect(await last()).toMatchObject({ answeredBy: "relay", stale: false });
    expect(asked).toEqual([expect.objectContaining({ not_before: now() + hour, headers: {} })]);
  });

  test("is asked for once by simultaneous looks on one machine", async () => {
    const { last, asked, now } = await known();
    const began = now();
    await Promise.all([last(), last(), last()]);
    expect(asked).toHaveLength(1);
    expect(await last({}, began)).toMatchObject({ answeredBy: "local" });
    expect(asked).toHaveLength(1);
  });

  test("of a later look is asked for again", async () => {
    const { last, asked, pass } = await known();
    await last();
    pass(0.001);
    expect((await last()).answeredBy).toBe("github");
    expect(asked).toHaveLength(2);
  });

  test("is not older than the look's earlier answers", async () => {
    const { last, asked, now } = await known();
    await last({ told: now() + hour + 5 });
    expect(asked[0]?.not_before).toBe(now() + hour + 5);
  });

  test.each([
    ["older", { cache: "hit", age: 1, events: true }],
    ["stale", { cache: "stale", events: true }],
  ] as const)("is GitHub's own where the relay has only an answer that is %s", async (_what, told) => {
    const { last, asked, tell } = await known();
    tell(({ headers }) => (headers["cache-control"] === "max-age=0" ? { events: true } : told));
    expect((await last()).answeredBy).toBe("github");
    expect(asked.at(-1)?.headers["cache-control"]).toBe("max-age=0");
  });

  test("is GitHub's own after a write of this machine, and where the relay does not tell its time", async () => {
    const { last, asked, memory, now, read } = await known();
    memory.mark(["acme/widgets"]);
    await last();
    await read("/repos/acme/other/pulls/7", { maxAge: 0, since: { began: now(), told: Number.POSITIVE_INFINITY } });
    expect(asked.map(({ headers }) => headers["cache-control"])).toEqual(["max-age=0", "max-age=0"]);
    const other = setUp();
    await other.read(pull, { maxAge: 0, since: { began: other.now(), told: 0 } });
    await other.read(pull, { maxAge: 0, since: { began: other.now(), told: 0 } });
    expect(other.asked.map(({ headers }) => headers["cache-control"])).toEqual(["max-age=0", "max-age=0"]);
  });
});

describe("a query's answer that another reader was given a moment ago", () => {
  const query = 'query { repository(owner: "acme", name: "widgets") { issue(number: 7) { state } } }';
  const graphql = { query, read: readOf(query) };
  const request = { path: "/graphql", graphql, maxAge: 15 };

  function readOf(text: string): SharedRead {
    const found = recognise({ query: text });
    if ("refused" in found) throw new Error(found.refused);
    return found.read;
  }

  test("is asked of the relay alone, within the bound", async () => {
    const { reads, asker, asked, tell } = setUp();
    tell(() => ({ cache: "hit", age: 8, fresh: -3 }));
    expect(await reads.recent(request, asker())).toMatchObject({ answeredBy: "relay", stale: false });
    expect(asked).toMatchObject([{ held: true, maxAge: 15 }]);
  });

  test("is given from here within the bound, past its own lifetime", async () => {
    const { reads, asker, asked, tell, pass } = setUp();
    tell(() => ({ fresh: 5 }));
    await reads.read({ path: "/graphql", graphql }, asker());
    pass(14);
    expect(await reads.recent(request, asker())).toMatchObject({ answeredBy: "local" });
    pass(2);
    tell(() => Promise.reject(new RelayRefusal("not_held", "not_held", "")));
    expect(await reads.recent(request, asker())).toBeUndefined();
    expect(asked).toMatchObject([{}, { held: true }]);
  });

  test("is no older than this machine's writes since", async () => {
    const { reads, asker, asked, memory, pass, now } = setUp();
    await reads.read({ path: "/graphql", graphql }, asker());
    pass(1);
    memory.mark(["acme/widgets"], now());
    pass(4);
    await reads.recent(request, asker());
    expect(asked.at(-1)).toMatchObject({ held: true, maxAge: 4 });
  });

  test("is not looked for again at a relay that asks GitHub for it, nor missed where the relay is in trouble", async () => {
    const { reads, asker, asked, tell, troubles, counters } = setUp();
    tell(() => Promise.reject(new RelayOutage("down")));
    expect(await reads.recent(request, asker())).toBeUndefined();
    expect([troubles, counters.outages]).toEqual([[], 0]);
    tell(() => ({ cache: "miss" }));
    expect(await reads.recent(request, asker())).toMatchObject({ answeredBy: "github" });
    expect(await reads.recent(request, asker())).toBeUndefined();
    expect(asked).toHaveLength(2);
  });
});
