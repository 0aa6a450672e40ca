/**
 * The cost of a read, as docs/relay.md tells it: every row of its table is counted here. The audit's batch is apart.
 */
import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { countingBindings } from "../support/counting.ts";
import { json } from "../support/github.ts";
import { advance, TestRelay, type WorkerReadOptions } from "../support/relay.ts";

interface Cost {
  readonly d1: number;
  readonly do: number;
  readonly github: number;
}

const [, section = ""] = /\n## Costs\n([\s\S]*?)\n## /.exec(env.TEST_RELAY_PAGE) ?? [];
/** Rows that name a route are of other routes than the relay's, and are counted where those are tested. */
const table = [...section.matchAll(/^\| ([^`\s|].*?) \| (.+?) \| (.+?) \| (.+?) \|$/gm)].map(
  ([, label = "", d1 = "", calls = "", github = ""]) => ({ label, cost: { d1, do: calls, github } }),
);

const repo = "/repos/acme/widgets";
const path = `${repo}/pulls/7`;
const pull = { number: 7, state: "open", updated_at: "2026-03-01T11:00:00Z", head: { sha: "a".repeat(40) } };
const minute = 60_000;
/** A pull request that was quiet for an hour is fresh for five minutes. */
const justExpired = 5 * minute + 30_000;
let relay: TestRelay;

beforeEach(async () => {
  relay = await TestRelay.create();
  relay.github
    .public("acme/widgets")
    .on(path, ({ headers }) =>
      headers.get("if-none-match") === '"1"'
        ? new Response(null, { status: 304 })
        : json(pull, { headers: { etag: '"1"' } }),
    );
});

interface Measured {
  /** The isolate's earlier requests. */
  readonly before?: (isolate: TestRelay) => Promise<unknown>;
  readonly path?: string;
  readonly options?: WorkerReadOptions;
  readonly vars?: Record<string, unknown>;
  /** The expected outcome of the read. */
  readonly cache: string;
  readonly coalesced?: boolean;
  /** Happens while the read is in progress. */
  readonly meanwhile?: () => Promise<void>;
}

/** One read in an isolate of its own. */
async function costOf(measured: Measured): Promise<Cost> {
  const { before, path: asked = path, options, vars: more, cache, coalesced = false, meanwhile } = measured;
  const { counts, vars } = countingBindings();
  const isolate = relay.sibling({ ...vars, ...more });
  await before?.(isolate);
  counts.d1 = 0;
  counts.do.length = 0;
  const calls = relay.github.calls.length;
  const reading = isolate.read(asked, options);
  await meanwhile?.();
  expect((await reading).relay).toMatchObject({ cache, coalesced });
  return { d1: counts.d1, do: counts.do.length, github: relay.github.calls.length - calls };
}

const knownPublic = (isolate: TestRelay) => isolate.read(repo);
const less = (cost: Cost, base: Cost): Cost => ({
  d1: cost.d1 - base.d1,
  do: cost.do - base.do,
  github: cost.github - base.github,
});
/** An answer that is not cached, and a log in its bucket, cost no statement to write. */
const notInD1 = (base: Cost): Cost => ({ ...base, d1: base.d1 - 1 });
const miss = (more: Partial<Measured> = {}) => costOf({ before: knownPublic, cache: "miss", ...more });

/** A follower of a fill whose owner is another isolate; GitHub was asked before. */
async function follow(): Promise<Cost> {
  const gate = Promise.withResolvers<Response>();
  await relay.read(repo);
  relay.github.on(path, () => gate.promise);
  const owning = relay.read(path);
  await expect.poll(() => relay.github.count(path)).toBe(1);
  const pool = env.POOL.get(env.POOL.idFromName("maintainers"));
  const cost = await costOf({
    cache: "miss",
    coalesced: true,
    meanwhile: async () => {
      await expect.poll(async () => (await pool.snapshot()).fills[0]?.followers).toBe(1);
      gate.resolve(json({ number: 7, state: "open" }));
    },
  });
  await owning;
  return cost;
}

const asDiff = { headers: { accept: "application/vnd.github.diff" } };
const log = `${repo}/actions/jobs/9/logs`;

function signedLog(): void {
  relay.github
    .on(log, () => new Response(null, { status: 302, headers: { location: "https://x.blob.core.windows.net/log" } }))
    .on("/log", () => new Response("line\n"))
    .on(`${repo}/actions/jobs/9`, () => json({ id: 9, status: "completed" }));
}

/** By the row's first cell. */
const scenarios: Record<string, () => Promise<Cost>> = {
  "hit, memory or edge": async () => {
    const memory = await costOf({ before: (isolate) => isolate.read(path), cache: "hit" });
    expect(await costOf({ before: knownPublic, cache: "hit" }), "the second isolate leaves a copy").toMatchObject({
      d1: 1,
    });
    expect(await costOf({ before: knownPublic, cache: "hit" })).toEqual(memory);
    return memory;
  },
  "hit, an isolate that knows nothing yet": async () => {
    await relay.read(path);
    return costOf({ cache: "hit" });
  },
  "hit whose visibility proof has expired": async () => {
    await relay.read(path);
    advance(31_000);
    return costOf({ cache: "hit" });
  },
  "stale, renewed behind the answer": async () => {
    await relay.read(path);
    advance(justExpired);
    await relay.read(repo, { headers: { "cache-control": "max-age=0" } });
    return costOf({ cache: "stale" });
  },
  "stale, whose proof has run out too": async () => {
    await relay.read(path);
    advance(justExpired);
    return costOf({ cache: "stale" });
  },
  miss: () => miss(),
  "miss whose repository is not known to be public": () => costOf({ cache: "miss" }),
  "miss read without a credential, or of the repository itself": async () => {
    relay.github.on(`${repo}/releases`, () => json([]));
    const anonymous = await costOf({ path: `${repo}/releases`, cache: "miss" });
    relay.github.public("acme/other");
    expect(await costOf({ path: "/repos/acme/other", cache: "miss" })).toEqual(anonymous);
    return anonymous;
  },
  "miss just after another caller's": async () => {
    await relay.read(path);
    relay.github.on(path, () => json({ number: 7, state: "closed" }));
    advance(6_000);
    return costOf({ cache: "miss", options: { headers: { "cache-control": "max-age=5" } } });
  },
  "asked live, in an isolate that has just read it": async () => {
    const before = (isolate: TestRelay) => isolate.read(path);
    return costOf({ before, cache: "revalidated", options: { headers: { "cache-control": "max-age=0" } } });
  },
  revalidation: async () => {
    await relay.read(path);
    advance(20 * minute);
    await relay.read(repo);
    return costOf({ cache: "revalidated" });
  },
  "revalidation whose proof has run out too": async () => {
    await relay.read(path);
    advance(20 * minute);
    return costOf({ cache: "revalidated" });
  },
  "the same, of an answer that names its repository": async () => {
    const named = { full_name: "acme/widgets", private: false };
    relay.github.on(path, () => json({ ...pull, base: { repo: named } }, { headers: { etag: '"1"' } }));
    await relay.read(path);
    relay.github.on(path, () => new Response(null, { status: 304 }));
    advance(20 * minute);
    return costOf({ cache: "revalidated" });
  },
  "bypass: the caller's own conditions, or a kind that is never kept": async () => {
    const options = { headers: { "if-none-match": '"mine"' } };
    const conditional = await costOf({ before: knownPublic, options, cache: "bypass" });
    relay.github.on("/rate_limit", () => json({ resources: {} }));
    expect(await costOf({ path: "/rate_limit", cache: "bypass" })).toEqual(conditional);
    return conditional;
  },
  "follower of a miss": follow,
  "each identity that GitHub refused": async () => {
    await relay.identity({ id: "pat_two", login: "bot-two", secret_ref: "PAT_TWO" });
    const base = await miss();
    const answers = [json({ message: "no" }, { status: 403 })];
    const other = `${repo}/pulls/8`;
    relay.github.on(other, () => answers.pop() ?? json({ number: 8, state: "open" }));
    return less(await miss({ path: other }), base);
  },
  "each identity whose secret is missing": async () => {
    const base = await miss();
    await relay.identity({ id: "pat_one", secret_ref: "NOT_SET", weight: 1000 });
    await relay.identity({ id: "pat_two", login: "bot-two", secret_ref: "PAT_TWO", weight: 0.001 });
    const other = `${repo}/pulls/8`;
    relay.github.on(other, () => json({ number: 8, state: "open" }));
    advance(10_001);
    return less(await costOf({ before: (isolate) => isolate.read(path), path: other, cache: "miss" }), base);
  },
  "first read of an isolate, each hour, with a GitHub App": async () => {
    const base = await costOf({ cache: "miss" });
    const app = { id: "pat_one", kind: "github_app", login: "app", secret_ref: "APP_KEY", installation_id: 42 };
    await relay.admin("/pools/maintainers/identities/pat_one", "PATCH", { disabled: true });
    await relay.identity({ ...app, id: "app" });
    relay.github.public("acme/other").on("/repos/acme/other/pulls/7", () => json({ number: 7, state: "open" }));
    relay.github.on("/app/installations/42/access_tokens", () =>
      json({ token: "ghs_1", expires_at: new Date(Date.now() + 60 * minute).toISOString() }, { status: 201 }),
    );
    const vars = { APP_KEY: await newKey() };
    return less(await costOf({ path: "/repos/acme/other/pulls/7", cache: "miss", vars }), base);
  },
  "jobs of one attempt, or a pull request's files with a hint of its head": async () => {
    const base = await miss();
    const jobs = `${repo}/actions/runs/5/attempts/1/jobs`;
    relay.github.on(jobs, () => json({ total_count: 0, jobs: [] })).on(`${path}/files`, () => json([]));
    const ofJobs = less(await miss({ path: jobs }), base);
    const options = { hint: `head=${"a".repeat(40)}` };
    expect(less(await miss({ path: `${path}/files`, options }), base)).toEqual(ofJobs);
    return ofJobs;
  },
  "a job's log, by GitHub's signed link": async () => {
    const base = notInD1(await miss());
    signedLog();
    return less(await miss({ path: log }), base);
  },
  "the same where `LOGS` is bound": async () => {
    const base = notInD1(await miss());
    signedLog();
    return less(await miss({ path: log, vars: { LOGS: env.TEST_LOGS } }), base);
  },
  "a pull request's diff, by GitHub's patch host": async () => {
    const base = await miss();
    const location = "https://patch-diff.githubusercontent.com/raw/7.diff";
    relay.github
      .on("/acme/widgets/pull/7.diff", () => new Response(null, { status: 302, headers: { location } }))
      .on("/raw/7.diff", () => new Response("diff --git a b\n"));
    return less(await miss({ options: asDiff }), base);
  },
};

async function newKey(): Promise<string> {
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const exponent = new Uint8Array([1, 0, 1]);
  const generated = await crypto.subtle.generateKey(
    { ...algorithm, modulusLength: 2048, publicExponent: exponent },
    true,
    ["sign", "verify"],
  );
  if (!("privateKey" in generated)) throw new Error("a pair of keys");
  const der = await crypto.subtle.exportKey("pkcs8", generated.privateKey);
  if (!(der instanceof ArrayBuffer)) throw new Error("bytes");
  return `-----BEGIN PRIVATE KEY-----\n${btoa(String.fromCharCode(...new Uint8Array(der)))}\n-----END PRIVATE KEY-----\n`;
}

test("every row of the page is counted here, and every count is on the page", () => {
  expect(table.map(({ label }) => label)).toEqual(Object.keys(scenarios));
});

test.each(Object.entries(scenarios))("%s", async (label, measure) => {
  const told = table.find((row) => row.label === label)?.cost;
  const isMore = told?.d1.startsWith("+") ?? false;
  const shown = (count: number) => (isMore ? `+${count}` : String(count));
  const { d1, do: calls, github } = await measure();
  expect(told).toEqual({ d1: shown(d1), do: shown(calls), github: shown(github) });
});
