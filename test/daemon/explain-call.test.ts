import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { answerCall } from "../../daemon/answer-call.ts";
import { resourceOf } from "../../daemon/cache/resource.ts";
import { type LocalUsability, usability } from "../../daemon/cache/usable.ts";
import { explainCall } from "../../daemon/explain-call.ts";
import type { Engine, Invocation } from "../../daemon/gh/engine.ts";
import { NativeRequired, type ReadRequest } from "../../daemon/reader.ts";
import { createWorld, type World } from "../../daemon/world.ts";

const path = "/repos/acme/web/issues/7";
const start = Date.parse("2026-01-01T00:00:00Z");
const login = { OCTOPOOL_URL: "https://relay.example", OCTOPOOL_TOKEN: "op_test", OCTOPOOL_POOL: "maintainers" };

let directory: string;
let now: number;
let world: World;
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
async function remember(freshForMs: number): Promise<void> {
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
  });
}

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

test.each([1, 400, 600, 1499])("what is served as fresh for %d ms more is explained as fresh", async (left) => {
  await remember(left);
  const { reads } = await explainCall(world, invocation(["api", path]));
  expect(reads).toMatchObject([{ state: "fresh", freshFor: Math.ceil(left / 1000) }]);
});

test("what has just expired is explained as expired", async () => {
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

test("nothing kept is absent, whatever the bound but 0", () => {
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
