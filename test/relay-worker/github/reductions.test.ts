/** Fields that depend on the credential are removed from a body before it is stored or answered. */
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { json } from "../support/github.ts";
import { TestRelay } from "../support/relay.ts";

const repo = "/repos/acme/widgets";
const claims = {
  etag: '"e"',
  "last-modified": "Sun, 01 Mar 2026 11:00:00 GMT",
  link: '<https://api.github.com/x?page=2>; rel="next"',
};
const secret = { full_name: "acme/hidden", html_url: "x", private: true, description: "hush" };
let relay: TestRelay;

beforeEach(async () => {
  relay = await TestRelay.create();
  relay.github.public("acme/widgets");
});

test("repo_view keeps public fields only, and so do the repositories it came from", async () => {
  const shown = { id: 1, full_name: "acme/widgets", html_url: "x", private: false, stargazers_count: 7, topics: ["a"] };
  const maintainers = {
    permissions: { admin: true },
    role_name: "admin",
    temp_clone_token: "t",
    allow_squash_merge: true,
  };
  const parent = { full_name: "up/widgets", html_url: "y", private: false };
  relay.github.on(repo, () =>
    json({ ...shown, ...maintainers, parent: { ...parent, permissions: {} }, source: secret }, { headers: claims }),
  );
  const told = await relay.read(repo);
  expect(told.body).toEqual({ ...shown, parent, source: null });
  expect(told.headers).not.toHaveProperty("etag");
  expect(told.relay.reduced).toBe(true);
  const stored = await env.DB.prepare("select body from github_cache_entries").first<string>("body");
  expect(stored).not.toMatch(/permissions|temp_clone_token|hush|allow_squash/);
});

test("user_view keeps 32 public profile fields", async () => {
  const profile = { login: "mona", id: 1, name: "Mona", bio: null, public_repos: 3 };
  relay.github.on("/users/mona", () =>
    json({ ...profile, plan: { name: "pro" }, two_factor_authentication: true, user_view_type: "private" }),
  );
  expect((await relay.read("/users/mona")).body).toEqual(profile);
});

test("GET /user is the caller's public profile", async () => {
  relay.github.on("/users/mona", () => json({ login: "mona", id: 1 }));
  expect(await relay.read("/user")).toMatchObject({ body: { login: "mona" }, relay: { route_kind: "user_view" } });
});

test("a repository inside an answer that is not certainly public becomes null, and headers about the body go", async () => {
  const open = { full_name: "acme/fork", html_url: "x", private: false };
  const unsure = { full_name: "acme/odd", html_url: "x", private: null };
  const pulls = [secret, open, unsure].map((each, at) => ({ number: at, head: { repo: each } }));
  relay.github.on(`${repo}/pulls`, () => json(pulls, { headers: claims }));
  const told = await relay.read(`${repo}/pulls`);
  expect(told.body).toEqual([null, open, null].map((each, at) => ({ number: at, head: { repo: each } })));
  expect(told.headers).toEqual(expect.not.objectContaining({ etag: expect.anything() }));
  expect(told.headers).toEqual(expect.not.objectContaining({ link: expect.anything() }));
  expect(told.headers).toEqual(expect.not.objectContaining({ "last-modified": expect.anything() }));
  expect(JSON.stringify(await (await relay.request(`${repo}/pulls`)).text())).not.toContain("hush");
});

test("a body that needs no reduction stays GitHub's bytes, odd numbers and spacing included", async () => {
  const odd = '{ "number": 7,\n "id": 12345678901234567890, "share": 1.0, "tiny": 1e-7 , "state":"open"}\n';
  relay.github.on(`${repo}/pulls/7`, () => json(odd, { headers: claims }));
  const response = await relay.request(`${repo}/pulls/7`);
  const text = await response.text();
  expect(text.slice(Number(response.headers.get("x-octopool-body-offset")), -1)).toBe(odd);
  expect(JSON.parse(text).headers).toMatchObject(claims);
});

test("numbers beyond a double's reach survive a reduction", async () => {
  relay.github.on(repo, () =>
    json(
      '{"id":12345678901234567890,"full_name":"acme/widgets","html_url":"x","private":false,"size":1.0,"permissions":{}}',
    ),
  );
  const text = await (await relay.request(repo)).text();
  expect(text).toContain('"id":12345678901234567890');
  expect(text).toContain('"size":1.0');
});

describe("a raw media type cuts nothing short", () => {
  const headers = { accept: "application/vnd.github.raw+json" };
  const asRaw =
    (body: unknown, type = "application/vnd.github.raw+json; charset=utf-8") =>
    () =>
      json(body, { headers: { "content-type": type } });

  test("of GitHub's view of a repository", async () => {
    const shown = { id: 1, full_name: "acme/widgets", html_url: "x", private: false };
    relay.github.on(repo, asRaw({ ...shown, permissions: { admin: true }, temp_clone_token: "secret" }));
    const told = await relay.read(repo, { headers });
    expect(told.body).toEqual(shown);
  });

  test("of a repository inside an answer", async () => {
    relay.github.on(`${repo}/pulls/7`, asRaw({ number: 7, head: { repo: secret } }, "application/vnd.github.raw"));
    expect((await relay.read(`${repo}/pulls/7`, { headers })).body).toEqual({ number: 7, head: { repo: null } });
  });

  test("and a body that is no JSON is not shown where a part would have to be cut", async () => {
    relay.github.on(repo, () => new Response("<permissions>", { headers: { "content-type": "text/html" } }));
    relay.github.on("/users/mona", () => new Response("plan: pro", { headers: { "content-type": "text/plain" } }));
    expect(await relay.refusal("/users/mona")).toBe("502 github_unreachable");
    expect(await relay.refusal(repo)).toBe("502 github_unreachable");
  });
});

describe("releases", () => {
  const releases = `${repo}/releases`;

  test("are read without a credential as long as GitHub lets us", async () => {
    relay.github.on(releases, () => json([{ id: 1, tag_name: "v1", draft: false }]));
    const told = await relay.read(releases);
    expect(told).toMatchObject({
      identity: null,
      relay: { backend: "github_anonymous", github_calls: 1, lease_reason: null },
    });
    expect(relay.github.calls.map(({ token }) => token)).toEqual([null]);
  });

  test("else with an identity, drafts left out and nothing claimed about the rest", async () => {
    relay.github.on(releases, ({ token }) =>
      token
        ? json(
            [
              { id: 1, tag_name: "v2", draft: true },
              { id: 2, tag_name: "v1", draft: false },
            ],
            { headers: claims },
          )
        : json({}, { status: 403, headers: { "x-ratelimit-remaining": "0" } }),
    );
    const told = await relay.read(releases);
    expect(told).toMatchObject({ body: [{ id: 2 }], identity: { id: "pat_one" }, relay: { reduced: true } });
    expect(told.headers).not.toHaveProperty("link");
  });

  test("a single draft does not exist", async () => {
    relay.github.on(`${releases}/1`, ({ token }) =>
      token ? json({ id: 1, tag_name: "v1", draft: true }) : json({}, { status: 429 }),
    );
    expect(await relay.refusal(`${releases}/1`)).toBe("424 fallback_local route_denied");
    expect(await env.DB.prepare("select count(*) as n from github_cache_entries").first("n")).toBe(0);
  });
});

describe("read without a credential only", () => {
  const timeline = `${repo}/issues/1/timeline`;

  test("and its success proves the repository public", async () => {
    relay.github.on(timeline, () => json([]));
    await relay.read(timeline);
    expect(relay.github.calls.map(({ token, url }) => [token, url.pathname])).toEqual([[null, timeline]]);
    expect((await relay.sibling().read(timeline)).relay.cache).toBe("hit");
  });

  test("never with an identity: when GitHub refuses, the caller asks", async () => {
    relay.github.on(timeline, () => json({}, { status: 403, headers: { "x-ratelimit-remaining": "0" } }));
    expect(await relay.refusal(timeline)).toBe("424 fallback_local web_only_unavailable");
    expect(await relay.refusal(timeline)).toBe("424 fallback_local web_only_unavailable");
    expect(relay.github.calls.map(({ token }) => token)).toEqual([null]);
  });

  test("a gist only when it says that it is public", async () => {
    relay.github.on("/gists/abc1", () => json({ id: "abc1", public: true }));
    relay.github.on("/gists/abc2", () => json({ id: "abc2", public: false }));
    expect((await relay.read("/gists/abc1")).status).toBe(200);
    expect(await relay.refusal("/gists/abc2")).toBe("424 fallback_local local_credentials_required");
  });
});

describe("search", () => {
  const search = "/search/issues";
  const found = (...repos: string[]) =>
    json({
      total_count: repos.length,
      items: repos.map((name) => ({ repository_url: `https://api.github.com/repos/${name}` })),
    });

  beforeEach(async () => {
    await relay.admin("/pools/maintainers/policy", "PATCH", { allow_search: true });
  });

  test("is relayed inside one public repository, from the search budget", async () => {
    relay.github.on(search, () => found("acme/widgets"));
    expect((await relay.read(search, { query: { q: "repo:acme/widgets is:open crash" } })).status).toBe(200);
    expect(relay.github.count(repo)).toBe(1);
  });

  test.each([
    "crash",
    "org:acme crash",
    "repo:acme/widgets org:acme",
    "repo:acme/widgets repo:acme/hidden",
    "repo:acme/widgets OR crash",
    "(repo:acme/widgets)",
    "user:mona repo:acme/widgets",
  ])("%j could show more than the caller may see", async (q) => {
    expect(await relay.refusal(search, { query: { q } })).toBe("424 fallback_local search_denied");
    expect(relay.github.calls).toEqual([]);
  });

  test("an event that comes from another repository is not shown", async () => {
    relay.github.on(search, () => found("acme/widgets", "acme/hidden"));
    expect(await relay.refusal(search, { query: { q: "repo:acme/widgets x" } })).toBe(
      "424 fallback_local search_denied",
    );
  });

  test("not inside a private repository", async () => {
    relay.github.on("/repos/acme/hidden", () => json(secret));
    expect(await relay.refusal(search, { query: { q: "repo:acme/hidden x" } })).toBe(
      "424 fallback_local repo_not_public",
    );
  });
});
