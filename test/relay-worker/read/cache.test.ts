import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { sha256Hex } from "../../../relay-worker/auth/tokens.ts";
import { representationVersion } from "../../../relay-worker/cache/entry.ts";
import { entryMemoryMs } from "../../../relay-worker/memory.ts";
import { json, notFound } from "../support/github.ts";
import { advance, startOfTime, TestRelay } from "../support/relay.ts";

const path = "/repos/acme/widgets/pulls/7";
const comments = "/repos/acme/widgets/pulls/7/comments";
const pull = '{"number":7,"state":"open","id":9007199254740993,"ratio":1.0,"updated_at":"2026-03-01T11:00:00Z"}';
const minute = 60_000;

let relay: TestRelay;
let version: number;

beforeEach(async () => {
  relay = await TestRelay.create();
  version = 1;
  relay.github.public("acme/widgets");
  relay.github.on(path, ({ headers }) => {
    const etag = `"v${version}"`;
    return headers.get("if-none-match") === etag
      ? new Response(null, { status: 304 })
      : json(pull, { headers: { etag } });
  });
  relay.github.on(comments, () => json([{ id: version }]));
});

describe("a repeated read", () => {
  test("is a miss once, then a hit for the same isolate and for others", async () => {
    const first = await relay.read(path);
    expect(first.relay).toMatchObject({
      cache: "miss",
      backend: "github_identity",
      route_kind: "pr_view",
      github_calls: 2,
    });
    expect(first.identity).toEqual({ id: "pat_one", kind: "pat" });
    expect((await relay.read(path)).relay).toMatchObject({ cache: "hit", backend: "cache", github_calls: 0 });
    expect((await relay.sibling().read(path)).relay.cache).toBe("hit");
    expect(relay.github.count(path)).toBe(1);
  });

  test("carries GitHub's own bytes as the envelope's last member", async () => {
    for (const source of ["miss", "hit", "edge"]) {
      const response = await (source === "edge" ? relay.sibling() : relay).request(path);
      const bytes = new Uint8Array(await response.arrayBuffer());
      const offset = Number(response.headers.get("x-octopool-body-offset"));
      expect(new TextDecoder().decode(bytes.subarray(offset, bytes.length - 1)), source).toBe(pull);
    }
  });

  test("tells its age and its end in UTC", async () => {
    await relay.read(path);
    advance(minute);
    const { relay: told } = await relay.read(path);
    expect(told.cache_created_at).toBe(new Date(startOfTime).toISOString());
    expect(told.cache_expires_at).toBe(new Date(startOfTime + 5 * minute).toISOString());
  });

  test("budget headers belong to the moment: a hit does not repeat them", async () => {
    expect((await relay.read(path)).headers).toHaveProperty("x-ratelimit-remaining");
    expect((await relay.read(path)).headers).toEqual({
      "content-type": "application/json; charset=utf-8",
      etag: '"v1"',
    });
  });
});

describe("one answer, many spellings", () => {
  test.each([
    ["default paging", { query: { per_page: "30", page: "1" } }],
    ["another case of the name", { path: "/repos/ACME/Widgets/pulls/7/comments" }],
    ["any JSON media type", { headers: { accept: "*/*" } }],
    ["the default API version", { headers: { "X-GitHub-Api-Version": "2022-11-28" } }],
    ["headers that do not count", { headers: { "user-agent": "me", authorization: "Bearer mine" } }],
  ])(
    "%s shares the entry",
    async (_what, {
      path: spelling = comments,
      ...options
    }: { path?: string; query?: Record<string, string>; headers?: Record<string, string> }) => {
      await relay.read(comments);
      expect((await relay.read(spelling, options)).relay.cache).toBe("hit");
      expect(new Set(relay.github.calls.map(({ token }) => token))).toEqual(new Set(["pat-one"]));
    },
  );

  test.each([
    ["another page", { query: { page: "2" } }],
    ["another media type", { headers: { accept: "application/vnd.github.full+json" } }],
    ["another API version", { headers: { "x-github-api-version": "2026-03-10" } }],
  ])("%s has its own", async (_what, options: { query?: Record<string, string>; headers?: Record<string, string> }) => {
    await relay.read(comments);
    expect((await relay.read(comments, options)).relay.cache).toBe("miss");
  });
});

test("max-stale: an entry of any age answers, where the wanted data cannot change", async () => {
  await relay.read(path);
  advance(55 * minute);
  const anyAge = { headers: { "cache-control": "max-stale" } };
  expect((await relay.read(path, anyAge)).relay.cache).toBe("hit");
  expect(relay.github.count(path)).toBe(1);
  expect((await relay.read(comments, anyAge)).relay.cache).toBe("miss");
});

describe("revalidation", () => {
  test("an expired entry is confirmed with its ETag, for free", async () => {
    await relay.read(path);
    advance(10 * minute);
    const again = await relay.read(path);
    expect(again.relay).toMatchObject({
      cache: "revalidated",
      cache_created_at: new Date(startOfTime + 10 * minute).toISOString(),
    });
    expect(again.status).toBe(200);
    expect(again.body).toMatchObject({ number: 7 });
    expect((await relay.read(path)).relay.cache).toBe("hit");
  });

  test("a changed answer replaces it", async () => {
    await relay.read(path);
    version = 2;
    advance(10 * minute);
    expect(await relay.read(path)).toMatchObject({ relay: { cache: "miss" }, headers: { etag: '"v2"' } });
  });

  test.each([
    ["a full last page", { per_page: "2" }, [{ id: 1 }, { id: 2 }], undefined, true],
    ["a page for the list's length", { per_page: "1", page: "1" }, [{ id: 1 }], '<x>; rel="next"', true],
    ["a page that is not full", { per_page: "3" }, [{ id: 1 }, { id: 2 }], undefined, false],
    ["a page with a next one", { per_page: "2" }, [{ id: 1 }, { id: 2 }], '<x>; rel="next"', false],
    ["the newest alone", { per_page: "1" }, [{ id: 1 }], '<x>; rel="next"', false],
  ])("%s is read in full where a 304 would not confirm its links", async (_which, query, items, link, inFull) => {
    const conditions: (string | null)[] = [];
    relay.github.on(comments, ({ headers }) => {
      conditions.push(headers.get("if-none-match"));
      const same = headers.has("if-none-match");
      return same
        ? new Response(null, { status: 304 })
        : json(items, { headers: { etag: '"c"', ...(link !== undefined && { link }) } });
    });
    await relay.read(comments, { query });
    await relay.read(comments, { query, headers: { "cache-control": "max-age=0" } });
    expect(conditions.map((condition) => condition === null)).toEqual([true, inFull]);
  });

  test("the length of a list is not taken from a page that was confirmed for its newest item", async () => {
    let length = 9;
    relay.github.on(comments, ({ headers }) =>
      headers.has("if-none-match")
        ? new Response(null, { status: 304 })
        : json([{ id: 1 }], { headers: { etag: '"c"', link: `<x?page=${length}>; rel="next"` } }),
    );
    await relay.read(comments, { query: { per_page: "1" } });
    length = 8;
    await relay.read(comments, { query: { per_page: "1" }, headers: { "cache-control": "max-age=0" } });
    const { headers } = await relay.read(comments, { query: { per_page: "1", page: "1" } });
    expect(headers).toHaveProperty("link", '<x?page=8>; rel="next"');
  });

  test("the Link header survives a 304, which carries none", async () => {
    const link = '<https://api.github.com/repositories/1/pulls/7/comments?page=2>; rel="next"';
    relay.github.on(comments, ({ headers }) =>
      headers.has("if-none-match") ? new Response(null, { status: 304 }) : json([], { headers: { etag: '"c"', link } }),
    );
    await relay.read(comments);
    advance(6 * minute);
    expect(await relay.read(comments)).toMatchObject({ relay: { cache: "revalidated" }, headers: { link } });
    expect((await relay.sibling().read(comments)).headers.link).toBe(link);
  });

  describe("by another identity", () => {
    const asked = () => relay.github.calls.filter(({ url }) => url.pathname === path).map(({ headers }) => headers);
    const body = pull;
    const hash = async (...parts: string[]) => {
      const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(parts.join("")));
      return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    };
    const serve = (etagOf: (accept: string, authorization: string) => Promise<string>) =>
      relay.github.on(path, async ({ headers }) => {
        const etag = await etagOf(headers.get("accept") ?? "", headers.get("authorization") ?? "");
        const same = headers.get("if-none-match") === etag;
        return same ? new Response(null, { status: 304 }) : json(body, { headers: { etag } });
      });
    const handOver = async () => {
      await relay.read(path);
      await relay.identity({ id: "pat_two", login: "bot-two", secret_ref: "PAT_TWO" });
      await relay.admin("/pools/maintainers/identities/pat_one", "DELETE");
      advance(10 * minute);
    };

    test("is free where GitHub makes its ETags as is thought: from the credential and the body", async () => {
      serve(async (accept, authorization) => `W/"${await hash(`${accept}:`, `${authorization}:`, body)}"`);
      await handOver();
      expect((await relay.read(path)).relay.cache).toBe("revalidated");
      expect(asked().at(-1)?.get("authorization")).toBe("Bearer pat-two");
    });

    test("loses nothing where GitHub makes them otherwise, and the rule is used no more", async () => {
      serve(async (accept, authorization) => `W/"${await hash(`${authorization} `, `${accept} `, body)}"`);
      await handOver();
      expect((await relay.read(path)).relay.cache).toBe("miss");
      expect(asked().at(-1)?.has("if-none-match")).toBe(false);
      advance(10 * minute);
      expect((await relay.read(path)).relay.cache).toBe("revalidated");
    });
  });

  test("is done with the identity that filled the entry, also when another has more left", async () => {
    await relay.read(path);
    await relay.identity({ id: "pat_two", login: "bot-two", secret_ref: "PAT_TWO", weight: 100 });
    advance(10 * minute);
    expect((await relay.read(path)).identity?.id).toBe("pat_one");
    expect(relay.github.calls.at(-1)).toMatchObject({ token: "pat-one" });
  });

  test("another identity's ETag is not sent", async () => {
    await relay.read(path);
    await relay.identity({ id: "pat_two", login: "bot-two", secret_ref: "PAT_TWO" });
    await relay.admin("/pools/maintainers/identities/pat_one", "PATCH", { disabled: true });
    advance(10 * minute);
    expect((await relay.read(path)).relay.cache).toBe("miss");
    expect(relay.github.calls.at(-1)?.headers.has("if-none-match")).toBe(false);
  });
});

describe("the caller's bound on age", () => {
  const within = (seconds: number) => ({ headers: { "cache-control": `max-age=${seconds}` } });

  test("an entry inside the bound answers; one outside is asked for again, and stored for all", async () => {
    await relay.read(path);
    advance(30_000);
    expect((await relay.read(path, within(30))).relay.cache).toBe("hit");
    expect((await relay.read(path, within(29))).relay.cache).toBe("revalidated");
    expect((await relay.read(path, within(1))).relay.cache).toBe("hit");
    expect((await relay.sibling().read(path, within(1))).relay.cache).toBe("hit");
  });

  test.each(["max-age=0", "no-cache", "max-age=soon"])("%s asks GitHub, conditionally, each time", async (bound) => {
    await relay.read(path);
    for (let times = 0; times < 2; times += 1) {
      expect((await relay.read(path, { headers: { "cache-control": bound } })).relay.cache).toBe("revalidated");
    }
    expect(relay.github.calls.at(-1)?.headers.has("cache-control")).toBe(false);
  });

  test("holds in an outage too: nothing older is given as an answer", async () => {
    await relay.read(path);
    relay.github.on(path, () => json({}, { status: 403, headers: { "retry-after": "600" } }));
    advance(10_000);
    expect(await relay.refusal(path, within(5))).toBe("424 fallback_local github_rate_limited");
    expect((await relay.read(path, within(60))).relay.cache).toBe("hit");
  });
});

describe("in an outage", () => {
  beforeEach(async () => {
    await relay.read(path);
    advance(6 * minute);
  });

  test.each([
    ["GitHub fails", () => json({ message: "oops" }, { status: 502 })],
    ["GitHub does not answer", () => Promise.reject(new Error("connection refused"))],
    ["the budget is gone", () => json({}, { status: 403, headers: { "x-ratelimit-remaining": "0" } })],
  ])("%s: the stale entry answers, and says so", async (_what, answer) => {
    relay.github.on(path, answer);
    expect((await relay.read(path)).relay).toMatchObject({ cache: "stale", stale_ok: true, backend: "cache" });
  });

  test("not beyond the stale window", async () => {
    advance(60 * minute);
    relay.github.on(path, () => Promise.reject(new Error("connection refused")));
    expect(await relay.refusal(path)).toBe("502 github_unreachable");
  });

  test("GitHub's own failure rides in the envelope when nothing is held, and is not stored", async () => {
    relay.github.on(comments, () => json({ message: "oops" }, { status: 502 }));
    expect(await relay.read(comments)).toMatchObject({ status: 502, relay: { cacheable: false } });
    relay.github.on(comments, () => json([]));
    expect(await relay.read(comments)).toMatchObject({ status: 200, relay: { cache: "miss" } });
  });
});

describe("stale while revalidating", () => {
  test("within a minute past its time an entry answers at once, and is renewed behind it", async () => {
    await relay.read(path);
    advance(5 * minute + 30_000);
    expect((await relay.read(path)).relay).toMatchObject({ cache: "stale", stale_ok: true });
    expect((await relay.read(path)).relay.cache).toBe("hit");
    expect(relay.github.count(path)).toBe(2);
  });

  test("not for kinds without it, nor for a caller who bounds the age", async () => {
    await relay.read(comments);
    await relay.read(path);
    advance(5 * minute + 30_000);
    expect((await relay.read(comments)).relay.cache).toBe("miss");
    expect((await relay.read(path, { headers: { "cache-control": "max-age=86400" } })).relay.cache).toBe("revalidated");
  });
});

describe("answers that are not kept", () => {
  test("404 for seconds only, and never revalidated", async () => {
    const validators = { etag: '"none"', "last-modified": "Sun, 01 Mar 2026 11:00:00 GMT" };
    relay.github.on(comments, () => json({ message: "Not Found" }, { status: 404, headers: validators }));
    expect((await relay.read(comments)).status).toBe(404);
    const held = await relay.sibling().read(comments);
    expect(held).toMatchObject({ status: 404, relay: { cache: "hit" } });
    expect(Object.keys(held.headers)).toEqual(["content-type"]);
    advance(5_000);
    await relay.read(comments);
    expect(relay.github.count(comments)).toBe(2);
    expect(relay.github.calls.at(-1)?.headers.has("if-none-match")).toBe(false);
  });

  test.each([202, 400, 410, 422, 500, 503])("status %i", async (status) => {
    const contributors = "/repos/acme/widgets/stats/contributors";
    relay.github.on(contributors, () => json({}, { status }));
    await relay.read(contributors);
    expect(await relay.read(contributors)).toMatchObject({ status, relay: { cache: "miss", cacheable: false } });
    expect(relay.github.count(contributors)).toBe(2);
  });

  test("the rate limit", async () => {
    relay.github.on("/rate_limit", () => json({ resources: {} }));
    for (let times = 0; times < 2; times += 1) expect((await relay.read("/rate_limit")).relay.cache).toBe("bypass");
    expect(relay.github.count("/rate_limit")).toBe(2);
  });

  test("an answer to the caller's own condition", async () => {
    await relay.read(path);
    const told = await relay.read(path, { headers: { "if-none-match": '"v1"' } });
    expect(told).toMatchObject({ status: 304, relay: { cache: "bypass", cacheable: false } });
    version = 2;
    expect(await relay.read(path, { headers: { "if-none-match": '"v1"' } })).toMatchObject({
      status: 200,
      relay: { cache: "bypass" },
    });
    expect((await relay.read(path)).headers.etag).toBe('"v1"');
  });
});

test("an entry's key names the version of its representation: an entry of an older relay is not read", async () => {
  const asked = ["maintainers", "pr_review_comments", comments, [], "application/vnd.github+json", "2022-11-28"];
  const keyOf = (version: number) => sha256Hex(JSON.stringify([version, ...asked]));
  await relay.read(comments);
  expect(await env.DB.prepare("select key from github_cache_entries").first("key")).toBe(
    await keyOf(representationVersion),
  );
  const older = await keyOf(representationVersion - 1);
  await env.DB.prepare("update github_cache_entries set key = ?").bind(older).run();
  expect((await relay.sibling().read(comments)).relay.cache).toBe("miss");
});

describe("layers", () => {
  test("a body over 256 KiB stays out of D1 and is answered from the edge", async () => {
    relay.github.on(comments, () => json([{ id: 1, body: "x".repeat(300_000) }], { headers: { etag: '"big"' } }));
    await relay.read(comments);
    expect(await env.DB.prepare("select body from github_cache_entries where bytes > 262144").first("body")).toBeNull();
    const again = await relay.sibling().read(comments);
    expect(again.relay.cache).toBe("hit");
    expect(JSON.stringify(again.body)).toHaveLength(300_020);
  });

  test("a row that makes no sense is a miss", async () => {
    await relay.read(comments);
    await env.DB.prepare("update github_cache_entries set headers = '['").run();
    advance(31_000);
    expect((await relay.sibling().read(comments)).relay.cache).toBe("miss");
  });

  test("a slow fill does not undo a newer one", async () => {
    await relay.read(comments);
    await env.DB.prepare("update github_cache_entries set created_at = created_at + 1000, body = '[\"newer\"]'").run();
    await relay.read(comments, { headers: { "cache-control": "max-age=0" } });
    expect(await env.DB.prepare("select body from github_cache_entries").first("body")).toBe('["newer"]');
    // This isolate gives its own answer for as long as it remembers that.
    advance(entryMemoryMs);
    expect((await relay.read(comments)).body).toEqual(["newer"]);
  });
});

test("nothing of a repository that does not exist is kept but the verdict", async () => {
  relay.github.on("/repos/acme/gone", notFound);
  await relay.refusal("/repos/acme/gone/pulls/1");
  expect(await env.DB.prepare("select count(*) as n from github_cache_entries").first("n")).toBe(0);
});
