import { describe, expect, test } from "vitest";
import { forward } from "../../../relay-worker/web/proxy.ts";
import { TestRelay } from "../support/relay.ts";

const secret = { OCTOPOOL_PROXY_SECRET: "between-us" };
const asserted = (host: string, by = "between-us") => ({ "x-octopool-app-host": host, "x-octopool-proxy-secret": by });

describe("the relay", () => {
  test("answers for the host that its proxy asserts", async () => {
    const relay = await TestRelay.create(secret);
    const { body } = await relay.ask("/.well-known/octopool", { headers: asserted("pool.example.org") });
    expect(body).toMatchObject({ api_base: "https://pool.example.org", app_base: "https://pool.example.org" });
  });

  test.each<[string, Record<string, string>]>([
    ["a wrong secret", asserted("pool.example.org", "guessed")],
    ["no secret", { "x-octopool-app-host": "pool.example.org" }],
    ["a host that is none", asserted("pool.example.org/path")],
    ["an address without a host", { "x-octopool-client-address": "1.2.3.4" }],
  ])("refuses %s", async (_name, headers) => {
    const relay = await TestRelay.create(secret);
    const { status, body } = await relay.ask("/.well-known/octopool", { headers });
    expect([status, body]).toMatchObject([403, { error: { code: "proxy_denied" } }]);
  });

  test("refuses every assertion while it has no proxy secret, an empty one included", async () => {
    const relay = await TestRelay.create({ OCTOPOOL_PROXY_SECRET: "" });
    expect((await relay.fetch("/", { headers: asserted("pool.example.org", "") })).status).toBe(403);
  });
});

describe("the proxy", () => {
  const settings = { ...secret, OCTOPOOL_RELAY_ORIGIN: "https://relay.test/" };
  const sent = async (request: Request) => {
    let seen: Request | undefined;
    await forward(request, settings, async (input, init) => {
      seen = new Request(input, init);
      return new Response("ok");
    });
    return seen;
  };

  test("passes method, path, query, body and the caller's headers on", async () => {
    const headers = { authorization: "Bearer op_x", cookie: "octopool_session=s", "content-type": "application/json" };
    const seen = await sent(new Request("https://pool.example.org/v1/a?b=c", { method: "POST", body: "{}", headers }));
    expect([seen?.method, seen?.url, await seen?.text()]).toEqual(["POST", "https://relay.test/v1/a?b=c", "{}"]);
    expect(Object.fromEntries(seen?.headers ?? [])).toMatchObject({
      ...headers,
      "x-octopool-app-host": "pool.example.org",
    });
  });

  test("lets no other sender act as the proxy, nor choose an address", async () => {
    const headers = {
      "x-octopool-app-host": "evil.test",
      "x-octopool-proxy-secret": "guess",
      "x-octopool-client-address": "9.9.9.9",
      "x-forwarded-for": "9.9.9.9",
      "cf-connecting-ip": "1.2.3.4",
    };
    const seen = await sent(new Request("https://pool.example.org/", { headers }));
    expect(seen?.headers.get("x-octopool-app-host")).toBe("pool.example.org");
    expect(seen?.headers.get("x-octopool-proxy-secret")).toBe("between-us");
    expect(seen?.headers.get("x-octopool-client-address")).toBe("1.2.3.4");
    expect(seen?.headers.get("x-forwarded-for")).toBeNull();
  });

  test("asks for no coding that its sender did not name", async () => {
    const coding = async (headers: Record<string, string>) =>
      (await sent(new Request("https://pool.example.org/", { headers })))?.headers.get("accept-encoding");
    expect([await coding({}), await coding({ "accept-encoding": "gzip" })]).toEqual(["identity", "gzip"]);
  });

  test.each(["http://relay.test", "https://relay.test/path", "relay.test"])(
    "sends nothing, its secret least of all, to %s",
    async (origin) => {
      let calls = 0;
      const answer = await forward(
        new Request("https://pool.example.org/"),
        { ...settings, OCTOPOOL_RELAY_ORIGIN: origin },
        async () => {
          calls += 1;
          return new Response("ok");
        },
      );
      expect([answer.status, calls]).toEqual([503, 0]);
    },
  );

  test("ends a loop: a request with its own secret comes from itself", async () => {
    const request = new Request("https://pool.example.org/", { headers: asserted("pool.example.org") });
    const answer = await forward(request, settings, () => Promise.reject(new Error("not to be sent")));
    expect([answer.status, await answer.json()]).toMatchObject([508, { error: { code: "proxy_loop" } }]);
  });

  test("leads plain http to https without forwarding it", async () => {
    expect(await sent(new Request("http://pool.example.org/"))).toBeUndefined();
  });

  test("answers 502 when the relay does not, and 503 when it is not set up", async () => {
    const request = new Request("https://pool.example.org/");
    const broken = await forward(request, settings, () => Promise.reject(new Error("down")));
    expect([broken.status, await broken.json()]).toMatchObject([502, { error: { code: "relay_unreachable" } }]);
    expect((await forward(request, { OCTOPOOL_RELAY_ORIGIN: "" })).status).toBe(503);
  });
});
