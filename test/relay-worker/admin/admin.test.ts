import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import {
  auditPageSchema,
  callerListSchema,
  createCallerAnswerSchema,
  identityAnswerSchema,
  identityListSchema,
  policyAnswerSchema,
  poolListSchema,
  purgeAnswerSchema,
} from "../../../shared/admin.ts";
import { poolHealthSchema } from "../../../shared/stats.ts";
import { recordingDatabase } from "../support/counting.ts";
import { json } from "../support/github.ts";
import { advance, TestRelay, type WorkerAnswer } from "../support/relay.ts";

const path = "/repos/acme/widgets/pulls/7";
const pool = "/pools/maintainers";
let relay: TestRelay;

beforeEach(async () => {
  relay = await TestRelay.create();
  relay.github.public("acme/widgets").on(path, () => json({ number: 7, state: "open" }));
});

const codeOf = ({ status, body }: WorkerAnswer) => `${status} ${(body as { error?: { code: string } }).error?.code}`;
const actions = async () =>
  auditPageSchema.parse((await relay.admin("/audit?limit=200")).body).events.map(({ action }) => action);

describe("the operator's token", () => {
  const ask = (authorization?: string) =>
    relay.ask("/v1/admin/pools", { headers: authorization ? { authorization } : {} });

  test("unset: the operator's API is off, for any input", async () => {
    relay = relay.sibling({ OCTOPOOL_ADMIN_TOKEN: "" });
    expect(codeOf(await ask("Bearer "))).toBe("503 admin_unconfigured");
    expect(codeOf(await ask("Bearer undefined"))).toBe("503 admin_unconfigured");
  });

  test("missing, wrong, or a caller's", async () => {
    expect(codeOf(await ask())).toBe("401 missing_auth");
    expect(codeOf(await ask("Basic admin-secret"))).toBe("401 missing_auth");
    expect(codeOf(await ask("Bearer admin-secre"))).toBe("401 invalid_admin_auth");
    expect(codeOf(await ask(`Bearer ${relay.token}`))).toBe("401 invalid_admin_auth");
    expect((await ask("bearer admin-secret")).status).toBe(200);
  });

  describe("guessed", () => {
    const from = (address: string, token: string, at = relay) =>
      at.ask("/v1/admin/audit?limit=200", {
        headers: { authorization: `Bearer ${token}`, "cf-connecting-ip": address },
      });
    const denied = async () =>
      auditPageSchema
        .parse((await relay.admin("/audit?limit=200&action=admin.denied")).body)
        .events.map(({ target, status, error_code }) => ({ target, status, error_code }));

    test("each wrong guess is in the trail, without the guess or the address", async () => {
      await from("192.0.2.1", "guess-one");
      await from("192.0.2.1", "guess-two");
      await from("2001:db8::1", "guess-three");
      const rows = await denied();
      expect(rows).toHaveLength(3);
      for (const row of rows) expect(row).toMatchObject({ status: 401, error_code: "invalid_admin_auth" });
      expect(new Set(rows.map(({ target }) => target)).size).toBe(2);
      expect(JSON.stringify(rows)).not.toMatch(/guess-|192\.0|2001:/);
      expect((await relay.admin("/audit?changes=1")).body).toHaveProperty("events.0.action", "admin.denied");
    });

    test("twenty are let through in ten minutes, then even the right token waits, in every isolate", async () => {
      for (let guess = 0; guess < 20; guess += 1) {
        expect(codeOf(await from("192.0.2.1", `guess-${guess}`))).toBe("401 invalid_admin_auth");
      }
      advance(60_000);
      for (const [at, token] of [
        [relay, "guess-21"],
        [relay, "guess-22"],
        [relay, "admin-secret"],
        [relay.sibling(), "admin-secret"],
        [relay.sibling(), "guess-23"],
      ] as const) {
        const limited = await from("192.0.2.1", token, at);
        expect(codeOf(limited)).toBe("429 admin_rate_limited");
        expect(limited.headers.get("retry-after")).toBe("540");
      }
      expect(await denied()).toHaveLength(20);
      expect((await from("192.0.2.2", "admin-secret")).status).toBe(200);
      advance(540_000);
      expect((await from("192.0.2.1", "admin-secret")).status).toBe(200);
    });

    test("guesses by 500 at once cost the database no more than the limit allows", async () => {
      const { DB, statements } = recordingDatabase();
      const flooded = relay.sibling({ DB });
      for (let guess = 0; guess < 20; guess += 1) await from("192.0.2.1", `guess-${guess}`, flooded);
      await from("192.0.2.1", "the-last-counted", flooded);
      const before = statements.length;
      const answers = await Promise.all(
        Array.from({ length: 500 }, (_, guess) => from("192.0.2.1", `flood-${guess}`, flooded)),
      );
      expect(new Set(answers.map(codeOf))).toEqual(new Set(["429 admin_rate_limited"]));
      expect(statements.length - before).toBe(0);
    });

    test("logins and guesses of one address have each their own count", async () => {
      for (let guess = 0; guess < 21; guess += 1) await from("192.0.2.1", `guess-${guess}`);
      const login = await relay.ask("/v1/login/github-cli", {
        method: "POST",
        headers: { "content-type": "application/json", "cf-connecting-ip": "192.0.2.1" },
        body: JSON.stringify({ github_token: "gho_bad" }),
      });
      expect(login.status).not.toBe(429);
    });

    test("a request without a token is no guess", async () => {
      for (let times = 0; times < 25; times += 1) {
        expect(codeOf(await relay.ask("/v1/admin/pools", { headers: { "cf-connecting-ip": "192.0.2.1" } }))).toBe(
          "401 missing_auth",
        );
      }
      expect((await from("192.0.2.1", "admin-secret")).status).toBe(200);
    });
  });

  test("an unknown path is not found, but only for operators", async () => {
    expect(codeOf(await relay.admin("/nothing"))).toBe("404 not_found");
    expect(codeOf(await relay.ask("/v1/admin/nothing"))).toBe("401 missing_auth");
  });
});

describe("identities", () => {
  const identity = {
    id: "app",
    kind: "github_app",
    login: "octopool",
    secret_ref: "APP_KEY",
    installation_id: 42,
    scopes: [
      { owner: "acme", repo: "widgets" },
      { owner: "up", allow_private: true },
    ],
    weight: 2,
  };

  test("are listed as they were set", async () => {
    const { identity: made } = identityAnswerSchema.parse(
      (await relay.admin(`${pool}/identities`, "POST", identity)).body,
    );
    expect(made).toMatchObject({ id: "app", pool: "maintainers", weight: 2, disabled: false, installation_id: 42 });
    const { identities } = identityListSchema.parse((await relay.admin(`${pool}/identities`)).body);
    expect(identities.map(({ id }) => id)).toEqual(["app", "pat_one"]);
    expect(identities[0]?.scopes).toEqual([
      { owner: "acme", repo: "widgets", allow_private: false },
      { owner: "up", repo: null, allow_private: true },
    ]);
  });

  test("an upsert replaces the scopes and keeps the weight that it does not name", async () => {
    await relay.admin(`${pool}/identities`, "POST", identity);
    const { weight: _weight, ...rest } = identity;
    const again = await relay.admin(`${pool}/identities`, "POST", { ...rest, scopes: [{ owner: "*" }] });
    expect(identityAnswerSchema.parse(again.body).identity).toMatchObject({
      weight: 2,
      scopes: [{ owner: "*", repo: null }],
    });
  });

  test("never change their pool or kind", async () => {
    await relay.admin(`${pool}/identities`, "POST", identity);
    expect(codeOf(await relay.admin("/pools/other/identities", "POST", identity))).toBe("409 identity_conflict");
    expect(codeOf(await relay.admin(`${pool}/identities`, "POST", { ...identity, kind: "pat" }))).toBe(
      "409 identity_conflict",
    );
  });

  test.each([undefined, 0, -1])("an App without a positive installation id: %s", async (installation_id) => {
    expect(codeOf(await relay.admin(`${pool}/identities`, "POST", { ...identity, installation_id }))).toBe(
      "400 installation_id_required",
    );
  });

  test.each([
    ["kind", "oauth"],
    ["id", "a b"],
    ["secret_ref", "ghp_looks-like-a-token!"],
    ["scopes", []],
    ["scopes", [{ owner: "a/b" }]],
    ["weight", 0],
    ["surprise", true],
  ])("a bad %s is named", async (field, value) => {
    const answer = await relay.admin(`${pool}/identities`, "POST", { ...identity, [field]: value });
    expect(codeOf(answer)).toBe("400 invalid_request");
    expect(JSON.stringify(answer.body)).toContain(field);
  });

  test("without their secret in the Worker are accepted, and the answer says so", async () => {
    const answer = async (secret_ref: string) =>
      identityAnswerSchema.parse((await relay.identity({ id: "bot", secret_ref })).body).secret_missing;
    expect(await answer("NOT_PUT_YET")).toBe(true);
    expect(await answer("PAT_TWO")).toBeUndefined();
  });

  test("disabled, they are counted apart from the pool's health", async () => {
    await relay.admin(`${pool}/identities/pat_one`, "PATCH", { disabled: true });
    const headers = { authorization: `Bearer ${relay.token}` };
    const { body } = await relay.ask("/v1/pools/maintainers/health", { headers });
    expect(poolHealthSchema.parse(body)).toMatchObject({ identities_total: 0, identities_disabled: 1 });
  });

  test("disabled they are not used; enabled they are", async () => {
    await relay.admin(`${pool}/identities/pat_one`, "PATCH", { disabled: true });
    expect(await relay.refusal(path)).toBe("424 fallback_local no_identity");
    await relay.admin(`${pool}/identities/pat_one`, "PATCH", { disabled: false, weight: 3 });
    expect((await relay.read(path)).status).toBe(200);
    expect(codeOf(await relay.admin(`${pool}/identities/none`, "PATCH", { weight: 3 }))).toBe("404 not_found");
    expect(codeOf(await relay.admin(`${pool}/identities/pat_one`, "PATCH", {}))).toBe("400 invalid_request");
  });
});

describe("callers", () => {
  test("are created with a one-time token, and listed page by page", async () => {
    const made = await relay.admin("/callers", "POST", {
      pool: "bots",
      github_login: "renovate[bot]",
      name: "renovate",
    });
    expect(made.status).toBe(201);
    const { caller, token } = createCallerAnswerSchema.parse(made.body);
    expect(caller).toMatchObject({ name: "renovate", github_login: "renovate[bot]", pools: ["bots"], disabled: false });
    relay.github.on("/rate_limit", () => json({ resources: {} }));
    await relay.identity({ id: "bot_pat" }, "bots");
    expect((await relay.read("/rate_limit", { token, pool: "bots" })).status).toBe(200);
    const first = callerListSchema.parse((await relay.admin("/callers?limit=1")).body);
    const second = callerListSchema.parse((await relay.admin(`/callers?limit=1&cursor=${first.next_cursor}`)).body);
    expect(second.next_cursor).toBeNull();
    expect(new Set([...first.callers, ...second.callers].map((row) => row.github_login))).toEqual(
      new Set(["mona", "renovate[bot]"]),
    );
    const ofPool = callerListSchema.parse((await relay.admin("/callers?pool=bots")).body);
    expect(ofPool.callers.map(({ id }) => id)).toEqual([caller.id]);
    expect(JSON.stringify(ofPool)).not.toContain(token);
  });

  test("disabled, their tokens stop working at once; enabled they work again", async () => {
    const { id, token } = await relay.caller("hubot");
    await relay.read(path, { token });
    await relay.admin(`/callers/${id}`, "PATCH", { disabled: true });
    expect(await relay.refusal(path, { token })).toBe("401 invalid_auth");
    await relay.admin(`/callers/${id}`, "PATCH", { disabled: false });
    expect((await relay.read(path, { token })).status).toBe(200);
  });

  test("a further token of the same name ends the one before, and says so", async () => {
    const ask = async (name: string) =>
      createCallerAnswerSchema.parse(
        (await relay.admin("/callers", "POST", { pool: "maintainers", github_login: "hubot", name })).body,
      );
    const [first, other, again] = [await ask("laptop"), await ask("desk"), await ask("laptop")];
    expect([first, other, again].map(({ replaced }) => replaced)).toEqual([false, false, true]);
    expect(await relay.refusal(path, { token: first.token })).toBe("401 invalid_auth");
    expect((await relay.read(path, { token: other.token })).status).toBe(200);
  });

  test("one machine's token is revoked alone", async () => {
    const { id, token } = await relay.caller("hubot", { name: "laptop" });
    const desk = await relay.caller("hubot", { name: "desk" });
    const { callers } = callerListSchema.parse((await relay.admin("/callers")).body);
    const laptop = callers.find((row) => row.id === id)?.tokens.find((row) => row.client_name === "laptop");
    await relay.admin(`/callers/${id}/tokens/${laptop?.id}`, "DELETE");
    expect(await relay.refusal(path, { token })).toBe("401 invalid_auth");
    expect((await relay.read(path, { token: desk.token })).status).toBe(200);
    expect(codeOf(await relay.admin(`/callers/${id}/tokens/${laptop?.id}`, "DELETE"))).toBe("404 not_found");
  });

  test.each([
    [{ pool: "a" }],
    [{ github_login: "x" }],
    [{ pool: "a b", github_login: "x" }],
    [{ pool: "a", github_login: "-x/" }],
  ])("%j is refused", async (body) => {
    expect(codeOf(await relay.admin("/callers", "POST", body))).toBe("400 invalid_request");
  });

  test("unknown ones are not found", async () => {
    expect(codeOf(await relay.admin("/callers/nobody"))).toBe("404 not_found");
    expect(codeOf(await relay.admin("/callers/nobody", "PATCH", { disabled: true }))).toBe("404 not_found");
    expect(codeOf(await relay.admin("/callers?limit=0"))).toBe("400 invalid_request");
  });
});

describe("policy", () => {
  test("starts at its defaults, and each change counts its version", async () => {
    relay = relay.sibling({ DEFAULT_ALLOWED_OWNERS: "acme, up" });
    await relay.caller("x", { pool: "fresh" });
    const before = policyAnswerSchema.parse((await relay.admin("/pools/fresh/policy")).body);
    expect(before).toEqual({
      pool: "fresh",
      version: 1,
      policy: { allowed_owners: ["acme", "up"], allow_public_repos: true, allow_logs: true, allow_search: false },
    });
    const after = policyAnswerSchema.parse(
      (await relay.admin("/pools/fresh/policy", "PATCH", { allow_search: true })).body,
    );
    expect(after).toEqual({ ...before, version: 2, policy: { ...before.policy, allow_search: true } });
  });

  test.each([
    [{ allow_logs: "yes" }, "allow_logs"],
    [{ allowed_owners: "acme" }, "allowed_owners"],
    [{ allowed_owners: ["a/b"] }, "allowed_owners.0"],
    [{ allow_everything: true }, "allow_everything"],
  ])("%j is refused with its fault, and changes nothing", async (patch, named) => {
    const answer = await relay.admin(`${pool}/policy`, "PATCH", patch);
    expect(codeOf(answer)).toBe("400 invalid_policy");
    expect(JSON.stringify(answer.body)).toContain(named);
    expect(policyAnswerSchema.parse((await relay.admin(`${pool}/policy`)).body).version).toBe(1);
  });

  test("a corrupt one is reported, and set again only as a whole: a missing part has no value to keep", async () => {
    await env.DB.prepare("update pools set policy = 'nonsense'").run();
    expect(codeOf(await relay.admin(`${pool}/policy`))).toBe("503 pool_policy_unavailable");
    const part = await relay.admin(`${pool}/policy`, "PATCH", { allow_search: true });
    expect(codeOf(part)).toBe("400 invalid_policy");
    expect(JSON.stringify(part.body)).toMatch(/allowed_owners.*allow_public_repos.*allow_logs.*allow_search/);
    expect(codeOf(await relay.admin(`${pool}/policy`))).toBe("503 pool_policy_unavailable");
    const whole = { allowed_owners: ["acme"], allow_public_repos: true, allow_logs: false, allow_search: true };
    const set = await relay.admin(`${pool}/policy`, "PATCH", whole);
    expect(policyAnswerSchema.parse(set.body)).toEqual({ pool: "maintainers", version: 2, policy: whole });
    expect((await relay.read(path)).status).toBe(200);
  });

  test("pools are listed", async () => {
    await relay.caller("x", { pool: "bots" });
    const { pools } = poolListSchema.parse((await relay.admin("/pools")).body);
    expect(pools.map((row) => [row.pool, row.identities])).toEqual([
      ["bots", 0],
      ["maintainers", 1],
    ]);
    expect(codeOf(await relay.admin("/pools/none/policy"))).toBe("404 not_found");
  });
});

describe("purge", () => {
  const issue = "/repos/acme/other/issues/1";

  beforeEach(async () => {
    relay.github.public("acme/other").on(issue, () => json({ number: 1, state: "closed" }));
    await relay.read(path);
    await relay.read(issue);
    advance(1000);
  });

  test("by repository: its entries go, from every layer, and others stay", async () => {
    const isolate = relay.sibling();
    await isolate.read(path);
    const answer = purgeAnswerSchema.parse((await relay.admin(`${pool}/cache?repo=ACME/widgets`, "DELETE")).body);
    expect(answer).toEqual({ pool: "maintainers", repo: "acme/widgets", route: null, entries_deleted: 1 });
    expect((await relay.read(path)).relay.cache).toBe("miss");
    expect((await relay.read(issue)).relay.cache).toBe("hit");
    expect(relay.github.calls.at(-2)?.headers.has("if-none-match")).toBe(false);
  });

  test("by route", async () => {
    const answer = purgeAnswerSchema.parse((await relay.admin(`${pool}/cache?route=issue_view`, "DELETE")).body);
    expect(answer).toMatchObject({ repo: null, route: "issue_view", entries_deleted: 1 });
    expect((await relay.sibling().read(issue)).relay.cache).toBe("miss");
    expect((await relay.sibling().read(path)).relay.cache).toBe("hit");
  });

  test("reaches copies in other isolates' memory when they next look up the pool", async () => {
    const isolate = relay.sibling();
    await isolate.read(issue);
    await relay.admin(`${pool}/cache?route=issue_view`, "DELETE");
    advance(30_000);
    expect((await isolate.read(issue)).relay.cache).toBe("miss");
  });

  test.each(["", "?repo=acme", "?route=nothing", "?repo=a/b&route=issue_view"])(
    "%j names nothing to purge",
    async (query) => {
      expect(codeOf(await relay.admin(`${pool}/cache${query}`, "DELETE"))).toBe("400 invalid_request");
    },
  );
});

describe("the audit trail", () => {
  test("has a row for each operator's change", async () => {
    const { id } = await relay.caller("hubot");
    await relay.admin(`/callers/${id}`, "PATCH", { disabled: true });
    await relay.admin(`/callers/${id}`, "PATCH", { disabled: false });
    const { callers } = callerListSchema.parse((await relay.admin("/callers")).body);
    const token = callers.find((row) => row.id === id)?.tokens[0]?.id;
    await relay.admin(`/callers/${id}/tokens/${token}`, "DELETE");
    await relay.admin(`${pool}/identities/pat_one`, "PATCH", { weight: 2 });
    await relay.admin(`${pool}/policy`, "PATCH", { allow_logs: false });
    await relay.admin(`${pool}/cache?repo=a/b`, "DELETE");
    expect(await actions()).toEqual([
      "cache.purge",
      "policy.set",
      "identity.change",
      "token.revoke",
      "caller.enable",
      "caller.disable",
      "caller.create",
      "caller.create",
      "identity.upsert",
    ]);
  });

  test("and for each authenticated request: its path, its caller and its cost; no query values", async () => {
    await relay.read(path, { query: { q: "hush" } });
    await relay.refusal("/repos/acme/widgets/rulesets");
    await relay.refusal("/nope\\", {});
    await relay.refusal(path, { token: "op_unknown" });
    const { events } = auditPageSchema.parse((await relay.admin("/audit?action=request")).body);
    expect(
      events.map(({ status, error_code, fallback_reason, cache, target, github_calls, client }) => ({
        status,
        error_code,
        fallback_reason,
        cache,
        target,
        github_calls,
        client,
      })),
    ).toEqual([
      {
        status: 400,
        error_code: "invalid_path",
        fallback_reason: null,
        cache: null,
        target: null,
        github_calls: 0,
        client: "admin",
      },
      {
        status: 424,
        error_code: "fallback_local",
        fallback_reason: "local_credentials_required",
        cache: null,
        target: null,
        github_calls: 0,
        client: "admin",
      },
      {
        status: 200,
        error_code: null,
        fallback_reason: null,
        cache: "miss",
        target: "pr_view acme/widgets",
        github_calls: 2,
        client: "admin",
      },
    ]);
    expect(JSON.stringify(events)).not.toContain("hush");
  });

  test("names a caller's other questions too", async () => {
    const headers = { authorization: `Bearer ${relay.token}` };
    await relay.ask("/v1/pools/maintainers/health", { headers });
    await relay.ask("/v1/pools/maintainers/stats", { headers });
    await relay.ask("/v1/session", { method: "DELETE", headers });
    expect((await actions()).slice(0, 3)).toEqual(["session.end", "stats", "health"]);
  });

  test("is read page by page", async () => {
    for (let times = 0; times < 3; times += 1) await relay.read(path);
    const first = auditPageSchema.parse((await relay.admin("/audit?action=request&pool=maintainers&limit=2")).body);
    const rest = auditPageSchema.parse(
      (await relay.admin(`/audit?action=request&limit=2&cursor=${first.next_cursor}`)).body,
    );
    expect([first.events.length, rest.events.length, rest.next_cursor]).toEqual([2, 1, null]);
    expect(codeOf(await relay.admin("/audit?cursor=x"))).toBe("400 invalid_request");
  });
});

test("an operator sees the coordinator's mind", async () => {
  await relay.read(path);
  const { body } = await relay.admin(`${pool}/coordinator`);
  expect(body).toMatchObject({
    budgets: [{ owner: "user:bot-one", bucket: "core", remaining: 4999 }],
    cooldowns: [],
    fills: [],
  });
});
