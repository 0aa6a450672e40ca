import { describe, expect, test } from "vitest";
import { acme, field, github } from "./helpers.ts";

const left = (answer: { headers: Headers }) => Number(answer.headers.get("x-ratelimit-remaining"));

describe("a budget", () => {
  test("is one for a user over all their tokens", async () => {
    const hub = await github(acme);
    expect(left(await hub.get("/repos/acme/widget", "token-ada"))).toBe(4999);
    expect(left(await hub.get("/repos/acme/widget", "token-ada-2"))).toBe(4998);
    expect(left(await hub.get("/repos/acme/widget", "token-olu"))).toBe(4999);
  });

  test("without credentials is the address's, sixty an hour", async () => {
    const hub = await github(acme);
    const answer = await hub.get("/repos/acme/widget");
    expect([answer.headers.get("x-ratelimit-limit"), left(answer)]).toEqual(["60", 59]);
  });

  test("of search is apart, a minute long", async () => {
    const hub = await github(acme);
    const answer = await hub.get("/search/issues?q=Open", "token-ada");
    expect([answer.headers.get("x-ratelimit-resource"), left(answer)]).toEqual(["search", 29]);
    expect(left(await hub.get("/repos/acme/widget", "token-ada"))).toBe(4999);
    hub.clock.now += 61_000;
    expect(left(await hub.get("/search/issues?q=Open", "token-ada"))).toBe(29);
  });

  test("that is used up gives 403 until it is reset", async () => {
    const hub = await github({ ...acme, limits: { anonymous: { core: 2 } } });
    await hub.get("/repos/acme/widget");
    await hub.get("/repos/acme/widget");
    const refused = await hub.get("/repos/acme/widget");
    expect([refused.status, left(refused)]).toEqual([403, 0]);
    expect(field(refused.json, "message")).toMatch(/^API rate limit exceeded for /);
    hub.clock.now = Number(refused.headers.get("x-ratelimit-reset")) * 1000 + 1;
    expect((await hub.get("/repos/acme/widget")).status).toBe(200);
  });

  test("is told by /rate_limit without being spent", async () => {
    const hub = await github(acme);
    await hub.get("/repos/acme/widget", "token-ada");
    await hub.get("/rate_limit", "token-ada");
    expect((await hub.get("/rate_limit", "token-ada")).json).toMatchObject({
      rate: { limit: 5000, used: 1, remaining: 4999 },
    });
  });
});

describe("an ETag", () => {
  test("differs for each token and each Accept header, and stays the same for the same", async () => {
    const hub = await github(acme);
    const tag = async (token: string, accept = "application/json") =>
      (await hub.get("/repos/acme/widget/pulls/40", token, { accept })).headers.get("etag");
    const mine = await tag("token-ada");
    expect(mine).toMatch(/^W\/"[0-9a-f]{64}"$/);
    expect(await tag("token-ada")).toBe(mine);
    expect(await tag("token-ada-2")).not.toBe(mine);
    expect(await tag("token-ada", "application/vnd.github+json")).not.toBe(mine);
  });

  test("makes an unchanged answer free with credentials, not without", async () => {
    const hub = await github(acme);
    for (const [token, cost] of [
      ["token-ada", 0],
      [undefined, 1],
    ] as const) {
      const first = await hub.get("/repos/acme/widget/pulls/40", token);
      const second = await hub.get("/repos/acme/widget/pulls/40", token, {
        "if-none-match": first.headers.get("etag") ?? "",
      });
      expect([second.status, second.text]).toEqual([304, ""]);
      expect(left(first) - left(second), String(token)).toBe(cost);
    }
  });

  test("changes with the content; Last-Modified follows updated_at", async () => {
    const hub = await github(acme);
    const first = await hub.get("/repos/acme/widget/issues/2", "token-ada");
    await hub.send("PATCH", "/repos/acme/widget/issues/2", { title: "Changed" }, "token-ada");
    const second = await hub.get("/repos/acme/widget/issues/2", "token-ada", {
      "if-none-match": first.headers.get("etag") ?? "",
    });
    expect([second.status, field(second.json, "title")]).toEqual([200, "Changed"]);
    expect(second.headers.get("last-modified")).toBe("Mon, 01 Jun 2026 12:00:00 GMT");
    const since = await hub.get("/repos/acme/widget/issues/2", "token-ada", {
      "if-modified-since": second.headers.get("last-modified") ?? "",
    });
    expect(since.status).toBe(304);
  });
});

test("the points of a minute are limited where asked for; 304s count", async () => {
  const hub = await github(acme, { pointsPerMinute: 3 });
  const first = await hub.get("/repos/acme/widget", "token-ada");
  const again = { "if-none-match": first.headers.get("etag") ?? "" };
  await hub.get("/repos/acme/widget", "token-ada", again);
  await hub.get("/repos/acme/widget", "token-ada", again);
  const refused = await hub.get("/repos/acme/widget", "token-ada", again);
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([403, "60"]);
  expect(field(refused.json, "message")).toContain("secondary rate limit");
});

test("a user may have a hundred requests at once, over all tokens; others are not affected", async () => {
  const hub = await github(acme);
  const held = hub.control.hold({ path: "/repos/acme/widget" });
  const waiting = Array.from({ length: 100 }, () => hub.get("/repos/acme/widget", "token-ada"));
  await held.arrived(100);
  const refused = await hub.get("/repos/acme/widget/labels", "token-ada-2");
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([403, "60"]);
  expect((await hub.get("/repos/acme/widget/labels", "token-olu")).status).toBe(200);
  held.release();
  expect(new Set((await Promise.all(waiting)).map((answer) => answer.status))).toEqual(new Set([200]));
  expect((await hub.get("/repos/acme/widget/labels", "token-ada-2")).status).toBe(200);
});
