import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { networkOf } from "../../../relay-worker/auth/attempts.ts";
import { rememberedCallers } from "../../../relay-worker/auth/remembered.ts";
import { callerListSchema } from "../../../shared/admin.ts";
import { loginResponseSchema } from "../../../shared/discovery.ts";
import { json } from "../support/github.ts";
import { advance, TestRelay, type WorkerAnswer } from "../support/relay.ts";

const path = "/repos/acme/widgets/pulls/7";
const day = 86_400_000;
let relay: TestRelay;

beforeEach(async () => {
  relay = await TestRelay.create();
  relay.github.public("acme/widgets").on(path, () => json({ number: 7, state: "open" }));
  relay.github.on("/user", ({ token }) =>
    token === "gho_octo"
      ? json({ id: 583231, login: "octocat" })
      : json({ message: "Bad credentials" }, { status: 401 }),
  );
  relay.github.on("/user/orgs", () => json([{ login: "Acme" }]));
});

const login = (
  body: unknown = { github_token: "gho_octo", client_name: "laptop" },
  headers: Record<string, string> = {},
) =>
  relay.ask("/v1/login/github-cli", {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
const codeOf = ({ status, body }: WorkerAnswer) => `${status} ${(body as { error?: { code: string } }).error?.code}`;
const tokenOf = async (name: string) =>
  loginResponseSchema.parse((await login({ github_token: "gho_octo", client_name: name })).body).token;

describe("login", () => {
  test("exchanges a member's GitHub token for a caller token, shown once and stored as a hash", async () => {
    const { status, body } = await login();
    expect(status).toBe(201);
    const { caller, token } = loginResponseSchema.parse(body);
    expect(caller).toEqual({
      id: expect.any(String),
      name: "octocat",
      github_login: "octocat",
      org_login: "acme",
      pool: "maintainers",
      client_name: "laptop",
    });
    expect((await relay.read(path, { token })).status).toBe(200);
    const tables = ["callers", "caller_tokens", "caller_pools", "audit_events", "login_attempts"];
    const everything = await Promise.all(tables.map((table) => env.DB.prepare(`select * from ${table}`).all()));
    expect(JSON.stringify(everything)).not.toMatch(/gho_octo|op_/);
  });

  test.each([[{}], [{ github_token: "" }], [{ github_token: 1 }], [[]], [{ github_token: "x", client_name: "" }]])(
    "%j is an invalid_request",
    async (body) => {
      expect(codeOf(await login(body))).toBe("400 invalid_request");
    },
  );

  test("a token that GitHub does not know", async () => {
    expect(codeOf(await login({ github_token: "gho_bad" }))).toBe("401 github_auth_failed");
  });

  test("a user outside the organisation", async () => {
    relay.github.on("/user/orgs", () => json([{ login: "others" }]));
    expect(codeOf(await login())).toBe("403 org_member_denied");
  });

  test("no account may, when no organisation is set", async () => {
    relay = relay.sibling({ ALLOWED_GITHUB_ORG: "" });
    expect(codeOf(await login())).toBe("403 org_member_denied");
  });

  test("the organisation may stand on a later page", async () => {
    relay.github.on("/user/orgs", ({ url }) => {
      if (url.searchParams.get("page") === "3") return json([{ login: "acme" }]);
      return json([{ login: "other" }], { headers: { link: '<https://api.github.com/user/orgs?page=9>; rel="next"' } });
    });
    expect((await login()).status).toBe(201);
  });

  test.each([
    ["fails", () => json({}, { status: 500 })],
    ["is limited", () => json({}, { status: 429 })],
    ["makes no sense", () => json({ orgs: [] })],
  ])("a page that %s proves nothing", async (_what, answer) => {
    relay.github.on("/user/orgs", answer);
    expect(codeOf(await login())).toBe("502 org_verification_failed");
  });

  test("a pool that was not granted", async () => {
    expect(codeOf(await login({ github_token: "gho_octo", pool: "secret" }))).toBe("403 pool_denied");
    await relay.caller("octocat", { pool: "secret" });
    expect((await login({ github_token: "gho_octo", client_name: "laptop", pool: "secret" })).status).toBe(201);
  });

  test("people are their ids: a renamed account stays itself, a recycled login is another person", async () => {
    const first = loginResponseSchema.parse((await login()).body).caller;
    relay.github.on("/user", () => json({ id: 583231, login: "octocat-renamed" }));
    expect(loginResponseSchema.parse((await login()).body).caller).toMatchObject({
      id: first.id,
      github_login: "octocat-renamed",
    });
    relay.github.on("/user", () => json({ id: 999, login: "octocat-renamed" }));
    expect(codeOf(await login())).toBe("403 github_identity_mismatch");
  });

  describe("a login that another account had here", () => {
    const recycled = () => relay.github.on("/user", () => json({ id: 999, login: "octocat" }));

    test("is told the remedy", async () => {
      await login();
      recycled();
      const refused = await login();
      expect(codeOf(refused)).toBe("403 github_identity_mismatch");
      expect(JSON.stringify(refused.body)).toContain("octopool admin caller forget octocat");
    });

    test("is free once the old caller is forgotten", async () => {
      const old = loginResponseSchema.parse((await login()).body);
      recycled();
      await relay.admin(`/callers/${old.caller.id}`, "DELETE");
      expect(loginResponseSchema.parse((await login()).body).caller.id).not.toBe(old.caller.id);
      expect(await relay.refusal(path, { token: old.token })).toBe("401 invalid_auth");
    });

    test("is free once the old caller is disabled, and that caller is denied under any login and with any token", async () => {
      const old = loginResponseSchema.parse((await login()).body);
      await relay.caller("octocat", { pool: "secret", name: "granted-to-the-old" });
      await relay.admin(`/callers/${old.caller.id}`, "PATCH", { disabled: true });
      recycled();
      const fresh = loginResponseSchema.parse((await login()).body);
      expect(fresh.caller.id).not.toBe(old.caller.id);
      expect(await relay.refusal(path, { token: old.token })).toBe("401 invalid_auth");
      expect((await relay.read(path, { token: fresh.token })).status).toBe(200);
      expect(codeOf(await login({ github_token: "gho_octo", client_name: "laptop", pool: "secret" }))).toBe(
        "403 pool_denied",
      );
      relay.github.on("/user", () => json({ id: 583231, login: "octocat-renamed" }));
      expect(codeOf(await login())).toBe("403 pool_denied");
      relay.github.on("/user", () => json({ id: 1000, login: "octocat" }));
      expect(codeOf(await login())).toBe("403 github_identity_mismatch");
      // An operator's further token goes to the caller who may use it.
      expect((await relay.caller("octocat")).id).toBe(fresh.caller.id);
    });

    test("is not free for an account that was never told apart from the disabled one", async () => {
      const { id } = await relay.caller("octocat");
      await relay.admin(`/callers/${id}`, "PATCH", { disabled: true });
      expect(codeOf(await login())).toBe("403 pool_denied");
    });
  });

  test("a caller that an operator created is bound to the first account with its login", async () => {
    const { id } = await relay.caller("OctoCat", { name: "ci" });
    expect(loginResponseSchema.parse((await login()).body).caller.id).toBe(id);
  });

  test("a disabled caller stays out", async () => {
    const { caller, token } = loginResponseSchema.parse((await login()).body);
    await relay.admin(`/callers/${caller.id}`, "PATCH", { disabled: true });
    expect(await relay.refusal(path, { token })).toBe("401 invalid_auth");
    expect(codeOf(await login())).toBe("403 pool_denied");
  });

  test.each([
    ["192.0.2.7", "192.0.2.7"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["2001:DB8:0:0:ffff::2", "2001:db8:0:0::/64"],
    ["2001:0db8:0001:0002:3:4:5:6", "2001:db8:1:2::/64"],
    ["::1", "0:0:0:0::/64"],
  ])("an attempt from %s counts for %s", (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  test("attempts are limited for each address, and the answer says how long", async () => {
    const from = (address: string) => login({ github_token: "gho_bad" }, { "cf-connecting-ip": address });
    for (let times = 0; times < 20; times += 1) expect((await from("192.0.2.1")).status).toBe(401);
    advance(60_000);
    const limited = await from("192.0.2.1");
    expect(codeOf(limited)).toBe("429 login_rate_limited");
    expect(limited.headers.get("retry-after")).toBe("540");
    expect((await from("192.0.2.2")).status).toBe(401);
    advance(540_000);
    expect((await from("192.0.2.1")).status).toBe(401);
  });
});

describe("clients", () => {
  test("a login on another machine leaves the first one's token alone; on the same it is replaced", async () => {
    const [laptop, desk] = [await tokenOf("laptop"), await tokenOf("desk")];
    const again = await tokenOf("laptop");
    expect((await relay.read(path, { token: desk })).status).toBe(200);
    expect((await relay.read(path, { token: again })).status).toBe(200);
    expect(await relay.refusal(path, { token: laptop })).toBe("401 invalid_auth");
  });

  test("sixteen at most: the one used least recently retires", async () => {
    const tokens: string[] = [];
    for (let at = 0; at < 16; at += 1) {
      tokens.push(await tokenOf(`machine-${at}`));
      advance(1000);
    }
    advance(6 * 60_000);
    await relay.read(path, { token: tokens[0] ?? "" });
    await tokenOf("machine-16");
    expect((await relay.read(path, { token: tokens[0] ?? "" })).status).toBe(200);
    expect(await relay.refusal(path, { token: tokens[1] ?? "" })).toBe("401 invalid_auth");
    expect((await relay.read(path, { token: tokens[2] ?? "" })).status).toBe(200);
  });

  test("no name is fine alone, and ambiguous beside named machines", async () => {
    expect((await login({ github_token: "gho_octo" })).status).toBe(201);
    expect((await login({ github_token: "gho_octo" })).status).toBe(201);
    await tokenOf("laptop");
    expect(codeOf(await login({ github_token: "gho_octo" }))).toBe("409 client_name_ambiguous");
  });
});

describe("session", () => {
  const end = (token?: string) =>
    relay.ask("/v1/session", { method: "DELETE", headers: token ? { authorization: `Bearer ${token}` } : {} });

  test("DELETE revokes the calling token, at once", async () => {
    const token = await tokenOf("laptop");
    await relay.read(path, { token });
    expect((await end(token)).status).toBe(204);
    expect(await relay.refusal(path, { token })).toBe("401 invalid_auth");
    expect(codeOf(await end(token))).toBe("401 invalid_auth");
    expect(codeOf(await end())).toBe("401 missing_auth");
  });

  test("another isolate forgets it within thirty seconds", async () => {
    const token = await tokenOf("laptop");
    const other = relay.sibling();
    await other.read(path, { token });
    await end(token);
    advance(9_999);
    expect((await other.read(path, { token })).relay.cache).toBe("hit");
    advance(20_001);
    expect(await other.refusal(path, { token })).toBe("401 invalid_auth");
  });
});

describe("membership is checked again after a day", () => {
  const members = "/orgs/acme/members";
  let token: string;

  beforeEach(async () => {
    token = await tokenOf("laptop");
    advance(day - 1);
    await relay.read(path, { token });
    advance(1);
  });

  test("with the relay's own token, by id, over all pages; one walk renews all members", async () => {
    relay.github.on(members, ({ url }) =>
      url.searchParams.get("page") === "1"
        ? json([{ id: 1, login: "a" }], { headers: { link: '<https://api.github.com/x?page=2>; rel="next"' } })
        : json([{ id: 583231, login: "renamed" }]),
    );
    expect((await relay.read(path, { token })).status).toBe(200);
    expect(relay.github.calls.filter(({ url }) => url.pathname === members).map((call) => call.token)).toEqual([
      "org-secret",
      "org-secret",
    ]);
    await relay.sibling().read(path, { token });
    expect(relay.github.count(members)).toBe(2);
  });

  test("a member that has left is denied, also when another account has taken the login", async () => {
    relay.github.on(members, () => json([{ id: 2, login: "octocat" }]));
    for (let times = 0; times < 2; times += 1)
      expect(await relay.refusal(path, { token })).toBe("403 org_member_denied");
  });

  test("a member that has left causes one walk a minute, not one for each read", async () => {
    relay.github.on(members, () => json([{ id: 2, login: "other" }]));
    for (let times = 0; times < 5; times += 1) await relay.refusal(path, { token });
    expect(relay.github.count(members)).toBe(1);
    advance(60_000);
    relay.github.on(members, () => json([{ id: 583231, login: "octocat" }]));
    expect((await relay.read(path, { token })).status).toBe(200);
  });

  test("an account that is another caller's already is told so", async () => {
    const { token: second } = await relay.caller("renamed");
    advance(day);
    relay.github.on(members, () => json([{ id: 583231, login: "renamed" }]));
    expect(await relay.refusal(path, { token: second })).toBe("403 github_identity_mismatch");
    expect((await relay.read(path, { token })).status).toBe(200);
  });

  test("a failed check refreshes nothing, and a later one may", async () => {
    relay.github.on(members, () => json({}, { status: 502 }));
    expect(await relay.refusal(path, { token })).toBe("502 org_verification_failed");
    expect(await relay.refusal(path, { token })).toBe("502 org_verification_failed");
    expect(relay.github.count(members)).toBe(1);
    advance(10_000);
    relay.github.on(members, () => json([{ id: 583231, login: "octocat" }]));
    expect((await relay.read(path, { token })).status).toBe(200);
  });

  test("without the relay's own token it cannot be checked", async () => {
    expect(await relay.sibling({ OCTOPOOL_GITHUB_ORG_TOKEN: "" }).refusal(path, { token })).toBe(
      "502 org_verification_failed",
    );
  });

  test("logging in again proves it, too", async () => {
    expect((await relay.read(path, { token: await tokenOf("laptop") })).status).toBe(200);
  });
});

test("the answer of a slow database is as old as the question", async () => {
  const token = await tokenOf("laptop");
  const other = relay.sibling({ DB: slowDatabase(10_000) });
  const health = () => other.ask("/v1/pools/maintainers/health", { headers: { authorization: `Bearer ${token}` } });
  expect((await health()).status).toBe(200);
  await relay.admin(`/callers/${(await callerOf("octocat")).id}`, "PATCH", { disabled: true });
  advance(20_000);
  expect(codeOf(await health())).toBe("401 invalid_auth");
});

test("isolate memory of callers is bounded", async () => {
  await relay.ask("/v1/pools/maintainers/health", { headers: { authorization: `Bearer ${relay.token}` } });
  const callers = rememberedCallers(relay.memory);
  const [caller] = callers.values();
  expect(caller).toBeDefined();
  for (let count = 0; caller && count < 2000; count++) callers.set(`token ${count}`, caller);
  expect(callers.size).toBe(1000);
});

async function callerOf(login: string): Promise<{ id: string }> {
  const { body } = await relay.admin("/callers");
  const { callers } = callerListSchema.parse(body);
  const found = callers.find(({ github_login: name }) => name === login);
  if (!found) throw new Error(`no caller ${login}`);
  return found;
}

/** A database whose first answer takes so long, ms. */
function slowDatabase(ms: number): D1Database {
  let wait = ms;
  const slow = (statement: D1PreparedStatement): D1PreparedStatement =>
    new Proxy(statement, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (name === "bind") return (...values: unknown[]) => slow(target.bind(...values));
        if (typeof value !== "function") return value;
        return (...args: unknown[]) => {
          advance(wait);
          wait = 0;
          return value.apply(target, args);
        };
      },
    });
  return new Proxy(env.DB, {
    get(target, name) {
      if (name === "prepare") return (query: string) => slow(target.prepare(query));
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
