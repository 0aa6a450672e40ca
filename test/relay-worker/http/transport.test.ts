import { beforeEach, describe, expect, test } from "vitest";
import { TestRelay } from "../support/relay.ts";

let relay: TestRelay;
const requestId = /^[0-9a-f-]{36}$/;

beforeEach(async () => {
  relay = await TestRelay.create({ OCTOPOOL_ADMIN_TOKEN: "admin-secret" });
});

describe("transport", () => {
  test("plain http leads to https, path and query kept", async () => {
    const response = await relay.fetch("http://relay.test/v1/pools/a/stats?since=1h");
    expect(response.status).toBe(308);
    expect(response.headers.get("location")).toBe("https://relay.test/v1/pools/a/stats?since=1h");
  });

  test.each(["localhost", "127.0.0.1", "[::1]"])("http on %s stays", async (host) => {
    const response = await relay.fetch(`http://${host}:8787/.well-known/octopool`);
    expect(response.status).toBe(200);
    expect(response.headers.has("strict-transport-security")).toBe(false);
  });

  test("https says so for a year, on errors too", async () => {
    for (const path of ["/", "/nowhere", "/v1/pools/maintainers/health"]) {
      expect((await relay.fetch(path)).headers.get("strict-transport-security")).toContain("max-age=31536000");
    }
  });
});

describe("a relay for its own machine", () => {
  beforeEach(() => {
    relay = relay.sibling({ OCTOPOOL_LOOPBACK_ONLY: "1" });
  });

  test.each(["http", "https"])("answers at no other host name, over %s neither", async (scheme) => {
    for (const host of ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "192.168.1.7"]) {
      const answer = await relay.ask(`${scheme}://${host}:8787/.well-known/octopool`);
      expect(answer).toMatchObject({ status: 403, body: { error: { code: "proxy_denied" } } });
    }
    expect((await relay.fetch(`${scheme}://localhost:8787/.well-known/octopool`)).status).toBe(200);
  });

  test("counts attempts together, for any address that a header claims", async () => {
    const guess = (address: string) =>
      relay.ask("http://127.0.0.1:8787/v1/admin/pools", {
        headers: { authorization: "Bearer wrong", "cf-connecting-ip": address },
      });
    for (let times = 0; times < 20; times += 1) expect((await guess(`192.0.2.${times}`)).status).toBe(401);
    expect((await guess("192.0.2.99")).status).toBe(429);
  });
});

describe("errors", () => {
  test("have one shape, and a fresh request id each", async () => {
    const [one, two] = [await relay.ask("/nowhere"), await relay.ask("/nowhere")];
    expect(one).toMatchObject({
      status: 404,
      body: { error: { code: "not_found", request_id: expect.stringMatching(requestId) } },
    });
    expect(one.body).not.toEqual(two.body);
    expect(one.headers.get("cache-control")).toBe("no-store");
  });

  test("an unexpected exception keeps its message to itself", async () => {
    const DB = {
      prepare: () => {
        throw new Error("something about somebody");
      },
    };
    const { status, body } = await relay.sibling({ DB }).ask("/v1/pools/maintainers/health", {
      headers: { authorization: `Bearer ${relay.token}` },
    });
    expect(status).toBe(500);
    expect(body).toMatchObject({ error: { code: "internal_error", message: "The relay failed unexpectedly." } });
  });

  test("a database in trouble is an overload", async () => {
    const DB = {
      prepare: () => {
        throw new Error("D1_ERROR: D1 DB is overloaded. Requests queued for too long.");
      },
    };
    const { status, body } = await relay.sibling({ DB }).ask("/v1/pools/maintainers/health", {
      headers: { authorization: `Bearer ${relay.token}` },
    });
    expect(status).toBe(503);
    expect(body).toMatchObject({ error: { code: "relay_overloaded" } });
  });
});

describe("pages that need no credential", () => {
  test("discovery", async () => {
    const { status, headers, body } = await relay.ask("/.well-known/octopool");
    expect(status).toBe(200);
    expect(headers.get("cache-control")).toBe("public, max-age=300");
    expect(body).toEqual({
      service: "octopool",
      version: 1,
      api_base: "https://relay.test",
      app_base: "https://relay.test",
      default_pool: "maintainers",
      allowed_org: "acme",
      auth: { cli_github_token: true, web_login: false },
      min_cli_version: "0.1.0",
    });
  });

  test("the landing page, and the same for programs", async () => {
    const page = await relay.fetch("/", { headers: { accept: "text/html" } });
    expect(page.headers.get("content-type")).toContain("text/html");
    expect(await page.text()).toContain("octopool login");
    const { body } = await relay.ask("/", { headers: { accept: "application/json" } });
    expect(body).toMatchObject({ ok: true, service: "octopool" });
  });
});
