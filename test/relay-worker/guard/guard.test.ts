import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { json, notFound } from "../support/github.ts";
import { advance, TestRelay } from "../support/relay.ts";

const repo = "/repos/acme/widgets";
const path = `${repo}/pulls/7`;
const pull = { number: 7, state: "open", updated_at: "2026-03-01T11:00:00Z" };

let relay: TestRelay;

beforeEach(async () => {
  relay = await TestRelay.create();
  relay.github.public("acme/widgets").on(path, () => json(pull, { headers: { etag: '"p1"' } }));
});

describe("before an identity is spent", () => {
  test("the repository is proven public first", async () => {
    await relay.read(path);
    expect(relay.github.calls.map(({ url }) => url.pathname)).toEqual([repo, path]);
  });

  test("a fresh proof is reused by other reads of the repository, for any case of its name", async () => {
    relay.github.on("/repos/ACME/Widgets/issues/1", () => json({ number: 1, state: "open" }));
    await relay.read(path);
    await relay.read("/repos/ACME/Widgets/issues/1");
    expect(relay.github.count(repo)).toBe(1);
  });

  test("the repository's own view is its own proof", async () => {
    await relay.read(repo);
    await relay.read(path);
    expect(relay.github.calls.map(({ url }) => url.pathname)).toEqual([repo, path]);
  });

  test("a private repository is not read at all", async () => {
    relay.github.on(repo, () => json({ full_name: "acme/widgets", private: true, html_url: "x" }));
    expect(await relay.refusal(path)).toBe("424 fallback_local repo_not_public");
    expect(relay.github.count(path)).toBe(0);
  });

  test("the private repository's own view is not shown either", async () => {
    relay.github.on(repo, () => json({ full_name: "acme/widgets", private: true, html_url: "x", description: "hush" }));
    expect(await relay.refusal(repo)).toBe("424 fallback_local repo_not_public");
    expect(await entries()).toBe(0);
  });

  test.each([
    ["says nothing of private", () => json({ full_name: "acme/widgets" })],
    ["fails", () => json({ message: "Server Error" }, { status: 502 })],
    ["is no JSON", () => new Response("<html>", { status: 200 })],
  ])("an answer that %s is neither, and is not remembered", async (_what, answer) => {
    relay.github.on(repo, answer);
    expect(await relay.refusal(path)).toBe("424 fallback_local repo_public_check_failed");
    expect(await env.DB.prepare("select count(*) as n from github_public_repos").first("n")).toBe(0);
    relay.github.public("acme/widgets");
    expect((await relay.read(path)).relay.cache).toBe("miss");
  });
});

describe("a read without a credential that finds nothing", () => {
  const reads = [`${repo}/issues/1/timeline`, `${repo}/releases`, `${repo}/releases/tags/v1`];

  test.each(reads)("%s of a repository that is not public belongs to users who may read it", async (read) => {
    relay.github.on(repo, notFound);
    expect(await relay.refusal(read)).toBe("424 fallback_local repo_not_public");
    expect(await relay.sibling().refusal(path)).toBe("424 fallback_local repo_not_public");
    expect(relay.github.calls.map(({ token }) => token)).toEqual([null, null]);
  });

  test.each(reads)("%s of a public one is GitHub's own 404", async (read) => {
    expect(await relay.read(read)).toMatchObject({ status: 404, relay: { backend: "github_anonymous" } });
    expect((await relay.read(read)).relay.cache).toBe("hit");
  });

  test("says nothing while GitHub does not tell whether it is public", async () => {
    relay.github.on(repo, () => json({}, { status: 502 }));
    expect(await relay.refusal(`${repo}/releases`)).toBe("424 fallback_local repo_public_check_failed");
  });
});

describe("negative proofs", () => {
  test.each([
    ["404", notFound, "repo_not_public"],
    ["private", () => json({ full_name: "acme/widgets", html_url: "x", private: true }), "repo_not_public"],
    ["renamed", () => new Response(null, { status: 301, headers: { location: "/repositories/1" } }), "repo_moved"],
  ])("%s is remembered for an hour, by all isolates", async (_what, answer, reason) => {
    relay.github.on(repo, answer);
    for (let times = 0; times < 3; times += 1) {
      expect(await relay.sibling().refusal(path)).toBe(`424 fallback_local ${reason}`);
    }
    expect(relay.github.calls).toHaveLength(1);
    relay.github.public("acme/widgets");
    advance(3_600_000);
    expect((await relay.sibling().read(path)).relay.cache).toBe("miss");
  });
});

describe("before an entry is released", () => {
  test("an expired proof is renewed, with its ETag and the identity that has it", async () => {
    relay.github.on(repo, ({ headers }) =>
      headers.get("if-none-match") === '"r1"'
        ? new Response(null, { status: 304 })
        : json({ full_name: "acme/widgets", html_url: "x", private: false }, { headers: { etag: '"r1"' } }),
    );
    await relay.read(path);
    advance(31_000);
    const again = await relay.sibling().read(path);
    expect(again.relay).toMatchObject({ cache: "hit", github_calls: 1 });
    expect(relay.github.calls.at(-1)?.headers.get("if-none-match")).toBe('"r1"');
    expect(relay.github.count(path)).toBe(1);
  });

  test("an answer of a repository that has become private since is not released", async () => {
    await relay.read(path);
    relay.github.on(repo, () => json({ full_name: "acme/widgets", html_url: "x", private: true }));
    advance(30_000);
    expect(await relay.refusal(path)).toBe("424 fallback_local repo_not_public");
    expect(await relay.sibling().refusal(path)).toBe("424 fallback_local repo_not_public");
  });

  test("there is no grace when GitHub cannot tell", async () => {
    await relay.read(path);
    relay.github.on(repo, () => json({}, { status: 503 }));
    advance(30_000);
    expect(await relay.refusal(path)).toBe("424 fallback_local repo_public_check_failed");
  });

  test("a proof older than the one it was read under does not count", async () => {
    await relay.read(path);
    await env.DB.prepare("update github_public_repos set checked_at = checked_at - 1").run();
    expect((await relay.sibling().read(path)).relay.github_calls).toBe(1);
    expect(relay.github.count(repo)).toBe(2);
  });

  test("an exhausted pool asks without a credential", async () => {
    await relay.read(path);
    await relay.admin("/pools/maintainers/identities/pat_one", "PATCH", { disabled: true });
    advance(31_000);
    expect((await relay.read(path)).relay.cache).toBe("hit");
    expect(relay.github.calls.at(-1)?.token).toBeNull();
  });
});

test("a fresh entry is released by a stranger's proof where the pool's only secret is missing", async () => {
  await relay.read(path);
  await relay.identity({ id: "pat_one", secret_ref: "NOT_SET" });
  advance(31_000);
  for (const isolate of [relay.sibling(), relay.sibling()]) {
    expect((await isolate.read(path)).relay.cache).toBe("hit");
    advance(31_000 - 10_000);
  }
});

describe("an answer that names its own repository", () => {
  const named = { full_name: "Acme/Widgets", private: false };
  const live = { headers: { "cache-control": "max-age=0" } };
  const tellers: readonly (readonly [string, object])[] = [
    [path, { ...pull, base: { repo: named } }],
    [`${repo}/pulls`, [{ ...pull, base: { repo: named } }]],
    [`${repo}/actions/runs/5`, { id: 5, status: "completed", repository: named }],
    [`${repo}/actions/runs`, { total_count: 1, workflow_runs: [{ id: 5, repository: named }] }],
    [`${repo}/actions/workflows/3/runs`, { total_count: 1, workflow_runs: [{ id: 5, repository: named }] }],
    [`${repo}/commits/${"a".repeat(40)}/status`, { state: "pending", statuses: [], repository: named }],
    [`${repo}/commits/main/status`, { state: "pending", statuses: [], repository: named }],
  ];

  test.each(tellers)("%s proves it public, also where GitHub only confirms it", async (told, body) => {
    relay.github.on(told, ({ headers }) =>
      headers.get("if-none-match") === null
        ? json(body, { headers: { etag: '"t"' } })
        : new Response(null, { status: 304 }),
    );
    await relay.read(told);
    for (let times = 0; times < 5; times += 1) {
      advance(16_000);
      await relay.sibling().read(told, live);
    }
    await relay.sibling().read(path);
    expect(relay.github.count(repo)).toBe(1);
  });

  test("is not asked about its repository after the proof has run out, either", async () => {
    relay.github.on(path, () => json({ ...pull, base: { repo: named } }));
    await relay.read(path);
    advance(31_000);
    await relay.sibling().read(path, live);
    expect(relay.github.count(repo)).toBe(1);
  });

  test("is read only after the repository was once proven public", async () => {
    relay.github.on(path, () => json({ ...pull, base: { repo: named } }));
    await relay.read(path);
    expect(relay.github.calls.map(({ url }) => url.pathname)).toEqual([repo, path]);
  });

  test.each([
    ["is private", { ...named, private: true }],
    ["does not say", { full_name: named.full_name }],
    ["is another one", { ...named, full_name: "acme/gadgets" }],
  ])(
    "a repository in it that %s proves nothing, and an answer that has become private is not given",
    async (_what, inside) => {
      await relay.read(path);
      relay.github.on(path, () => json({ ...pull, title: "hush", base: { repo: inside } }));
      relay.github.on(repo, () => json({ full_name: "acme/widgets", html_url: "x", private: true }));
      advance(31_000);
      expect(await relay.refusal(path, live)).toBe("424 fallback_local repo_not_public");
      expect(
        await env.DB.prepare("select count(*) as n from github_cache_entries where body like '%hush%'").first("n"),
      ).toBe(0);
      expect(await relay.sibling().refusal(path)).toBe("424 fallback_local repo_not_public");
    },
  );
});

describe("the pool's policy", () => {
  test("its owners only, when public repositories of others are not allowed", async () => {
    await relay.admin("/pools/maintainers/policy", "PATCH", { allow_public_repos: false, allowed_owners: ["Acme"] });
    expect((await relay.read(path)).status).toBe(200);
    expect(await relay.refusal("/repos/other/thing/pulls/1")).toBe("424 fallback_local owner_denied");
    expect(await relay.refusal("/search/repositories", { query: { q: "x" } })).toBe("424 fallback_local search_denied");
  });

  test("logs and search", async () => {
    await relay.admin("/pools/maintainers/policy", "PATCH", { allow_logs: false });
    expect(await relay.refusal(`${repo}/actions/jobs/1/logs`)).toBe("424 fallback_local logs_denied");
    const query = { q: "repo:acme/widgets crash" };
    expect(await relay.refusal("/search/issues", { query })).toBe("424 fallback_local search_denied");
  });

  test("a policy that cannot be read allows nothing", async () => {
    await env.DB.prepare("update pools set policy = '{\"allowed_owners\":7}'").run();
    expect(await relay.sibling().refusal(path)).toBe("503 pool_policy_unavailable");
  });
});

async function entries(): Promise<number> {
  return (await env.DB.prepare("select count(*) as n from github_cache_entries").first<number>("n")) ?? -1;
}
