/** Every kind of bad input, with its exact status and code. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TestRelay } from "../../support/relay.ts";

let relay: TestRelay;
const good = "/repos/acme/widgets/pulls/7";

beforeEach(async () => {
  relay = await TestRelay.create();
});

async function post(body: string, headers: Record<string, string> = {}): Promise<string> {
  const sent = { authorization: `Bearer ${relay.token}`, "content-type": "application/json", ...headers };
  const answer = await relay.ask("/v1/github/request", { method: "POST", headers: sent, body });
  const { error } = answer.body as { error: { code: string } };
  return `${answer.status} ${error.code}`;
}

describe("the request's body", () => {
  test.each([
    ["no pool", { method: "GET", path: good }],
    ["an empty pool", { pool: "", method: "GET", path: good }],
    ["no method", { pool: "maintainers", path: good }],
    ["no path", { pool: "maintainers", method: "GET" }],
    ["a number as path", { pool: "maintainers", method: "GET", path: 7 }],
    ["a number as query value", { pool: "maintainers", method: "GET", path: good, query: { page: 1 } }],
    ["a list as body", []],
    ["null as body", null],
  ])("%s is an invalid_request", async (_what, body) => {
    expect(await post(JSON.stringify(body))).toBe("400 invalid_request");
  });

  test("a body that is not JSON is invalid_json", async () => {
    expect(await post("{pool")).toBe("400 invalid_json");
    expect(await post("")).toBe("400 invalid_json");
  });

  test("another media type is unsupported", async () => {
    expect(await post("{}", { "content-type": "text/plain" })).toBe("415 unsupported_media_type");
    expect(await post("{}", { "content-type": "" })).toBe("415 unsupported_media_type");
  });

  test("a charset beside the media type is fine", async () => {
    expect(await post("{}", { "content-type": "Application/JSON; charset=utf-8" })).toBe("400 invalid_request");
  });

  test("more than 1 MiB is refused while it is read", async () => {
    expect(await post(JSON.stringify({ pool: "x".repeat(1024 * 1024) }))).toBe("413 payload_too_large");
  });
});

describe("the path", () => {
  test.each([
    "repos/acme/widgets",
    "https://api.github.com/repos/acme/widgets",
    "/repos/acme/widgets/contents/http://elsewhere",
    "/repos/acme\\widgets",
    "/repos/acme/widgets?page=2",
    "/repos/acme/widgets#top",
    "/repos/acme/../user",
    "/repos/acme/./widgets",
    "/repos/acme/widgets/contents/%2e%2e/secret",
    "/repos/acme/widgets/contents/a%2Eb",
    "/repos/acme/widgets/contents/a%5cb",
    "/repos/acme/widgets/contents/a\u0000b",
    "/repos/acme/widgets/contents/a\nb",
    "/repos/acme/widgets/contents/a%0ab",
    "/repos/acme/widgets/contents/a%7Fb",
  ])("%j is an invalid_path", async (path) => {
    expect(await relay.refusal(path)).toBe("400 invalid_path");
  });
});

describe("the query", () => {
  test.each([
    "token",
    "access_token",
    "client_secret",
    "PASSWORD",
    "passwd",
    "api_key",
    "apikey",
    "x-api-key",
    "access_key",
    "private-key",
  ])("the key %s looks as if it carried a secret", async (key) => {
    expect(await relay.refusal(good, { query: { [key]: "hunter2" } })).toBe("400 invalid_query");
  });

  test("the refusal does not repeat the value", async () => {
    const response = await relay.request(good, { query: { token: "hunter2" } });
    expect(await response.text()).not.toContain("hunter2");
  });
});

test.each(["POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])("the method %s is denied", async (method) => {
  expect(await relay.refusal(good, { method })).toBe("403 method_denied");
});

describe("reads that are not relayed", () => {
  afterEach(() => {
    expect(relay.github.calls, "GitHub was asked").toEqual([]);
  });

  test.each([
    "/repos/acme/widgets/actions/secrets",
    "/user/repos",
    "/notifications",
    "/repos/acme/widgets/compare/a...other:b",
  ])("%s: no known kind", async (path) => {
    expect(await relay.refusal(path)).toBe("424 fallback_local route_denied");
  });

  test.each([
    "/repos/acme/widgets/branches/main/protection",
    "/repos/acme/widgets/branches/main/protection/restrictions/teams",
    "/repos/acme/widgets/rulesets",
    "/repos/acme/widgets/rulesets/1",
    "/repos/acme/widgets/rules/branches/main",
  ])("%s needs the caller's own credentials", async (path) => {
    expect(await relay.refusal(path)).toBe("424 fallback_local local_credentials_required");
  });

  test("a diff of an object without one", async () => {
    const headers = { accept: "application/vnd.github.diff" };
    expect(await relay.refusal("/repos/acme/widgets/issues/1", { headers })).toBe("424 fallback_local route_denied");
  });
});

test.each([
  ["a line break", { accept: "application/json\r\nx-injected: 1" }],
  ["a NUL", { "if-none-match": '"a\u0000"' }],
  ["letters beyond ASCII", { "x-github-api-version": "→" }],
])("a header with %s is an invalid_request", async (_what, headers) => {
  expect(await relay.refusal(good, { headers })).toBe("400 invalid_request");
  expect(relay.github.calls).toEqual([]);
});

describe("the caller", () => {
  test("without a token: missing_auth", async () => {
    for (const authorization of ["", "Basic abc", "Bearer ", relay.token]) {
      expect(await post(JSON.stringify({}), { authorization })).toBe("401 missing_auth");
    }
  });

  test("with an unknown token: invalid_auth, under any fault of the read", async () => {
    const token = `op_${"a".repeat(43)}`;
    expect(await relay.refusal(good, { token })).toBe("401 invalid_auth");
    expect(await relay.refusal("/../etc", { token })).toBe("401 invalid_auth");
    expect(await relay.refusal("/user", { token })).toBe("401 invalid_auth");
  });

  test("in a pool that was not granted: invalid_auth", async () => {
    expect(await relay.refusal(good, { pool: "others" })).toBe("401 invalid_auth");
  });
});
