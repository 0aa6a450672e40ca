import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { answerCall } from "../../daemon/answer-call.ts";
import { resourceOf } from "../../daemon/cache/resource.ts";
import type { Kept } from "../../daemon/cache/store.ts";
import { type LocalUsability, usability } from "../../daemon/cache/usable.ts";
import { explainCall } from "../../daemon/explain-call.ts";
import type { Engine, EngineDependencies, Invocation } from "../../daemon/gh/engine.ts";
import { githubCom } from "../../daemon/hosts.ts";
import { keyOf } from "../../daemon/personal/key.ts";
import { NativeRequired, type ReadRequest } from "../../daemon/reader.ts";
import { createWorld, type DaemonWorld } from "../../daemon/world.ts";

const path = "/repos/acme/web/issues/7";
const start = Date.parse("2026-01-01T00:00:00Z");
const login = { OCTOPOOL_URL: "https://relay.example", OCTOPOOL_TOKEN: "op_test", OCTOPOOL_POOL: "maintainers" };

let directory: string;
let now: number;
let world: DaemonWorld;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "octopool-explain-"));
  now = start;
  world = createWorld({ env: login, directory, now: () => now, log: () => {}, engine: readsOne });
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Stands in for gh: one read, printed. */
const reading =
  (request: ReadRequest): Engine =>
  async (_invocation, { reader }) => {
    try {
      const { body } = await reader.read(request);
      return { kind: "done", stdout: body, stderr: "", exitCode: 0 };
    } catch (error) {
      if (error instanceof NativeRequired) return { kind: "native", reason: error.reason };
      throw error;
    }
  };
const readsOne = reading({ path });

function invocation(args: readonly string[], env: Record<string, string> = {}): Invocation {
  return { args, cwd: directory, env, tty: { stdin: false, stdout: false, stderr: false } };
}

/** Puts an answer into the machine's memory, as the daemon's own login would have found it. */
async function remember(freshForMs: number, other: Partial<Kept> = {}): Promise<void> {
  const known = await world.connections.of(login);
  const resource = resourceOf({ path });
  world.store.set(`${known?.id} ${resource?.key}`, {
    kind: "issue_view",
    repository: "acme/web",
    status: 200,
    headers: {},
    body: Buffer.from("{}"),
    tags: [],
    askedAt: now,
    createdAt: now,
    toldAt: now,
    freshUntil: now + freshForMs,
    staleUntil: now + freshForMs,
    ...other,
  });
}

/** Stands in for gh: prints the result of `ask`, and is native where that is undefined. */
const asking =
  (ask: (dependencies: EngineDependencies) => unknown): Engine =>
  async (_invocation, dependencies) => {
    const found = await ask(dependencies);
    return found === undefined
      ? { kind: "native", reason: "nothing" }
      : { kind: "done", stdout: JSON.stringify(found), stderr: "", exitCode: 0 };
  };

test("an answer is explained by the writes to its own resources, as it is given", async () => {
  await remember(30_000, { tags: ["run:9", "pull:7"], createdAt: now - 1 });
  world.freshness.memory.mark(["acme/web"], now, ["pull:7"]);
  const { reads } = await explainCall(world, invocation(["api", path]));
  expect(reads).toMatchObject([{ state: "live", reason: "you wrote there since", price: "free" }]);
});

test("an answer that is explained as given from memory is given from memory", async () => {
  const known = await world.connections.of(login);
  const [resource] = [resourceOf({ path })];
  if (known === undefined || resource === undefined) throw new Error("no login");
  const tag = fc.constantFrom("issue:7", "pull:7", "run:9", "base:main", "repo");
  const tags = fc.uniqueArray(tag, { maxLength: 3 });
  const seconds = fc.integer({ min: 0, max: 40 });
  const property = fc.asyncProperty(
    fc.record({
      tags,
      age: seconds,
      left: seconds,
      maxAge: fc.option(seconds, { nil: undefined }),
      written: fc.option(fc.record({ tags: fc.option(tags, { nil: undefined }), ago: seconds }), { nil: undefined }),
      heard: fc.option(fc.record({ tags, ago: seconds }), { nil: undefined }),
    }),
    async ({ tags, age, left, maxAge, written, heard }) => {
      const other = createWorld({ env: login, directory, now: () => now, log: () => {}, engine: readsOne });
      const { body } = await rememberIn(other, { tags, age, left });
      if (written) other.freshness.memory.mark(["acme/web"], now - written.ago * 1000, written.tags);
      if (heard) other.freshness.heard.hear(known.id, [["acme/web", heard.tags, now - heard.ago * 1000]]);
      const request = { path, ...(maxAge !== undefined && { maxAge }) };
      const { reads } = await explainCall({ ...other, engine: reading(request) }, invocation(["api", path]));
      const given = other.reads.peek(resource, known.id, maxAge);
      expect(given?.body).toEqual(given && body);
      expect(reads).toMatchObject([
        given ? { state: "fresh", price: "kept" } : { state: expect.not.stringMatching("fresh"), price: "free" },
      ]);
    },
  );
  await fc.assert(property, { numRuns: 200 });
});

async function rememberIn(
  other: DaemonWorld,
  { tags, age, left }: { tags: readonly string[]; age: number; left: number },
) {
  const known = await other.connections.of(login);
  const at = now - age * 1000;
  const times = { askedAt: at, createdAt: at, toldAt: at, freshUntil: now + left * 1000, staleUntil: now };
  const entry = { ...whole, ...times, body: Buffer.from("{}"), tags };
  other.store.set(`${known?.id} ${resourceOf({ path })?.key}`, entry);
  return entry;
}

test("a filter that the caller's gh would run is explained with its output", async () => {
  const filter = { run: async () => ({ stdout: "filtered", stderr: "", exitCode: 0 }), close: async () => {} };
  const engine = asking((all) => all.filter?.({ kind: "jq", program: "@sh", json: "{}" }));
  // @ts-expect-error: only the called members
  const explained = await explainCall({ ...world, engine, filter }, invocation(["api", path]));
  expect(explained).toMatchObject({ outcome: "read", complete: true });
});

test.each([
  ["the last answer of any age", ({ reader }: EngineDependencies) => reader.held?.({ path })?.status],
  ["whether an answer is here", ({ reader }: EngineDependencies) => reader.isHere?.({ path }) || undefined],
  ["an answer of a moment ago", ({ reader }: EngineDependencies) => reader.recent?.({ path, maxAge: 60 })],
] as const)("a command that looks for %s finds it when it is explained", async (_what, ask) => {
  await remember(30_000);
  const explained = await explainCall({ ...world, engine: asking(ask) }, invocation(["api", path]));
  expect(explained).toMatchObject({ outcome: "read", complete: true });
});

test("an answer of a moment ago is explained as a read from memory", async () => {
  await remember(-1);
  const engine = asking(({ reader }) => reader.recent?.({ path, maxAge: 60 }));
  const { reads } = await explainCall({ ...world, engine }, invocation(["api", path]));
  expect(reads).toMatchObject([{ path, state: "fresh", freshFor: 60, price: "kept" }]);
});

test("a caller with a token in its environment is explained with that token's reads", async () => {
  const request = { path: "/user", viewer: "the account that asks" };
  const env = { GH_TOKEN: "sent apart" };
  const call = { ...world, engine: reading(request) };
  const tokens = { GH_TOKEN: "gho_test" };
  const hash = createHash("sha256").update(`${githubCom.name} ${githubCom.server} gho_test`).digest("hex");
  const answer = { status: 200, headers: {}, body: Buffer.from("{}"), etag: "x", keptUntil: 0, confirmedAt: now };
  world.personal.memory.set(keyOf(request, { hash }), answer);
  const explained = await explainCall(call, invocation(["api", "user"], env), { githubTokens: tokens });
  expect(explained).toMatchObject({ complete: true, reads: [{ state: "own", age: 0, price: "free" }] });
});

test("without fallback, answers that only the caller may see are still read with the caller's token", async () => {
  const request = { path: "/user", viewer: "the account that asks" };
  const env = { GH_TOKEN: "sent apart", OCTOPOOL_NO_FALLBACK: "1" };
  const options = { githubTokens: { GH_TOKEN: "gho_test" } };
  const engine = reading(request);
  const { reads } = await explainCall({ ...world, engine }, invocation(["api", "user"], env), options);
  expect(reads).toMatchObject([{ state: "own", reason: "the account that asks" }]);
});

test("without fallback, a repository that is not public is asked of the relay", async () => {
  const known = await world.connections.of(login);
  world.personal.privates.add(known?.id ?? "", "acme/web");
  const call = invocation(["api", path], { OCTOPOOL_NO_FALLBACK: "1" });
  expect((await explainCall(world, call)).reads).toMatchObject([{ state: "unknown", price: "shared" }]);
});

test("a read that must be as new as the command is not explained by a merge", async () => {
  await remember(30_000, { toldAt: start - 1 });
  const engine = reading({ path, maxAge: 0, since: { began: start, told: 0 } });
  const { reads } = await explainCall({ ...world, engine }, invocation(["api", path]));
  expect(reads).toMatchObject([{ state: "live", reason: "it must be as new as the reads before it" }]);
});

test("a run that a list here has is counted as an answer where it is answered, not where it is explained", async () => {
  const known = await world.connections.of(login);
  const times = {
    cache_created_at: new Date(now).toISOString(),
    cache_expires_at: new Date(now + 60_000).toISOString(),
  };
  const flags = { cacheable: true, cache: "miss", stale_ok: false, coalesced: false } as const;
  const names = {
    pool: "p",
    request_id: "r",
    route_kind: "run_list",
    lease_reason: null,
    backend: "github_identity",
  } as const;
  const head = { status: 200, headers: {}, body_encoding: "json", identity: null } as const;
  const run = { id: 41, name: "CI", display_title: "", head_sha: "", run_attempt: 1, run_started_at: "", status: "" };
  const body = Buffer.from(JSON.stringify({ total_count: 1, workflow_runs: [{ ...run, updated_at: "" }] }));
  const ask = async () => ({ head: { ...head, relay: { ...names, ...flags, ...times } }, body, relayNow: now });
  await world.reads.read({ path: "/repos/acme/web/actions/runs" }, { id: known?.id ?? "", ask });
  const engine = asking(({ reader }) => reader.listed?.({ path: "/repos/acme/web/actions/runs/41" }));
  const call = invocation(["run", "view", "41"]);
  expect(await explainCall({ ...world, engine }, call)).toMatchObject({ outcome: "read" });
  expect(world.counters.local).toBe(0);
  const { signal } = new AbortController();
  await answerCall({ ...world, engine }, { invocation: call, signal, emit: () => {} });
  expect(world.counters.local).toBe(1);
});

test("a read with a condition of its own is explained as asked of the relay", async () => {
  await remember(30_000);
  const engine = reading({ path, headers: { "if-none-match": '"x"' } });
  const { reads } = await explainCall({ ...world, engine }, invocation(["api", path]));
  expect(reads).toMatchObject([{ state: "unknown", age: 0, price: "free" }]);
});

test.each([
  ["push", true, "pushed", null],
  ["push", false, "live", "a merge or a decision may depend on it"],
  ["probe", true, "live", "a merge or a decision may depend on it"],
  ["ask", true, "live", "a merge or a decision may depend on it"],
] as const)("a pull request's state, with gates %s and its events heard: %s", async (gates, heard, state, reason) => {
  const known = await world.connections.of(login);
  world.events.gatesOf = () => gates;
  world.events.hears = (id, repository, families) =>
    heard && id === known?.id && repository === "acme/web" && families.join() === "pulls";
  const request = { path: "/repos/acme/web/pulls/7", maxAge: 0, vouched: true } as const;
  const explained = () =>
    explainCall({ ...world, engine: reading(request) }, invocation(["pr", "view", "7", "--json", "state"]));
  expect((await explained()).reads).toMatchObject([{ kind: "pr_view", state, reason }]);
  world.freshness.memory.mark(["acme/web"], undefined, ["releases"]);
  expect((await explained()).reads).toMatchObject([{ state: "live" }]);
});

test("a call that names no home is explained with the daemon's own login, as it is answered", async () => {
  await remember(30_000);
  const call = invocation(["api", path]);
  const answer = await answerCall(world, { invocation: call, signal: new AbortController().signal, emit: () => {} });
  expect(answer).toMatchObject({ kind: "done" });
  expect(await explainCall(world, call)).toMatchObject({ outcome: "read", complete: true });
});

test.each([1, 400, 600, 1499])(
  "an answer that is served as fresh for %d ms more is explained as fresh",
  async (left) => {
    await remember(left);
    const { reads } = await explainCall(world, invocation(["api", path]));
    expect(reads).toMatchObject([{ state: "fresh", freshFor: Math.ceil(left / 1000) }]);
  },
);

test("an answer that has just expired is explained as expired", async () => {
  await remember(0);
  const { reads } = await explainCall(world, invocation(["api", path]));
  expect(reads).toMatchObject([{ state: "expired", freshFor: null }]);
});

test("bytes that are not UTF-8 are left to the real gh, in the explanation too", async () => {
  const call = invocation(["api", "/repos/acme/\ufffd"]);
  const answer = await answerCall(world, { invocation: call, signal: new AbortController().signal, emit: () => {} });
  expect(answer).toMatchObject({ kind: "native", reason: "an argument is not UTF-8" });
  expect(await explainCall(world, call)).toMatchObject({ outcome: "native", reason: "an argument is not UTF-8" });
});

const kept = { createdAt: start, toldAt: start, freshUntil: start + 10_000 };
const cases: readonly (readonly [LocalUsability, number | undefined, number, number])[] = [
  ["fresh", undefined, 0, start],
  ["fresh", 5, 0, start + 5_000],
  ["fresh", undefined, start, start + 9_999],
  ["live", 0, 0, start],
  ["written", undefined, start + 1, start + 2],
  ["too old", 5, 0, start + 5_001],
  ["expired", undefined, 0, start + 10_000],
];
test.each(cases)("a kept answer is %s with a bound of %s s, a write at %d, at %d", (is, maxAge, writtenAt, time) => {
  expect(usability({ ...whole, ...kept }, { maxAge, writtenAt, heardAt: 0, now: time })).toBe(is);
});

test("nothing kept is absent, under any bound but 0", () => {
  expect(usability(undefined, { maxAge: 5, writtenAt: 0, heardAt: 0, now: start })).toBe("absent");
  expect(usability(undefined, { maxAge: 0, writtenAt: 0, heardAt: 0, now: start })).toBe("live");
});

const whole = {
  kind: "issue_view",
  repository: "acme/web",
  status: 200,
  headers: {},
  body: Buffer.alloc(0),
  tags: [],
  askedAt: start,
  staleUntil: start,
} as const;
