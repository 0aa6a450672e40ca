import { describe, expect, test } from "vitest";
import { acme, appKey, field, github, pluck, startMs } from "./helpers.ts";

const startSeconds = startMs / 1000;

describe("a private repository", () => {
  test("is there for its members alone", async () => {
    const hub = await github(acme);
    const status = async (token?: string) => (await hub.get("/repos/acme/secret", token)).status;
    expect([await status("token-ada"), await status("token-cai"), await status("token-olu"), await status()]).toEqual([
      200, 200, 404, 404,
    ]);
  });

  test("is hidden from a token without the repo scope, and from lists", async () => {
    const hub = await github(acme);
    expect((await hub.get("/repos/acme/secret", "token-public-only")).status).toBe(404);
    expect(pluck((await hub.get("/orgs/acme/repos")).json, "name")).toEqual(["widget"]);
    expect(pluck((await hub.get("/orgs/acme/repos", "token-ada")).json, "name").sort()).toEqual(["secret", "widget"]);
  });
});

describe("fields that depend on the viewer", () => {
  test("permissions and merge settings", async () => {
    const hub = await github(acme);
    const view = async (token?: string) => (await hub.get("/repos/acme/widget", token)).json;
    expect(await view()).not.toHaveProperty("permissions");
    expect(await view("token-olu")).toMatchObject({ permissions: { admin: false, push: false, pull: true } });
    expect(await view("token-olu")).not.toHaveProperty("allow_squash_merge");
    expect(await view("token-ada")).toMatchObject({
      permissions: { admin: true, push: true },
      allow_squash_merge: true,
    });
  });

  test("drafts of releases are for users with write access", async () => {
    const hub = await github(acme);
    const tags = async (token?: string) =>
      pluck((await hub.get("/repos/acme/widget/releases", token)).json, "tag_name");
    expect(await tags("token-ada")).toContain("v2");
    expect(await tags("token-olu")).toEqual(["v1"]);
    expect(await tags()).toEqual(["v1"]);
  });

  test("a pending review is its author's", async () => {
    const hub = await github(acme);
    const states = async (token?: string) =>
      pluck((await hub.get("/repos/acme/widget/pulls/40/reviews", token)).json, "state");
    expect(await states("token-cai")).toEqual(["PENDING", "APPROVED"]);
    expect(await states("token-ada")).toEqual(["APPROVED"]);
  });

  test("organization membership, and only with a scope for it", async () => {
    const hub = await github(acme);
    expect((await hub.get("/user/memberships/orgs/acme", "token-ada")).json).toMatchObject({
      state: "active",
      role: "admin",
    });
    expect((await hub.get("/user/memberships/orgs/acme", "token-olu")).status).toBe(404);
    expect((await hub.get("/user/memberships/orgs/acme", "token-public-only")).status).toBe(403);
    expect(pluck((await hub.get("/orgs/acme/members", "token-ada")).json, "login").sort()).toEqual(["ada", "cai"]);
  });
});

test("an unknown token is 401, an App's token on a user route too", async () => {
  const hub = await github(acme);
  const answer = await hub.get("/user", "nonsense");
  expect([answer.status, field(answer.json, "message")]).toEqual([401, "Bad credentials"]);
  expect((await hub.get("/user")).status).toBe(401);
});

describe("an App", () => {
  const world = {
    ...acme,
    apps: [{ slug: "relay", id: 7, installations: [{ id: 70, account: "acme", limits: { core: 9000 } }] }],
  };

  test("gets an installation token for a signed JSON web token, and reads with it", async () => {
    const key = appKey();
    const hub = await github(world, { appKeys: { relay: key.publicKey } });
    const issued = await hub.send("POST", "/app/installations/70/access_tokens", {}, key.jwt(7, startSeconds));
    expect(issued.status).toBe(201);
    expect(issued.json).toMatchObject({ expires_at: "2026-06-01T13:00:00Z", repository_selection: "all" });
    const token = String(field(issued.json, "token"));
    const secret = await hub.get("/repos/acme/secret", token);
    expect([secret.status, secret.headers.get("x-ratelimit-limit")]).toEqual([200, "9000"]);
    hub.clock.now += 3_601_000;
    expect((await hub.get("/repos/acme/secret", token)).status).toBe(401);
  });

  test("is refused with another's key, an expired or a too long token", async () => {
    const key = appKey();
    const hub = await github(world, { appKeys: { relay: key.publicKey } });
    const ask = async (jwt: string) => (await hub.get("/app", jwt)).status;
    expect(await ask(key.jwt(7, startSeconds))).toBe(200);
    expect(await ask(appKey().jwt(7, startSeconds))).toBe(401);
    expect(await ask(key.jwt(7, startSeconds - 3600))).toBe(401);
    expect(await ask(key.jwt(7, startSeconds, 3600))).toBe(401);
    expect(await ask(key.jwt(8, startSeconds))).toBe(401);
  });

  test("may limit a token to some repositories", async () => {
    const key = appKey();
    const hub = await github(world, { appKeys: { relay: key.publicKey } });
    const issued = await hub.send(
      "POST",
      "/app/installations/70/access_tokens",
      { repositories: ["widget"] },
      key.jwt(7, startSeconds),
    );
    const token = String(field(issued.json, "token"));
    expect((await hub.get("/repos/acme/secret", token)).status).toBe(404);
    expect((await hub.get("/installation/repositories", token)).json).toMatchObject({ total_count: 1 });
  });
});

test("OAuth: a code is good once, with the right secret, and gives a token with the asked scopes", async () => {
  const hub = await github({
    ...acme,
    oauth_apps: [{ client_id: "client", client_secret: "not-a-secret", login: "ada" }],
  });
  const asked = await hub.get(
    "/login/oauth/authorize?client_id=client&redirect_uri=https%3A%2F%2Frelay.example%2Fback&scope=read:org&state=s1",
  );
  const back = new URL(asked.headers.get("location") ?? "");
  expect(back.searchParams.get("state")).toBe("s1");
  const exchange = async (client_secret: string) => {
    const body = new URLSearchParams({ client_id: "client", client_secret, code: back.searchParams.get("code") ?? "" });
    const response = await fetch(`${hub.url}/login/oauth/access_token`, {
      method: "POST",
      headers: { accept: "application/json" },
      body,
    });
    return response.json();
  };
  expect(await exchange("wrong")).toMatchObject({ error: "incorrect_client_credentials" });
  const token = String(field(await exchange("not-a-secret"), "access_token"));
  expect(await exchange("not-a-secret")).toMatchObject({ error: "bad_verification_code" });
  const user = await hub.get("/user", token);
  expect([field(user.json, "login"), user.headers.get("x-oauth-scopes")]).toEqual(["ada", "read:org"]);
});
