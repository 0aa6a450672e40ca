/** Bytes arrive as they left GitHub, for any content. */
import { beforeEach, describe, expect, test } from "vitest";
import { budget } from "../support/github.ts";
import { TestRelay } from "../support/relay.ts";

const file = "/repos/acme/widgets/contents/file";
const raw = { headers: { accept: "application/vnd.github.raw" } };
let relay: TestRelay;

beforeEach(async () => {
  relay = await TestRelay.create();
  relay.github.public("acme/widgets");
});

function serve(bytes: Uint8Array, type: string): void {
  relay.github.on(file, () => new Response(bytes, { headers: { "content-type": type, ...budget() } }));
}

const utf8 = (text: string) => new TextEncoder().encode(text);

test.each([
  ["a byte-order mark", utf8("\ufeffhello")],
  ["CRLF and no newline at the end", utf8("a\r\nb")],
  ["NUL bytes", utf8("a\u0000b")],
  ["JSON, in a file", utf8('{"full_name":"a/b", "html_url":"x", "private":true}')],
  ["nothing", new Uint8Array()],
])("text with %s", async (_what, bytes) => {
  serve(bytes, "application/vnd.github.raw; charset=utf-8");
  for (const cache of ["miss", "hit"]) {
    const told = await relay.read(file, raw);
    expect(told).toMatchObject({ body_encoding: "text", relay: { cache } });
    expect(utf8(String(told.body))).toEqual(bytes);
  }
});

test.each([
  ["invalid UTF-8", new Uint8Array([0x61, 0xff, 0xfe, 0x00]), "text/plain"],
  ["a binary type", utf8("PK"), "application/zip"],
  ["an octet stream", utf8("ok"), "application/octet-stream"],
])("%s as base64", async (_what, bytes, type) => {
  serve(bytes, type);
  for (const isolate of [relay, relay, relay.sibling()]) {
    const told = await isolate.read(file, raw);
    expect(told.body_encoding).toBe("base64");
    expect(Uint8Array.from(atob(String(told.body)), (c) => c.charCodeAt(0))).toEqual(bytes);
  }
});

test("a body that claims to be JSON and is not is no answer", async () => {
  serve(utf8("<html>"), "application/json");
  expect(await relay.refusal(file)).toBe("502 github_unreachable");
});

describe("size", () => {
  test.each([
    ["declared", { "content-length": String(1024 * 1024 + 1) }],
    ["met while reading", {}],
  ])("more than 1 MiB, %s: the caller asks", async (_how, headers: Record<string, string>) => {
    const body = new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(65_536).fill(97));
      },
    });
    relay.github.on(file, () => new Response(body, { headers: { "content-type": "text/plain", ...headers } }));
    expect(await relay.refusal(file, raw)).toBe("424 fallback_local github_response_too_large");
  });
});

describe("job logs", () => {
  const logs = "/repos/acme/widgets/actions/jobs/9/logs";
  const store = "https://results.blob.core.windows.net/log?sig=abc";
  const redirect = (location: string) => () => new Response(null, { status: 302, headers: { location, ...budget() } });

  test("follow GitHub's signed link once, without a credential", async () => {
    relay.github
      .on(logs, redirect(store))
      .on("/log", () => new Response("line 1\r\n\u001b[31mred", { headers: { "content-type": "text/plain" } }));
    const told = await relay.read(logs);
    expect(told).toMatchObject({ status: 200, body: "line 1\r\n\u001b[31mred", body_encoding: "text" });
    expect(relay.github.calls.at(-1)).toMatchObject({ token: null });
    expect([...(relay.github.calls.at(-1)?.headers.keys() ?? [])]).toEqual(["user-agent"]);
  });

  test.each([
    "http://results.blob.core.windows.net/log",
    "https://evil.example/log",
    "https://blob.core.windows.net.evil.example/log",
    "https://evilblob.core.windows.net@evil.example/log",
    "https://user:pw@results.blob.core.windows.net/log",
    "https://results.blob.core.windows.net:8443/log",
    "http://127.0.0.1/log",
    "/relative",
  ])("not to %s", async (location) => {
    relay.github.on(logs, redirect(location)).on("/log", () => new Response("secret"));
    expect(await relay.refusal(logs)).toBe("502 github_redirect_denied");
    expect(relay.github.calls.at(-1)?.url.pathname).toBe(logs);
  });

  test("not a second time", async () => {
    relay.github.on(logs, redirect(store)).on("/log", redirect("https://x.blob.core.windows.net/again"));
    expect(await relay.refusal(logs)).toBe("502 github_redirect_denied");
  });

  test("up to their larger limit", async () => {
    const small = relay.sibling({ MAX_RESPONSE_BYTES: "1500000" });
    relay.github.on(logs, redirect(store)).on("/log", () => new Response("x".repeat(1_400_000)));
    expect(String((await small.read(logs)).body)).toHaveLength(1_400_000);
    relay.github.on("/log", () => new Response("x".repeat(1_500_001)));
    expect(await small.refusal(logs, { headers: { "cache-control": "max-age=0" } })).toBe(
      "424 fallback_local github_response_too_large",
    );
  });
});

test.each([302, 303])("another read's redirect (%i) is denied, and its target not asked", async (status) => {
  relay.github.on(file, () => new Response(null, { status, headers: { location: "https://evil.example/" } }));
  const refused = await relay.refusal(file);
  expect(refused).toBe(status === 302 ? "502 github_redirect_denied" : "424 fallback_local repo_moved");
  expect(relay.github.calls.at(-1)?.url.hostname).toBe("api.github.com");
});

describe("diffs and patches", () => {
  const diff = "diff --git a/x b/x\n";
  const asDiff = { headers: { accept: "application/vnd.github.v3.diff" } };
  const pull = "/repos/acme/widgets/pulls/7";

  test.each([
    [pull, "/acme/widgets/pull/7.diff"],
    ["/repos/acme/widgets/commits/0123456789abcdef", "/acme/widgets/commit/0123456789abcdef.diff"],
    ["/repos/acme/widgets/compare/main...topic", "/acme/widgets/compare/main...topic.diff"],
  ])("%s comes from the web host, without a credential, and proves the repository public", async (path, page) => {
    relay.github.on(page, () => new Response(diff));
    const told = await relay.read(path, asDiff);
    expect(told).toMatchObject({ body: diff, body_encoding: "text", identity: null, relay: { backend: "github_web" } });
    expect(relay.github.calls.map(({ url, token }) => [url.host, token])).toEqual([["github.com", null]]);
    expect((await relay.sibling().read(path, asDiff)).relay.cache).toBe("hit");
  });

  test("GitHub's patch host may be where the page leads", async () => {
    const location = "https://patch-diff.githubusercontent.com/raw/acme/widgets/pull/7.diff";
    relay.github
      .on("/acme/widgets/pull/7.diff", () => new Response(null, { status: 302, headers: { location } }))
      .on("/raw/acme/widgets/pull/7.diff", () => new Response(diff));
    expect(await relay.read(pull, asDiff)).toMatchObject({ body: diff, relay: { github_calls: 2 } });
    expect(relay.github.calls.map(({ token }) => token)).toEqual([null, null]);
  });

  test("no other place is: the API answers instead", async () => {
    const location = "https://patch-diff.githubusercontent.com.example.org/7.diff";
    relay.github
      .on("/acme/widgets/pull/7.diff", () => new Response(null, { status: 302, headers: { location } }))
      .on(pull, () => new Response(diff, { headers: { "content-type": "text/plain" } }));
    expect((await relay.read(pull, asDiff)).identity).toMatchObject({ id: "pat_one" });
    expect(relay.github.calls.some(({ url }) => url.host.endsWith("example.org"))).toBe(false);
  });

  test("a file that the web host does not give is read through the API", async () => {
    relay.github.on(
      pull,
      ({ headers }) =>
        new Response(`diff --git ${headers.get("accept")}`, { headers: { "content-type": "text/plain" } }),
    );
    const told = await relay.read(pull, asDiff);
    expect(told).toMatchObject({ body: "diff --git application/vnd.github.v3.diff", identity: { id: "pat_one" } });
  });
});
