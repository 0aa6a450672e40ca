import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { markWrite } from "../../../cli/shim/mark-write.ts";
import { CachedReads } from "../../../daemon/cache/reads.ts";
import { Store } from "../../../daemon/cache/store.ts";
import { Counters } from "../../../daemon/counters.ts";
import { HeardMarks } from "../../../daemon/freshness/heard.ts";
import { MarkWatch } from "../../../daemon/freshness/marks.ts";
import { WriteMemory } from "../../../daemon/freshness/memory.ts";
import type { RelayAnswer, RelayRead } from "../../../daemon/relay/client.ts";

const start = Date.parse("2030-01-01T00:00:00Z");
/** The relay's clock is an hour ahead: marks and answers are compared by it alone. */
const ahead = 3_600_000;

/** A machine that asks a relay whose answers are as old as the test says. */
function machine() {
  let time = start;
  const heard = new HeardMarks();
  const asked: RelayRead[] = [];
  const relay = { createdAt: start + ahead, freshMs: 300_000, body: '{"number":7,"base":{"ref":"main"}}' };
  const reads = new CachedReads({
    store: new Store(),
    counters: new Counters(),
    now: () => time,
    writtenAt: () => 0,
    heardAt: (login, repository, tags) => heard.at(login, repository, tags),
  });
  const ask = async (read: RelayRead): Promise<RelayAnswer> => {
    asked.push(read);
    const createdAt = Math.max(relay.createdAt, read.not_before ?? 0);
    const iso = (at: number) => new Date(at).toISOString();
    const told = {
      pool: "p",
      request_id: "r",
      cacheable: true,
      cache: "hit",
      stale_ok: false,
      route_kind: "any",
      lease_reason: null,
      backend: "cache",
      coalesced: false,
      cache_created_at: iso(createdAt),
      cache_expires_at: iso(createdAt + relay.freshMs),
    } as const;
    const head = { status: 200, headers: {}, body_encoding: "json", identity: null, relay: told } as const;
    return { head, body: Buffer.from(relay.body), relayNow: time + ahead };
  };
  const read = (path: string) => reads.read({ path }, { id: "0", ask });
  const advance = (ms: number) => {
    time += ms;
  };
  const says = (body: object) => {
    relay.body = JSON.stringify(body);
  };
  return { heard, asked, read, says, advance, now: () => time + ahead };
}

const pull = "/repos/acme/widgets/pulls/7";

test("an answer that is older than a mark on its tag is asked for again, newer than the mark", async () => {
  const { heard, asked, read, now, advance } = machine();
  await read(pull);
  await read(pull);
  expect(asked).toHaveLength(1);
  advance(1_000);
  const at = now();
  heard.hear("0", [["acme/widgets", ["pull:7", "pulls"], at]]);
  await read(pull);
  expect(asked.map(({ not_before }) => not_before)).toEqual([undefined, at]);
  await read(pull);
  expect(asked).toHaveLength(2);
});

test.each([
  ["in_progress", 1],
  ["queued", 2],
  ["waiting", 2],
  ["completed", 2],
])("a run that is %s, once one of its jobs has begun or ended: %d requests in all", async (status, requests) => {
  const { heard, asked, read, says, now, advance } = machine();
  const run = "/repos/acme/widgets/actions/runs/41";
  says({ id: 41, status });
  await read(run);
  advance(1_000);
  heard.hear("0", [["acme/widgets", ["job:1", "run:41:jobs"], now()]]);
  await read(run);
  expect(asked).toHaveLength(requests);
  heard.hear("0", [["acme/widgets", ["run:41"], now() + 1]]);
  await read(run);
  expect(asked).toHaveLength(requests + 1);
});

test.each([
  ["of another number", "acme/widgets", ["pull:8"]],
  ["of another repository", "acme/other", ["pull:7"]],
  ["of another kind", "acme/widgets", ["comments:7"]],
])("a mark %s leaves an answer as it is", async (_which, repository, tags) => {
  const { heard, asked, read, now, advance } = machine();
  await read(pull);
  advance(1_000);
  heard.hear("0", [[repository, tags, now()]]);
  await read(pull);
  expect(asked).toHaveLength(1);
});

test.each([[["*"]], [["pull:*"]], [["base:main"]]])("the mark %j concerns a pull request into main", async (tags) => {
  const { heard, asked, read, now, advance } = machine();
  await read(pull);
  advance(1_000);
  heard.hear("0", [["acme/widgets", tags, now()]]);
  await read(pull);
  expect(asked).toHaveLength(2);
});

test("a mark that arrives late, of a change that an answer shows already, costs nothing", async () => {
  const { heard, asked, read, now } = machine();
  await read(pull);
  heard.hear("0", [["acme/widgets", ["pull:7"], now() - 60_000]]);
  await read(pull);
  expect(asked).toHaveLength(1);
});

test("a wait for a mark ends with the mark that concerns it, and takes no later one", () => {
  const heard = new HeardMarks();
  let woken = 0;
  const stop = heard.onMark("0", "acme/widgets", ["run:41"], () => woken++);
  heard.hear("0", [["acme/widgets", ["run:42"], 1]]);
  heard.hear("1", [["acme/widgets", ["run:41"], 1]]);
  expect(woken).toBe(0);
  heard.hear("0", [["acme/widgets", ["runs", "run:41"], 2]]);
  expect(woken).toBe(1);
  stop();
  heard.hear("0", [["acme/widgets", ["run:41"], 3]]);
  expect(woken).toBe(1);
});

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "octopool-tags-"));
  mkdirSync(join(directory, "written"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function after(args: readonly string[]): WriteMemory {
  const memory = new WriteMemory(Date.now);
  const watch = new MarkWatch({ directory: join(directory, "written"), memory, now: Date.now });
  const env = { OCTOPOOL_RUNTIME_DIR: directory };
  markWrite({ uid: process.getuid?.() ?? 0, platform: "linux", pid: process.pid, args, cwd: "/", env });
  watch.look();
  return memory;
}

test.each([
  ["issue", "comment", "7"],
  ["pr", "edit", "7"],
  ["label", "create", "x"],
])("`gh %s %s` leaves answers about files, and concerns those about issues and CI", (...args) => {
  const memory = after([...args, "-R", "acme/widgets"]);
  expect(memory.writtenAt("acme/widgets", "contents", ["code"])).toBe(0);
  expect(memory.writtenAt("acme/widgets", "issue_view", ["issue:7"])).toBeGreaterThan(0);
  expect(memory.writtenAt("acme/widgets", "run_list", ["runs"])).toBeGreaterThan(0);
  // No event tells of a reaction, so no tag does either.
  expect(memory.writtenAt("acme/widgets", "issue_reactions", [])).toBeGreaterThan(0);
  expect(memory.writtenAt(undefined, "search_issues")).toBeGreaterThan(0);
});

test.each([
  ["pr", "create", "-f"],
  ["pr", "update-branch", "7"],
  ["repo", "edit"],
])("`gh %s %s` concerns everything of its repository", (...args) => {
  const memory = after([...args, "-R", "acme/widgets"]);
  expect(memory.writtenAt("acme/widgets", "contents", ["code"])).toBeGreaterThan(0);
});
