import { describe, expect, test } from "vitest";
import { windowSeconds } from "../../cli/words/window.ts";
import { newHome } from "./support/octopool.ts";
import { failure, on, type StandInRoute, startScriptedRelay } from "./support/relay.ts";
import { cells } from "./support/screen.ts";

const caller = {
  id: "caller-1",
  name: "mona",
  github_login: "mona",
  github_user_id: 7,
  pools: ["maintainers"],
  disabled: false,
  verified_at: "2026-01-01T00:00:00Z",
  created_at: "2026-01-01T00:00:00Z",
  tokens: [
    { id: "tok-1", client_name: "laptop", created_at: "2026-01-01T00:00:00Z", last_used_at: "2026-01-02T00:00:00Z" },
    { id: "tok-2", client_name: "ci", created_at: "2026-01-01T00:00:00Z", last_used_at: "2026-01-03T00:00:00Z" },
  ],
};
const identity = {
  id: "bot1",
  pool: "maintainers",
  kind: "pat",
  login: "acme-bot",
  secret_ref: "BOT1_TOKEN",
  installation_id: null,
  weight: 1,
  disabled: false,
  scopes: [{ owner: "acme", repo: "web", allow_private: false }],
};
const policy = {
  pool: "maintainers",
  version: 3,
  policy: { allowed_owners: ["acme"], allow_public_repos: true, allow_logs: true, allow_search: false },
};
const event = {
  id: "1",
  at: "2026-01-01T00:00:00.000Z",
  request_id: "r1",
  action: "request",
  pool: "maintainers",
  caller: "caller-1",
  client: "laptop",
  target: "pr_view acme/web",
  identity: "bot1",
  status: 200,
  error_code: null,
  fallback_reason: null,
  backend: "cache",
  cache: "hit",
  coalesced: false,
  github_calls: 0,
  duration_ms: 4,
};

async function operator(...routes: readonly StandInRoute[]) {
  const relay = await startScriptedRelay(...routes);
  return { relay, home: newHome({ OCTOPOOL_URL: relay.url, OCTOPOOL_ADMIN_TOKEN: "operator-secret" }) };
}

const callersRoute = on("GET", "/v1/admin/callers", { status: 200, body: { callers: [caller], next_cursor: null } });

describe("the operator's token", () => {
  test("goes to the relay as a bearer token", async () => {
    const { relay, home } = await operator(callersRoute);
    expect((await home.run("admin", "caller", "list")).exitCode).toBe(0);
    expect(relay.received[0]?.authorization).toBe("Bearer operator-secret");
  });

  test.each([
    [["caller", "list"]],
    [["caller", "list", "--json"]],
    [["caller", "list", "--help"]],
    [["caller", "disable", "ghost"]],
    [["caller", "list", "--token", "x"]],
  ])(
    "admin %j prints the same in a process of its own as within this one, where the tests below run it",
    async (args) => {
      const { relay, home } = await operator(callersRoute);
      const own = await home.run("admin", ...args);
      const asked = relay.received.slice();
      expect(await home.here("admin", ...args)).toEqual(own);
      expect(relay.received.slice(asked.length)).toEqual(asked);
    },
  );

  test("without one nothing is sent", async () => {
    const { relay, home } = await operator(callersRoute);
    expect(await home.hereWith({ OCTOPOOL_ADMIN_TOKEN: "" }, "admin", "caller", "list")).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining("OCTOPOOL_ADMIN_TOKEN"),
    });
    expect(relay.received).toEqual([]);
  });

  test("is not taken as an argument", async () => {
    const { home } = await operator(callersRoute);
    expect((await home.here("admin", "caller", "list", "--token", "x")).exitCode).toBe(2);
  });

  test("a wrong one is named as such", async () => {
    const { home } = await operator(on("GET", "/v1/admin/callers", failure(401, "invalid_admin_auth", "Wrong token.")));
    expect(await home.here("admin", "caller", "list")).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining("Check OCTOPOOL_ADMIN_TOKEN"),
    });
  });
});

describe("callers", () => {
  const created = on("POST", "/v1/admin/callers", { status: 201, body: { caller, token: "op_new" } });

  test.each([[["add", "mona"]], [["--github-login", "mona"]]])(
    "caller %j creates one and prints nothing but the token on stdout",
    async (args) => {
      const { relay, home } = await operator(created);
      expect(await home.here("admin", "caller", ...args, "--pool", "bots")).toMatchObject({
        exitCode: 0,
        stdout: "op_new\n",
      });
      expect(relay.received[0]?.body).toEqual({ pool: "bots", github_login: "mona" });
    },
  );

  test("a token that ends another of its name, or that will not work, says so", async () => {
    const again = on("POST", "/v1/admin/callers", { status: 201, body: { caller, token: "op_new", replaced: true } });
    const replaced = await (await operator(again)).home.here("admin", "caller", "add", "mona", "--name", "laptop");
    expect(replaced).toMatchObject({ exitCode: 0, stdout: "op_new\n" });
    expect(replaced.stderr.split("\n")[0]).toBe(
      "! The caller's earlier token of the same name no longer works. Give each machine its own: --name",
    );
    const first = await (await operator(created)).home.here("admin", "caller", "add", "mona", "--name", "laptop");
    expect(first.stderr).not.toContain("!");
    const disabled = { status: 201, body: { caller: { ...caller, disabled: true }, token: "op_new" } };
    const useless = await (await operator(on("POST", "/v1/admin/callers", disabled))).home.here(
      "admin",
      "caller",
      "add",
      "mona",
    );
    expect(useless.stderr).toContain("! The caller is disabled");
  });

  test("a value that the relay would refuse is refused before it is sent", async () => {
    const { relay, home } = await operator(created);
    expect(await home.here("admin", "caller", "add", "no login")).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('The github login "no login" cannot be used: use a GitHub login'),
    });
    expect(relay.received).toEqual([]);
  });

  test("all pages are listed", async () => {
    const pages = on("GET", "/v1/admin/callers", (request) =>
      request.path.includes("cursor=next")
        ? { status: 200, body: { callers: [{ ...caller, id: "c2", github_login: "hubot" }], next_cursor: null } }
        : { status: 200, body: { callers: [caller], next_cursor: "next" } },
    );
    const { home } = await operator(pages);
    const { stdout } = await home.here("admin", "caller", "list");
    const ago = expect.stringContaining(" ago");
    expect(cells(stdout)).toEqual([
      ["LOGIN", "ID", "POOLS", "STATE", "LAST USE"],
      ["mona", "caller-1", "maintainers", "2 machines", ago],
      ["hubot", "c2", "maintainers", "2 machines", ago],
    ]);
  });

  test.each([
    ["disable", true],
    ["enable", false],
  ])("%s finds the caller by login", async (verb, disabled) => {
    const { relay, home } = await operator(
      callersRoute,
      on("PATCH", "/v1/admin/callers/caller-1", { status: 200, body: {} }),
    );
    expect((await home.here("admin", "caller", verb, "Mona")).exitCode).toBe(0);
    expect(relay.received.at(-1)?.body).toEqual({ disabled });
  });

  test("revoke takes one machine's token, or all", async () => {
    const revoked = on("DELETE", "/v1/admin/callers/caller-1/tokens/tok-2", { status: 200, body: {} });
    const all = on("DELETE", "/v1/admin/callers/caller-1/tokens/tok-1", { status: 200, body: {} });
    const { relay, home } = await operator(callersRoute, revoked, all);
    const deleted = () =>
      relay.received.filter((request) => request.method === "DELETE").map((request) => request.path);
    expect((await home.here("admin", "caller", "revoke", "mona", "--client", "ci")).exitCode).toBe(0);
    expect(deleted()).toEqual(["/v1/admin/callers/caller-1/tokens/tok-2"]);
    expect(await home.here("admin", "caller", "revoke", "mona", "--client", "gone")).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("It has: laptop, ci."),
    });
    await home.here("admin", "caller", "revoke", "caller-1");
    expect(deleted()).toHaveLength(3);
  });

  test.each(["disable", "enable", "grant-dashboard", "withdraw-dashboard", "revoke"])(
    "%s concerns all pools: --pool is still taken, and not offered",
    async (verb) => {
      const { home } = await operator(
        callersRoute,
        on("PATCH", "/v1/admin/callers/caller-1", { status: 200, body: {} }),
        on("DELETE", "/v1/admin/callers/caller-1/tokens/tok-1", { status: 200, body: {} }),
        on("DELETE", "/v1/admin/callers/caller-1/tokens/tok-2", { status: 200, body: {} }),
      );
      expect((await home.here("admin", "caller", verb, "mona", "--pool", "bots")).exitCode).toBe(0);
      expect((await home.here("admin", "caller", verb, "--help")).stdout).not.toContain("--pool");
    },
  );

  test("without --pool the callers of all pools are listed, and the help says so", async () => {
    const { relay, home } = await operator(callersRoute);
    await home.hereWith({ OCTOPOOL_POOL: "bots" }, "admin", "caller", "list");
    expect(relay.received[0]?.path).toBe("/v1/admin/callers?limit=100");
    expect(cells((await home.here("admin", "caller", "list", "--help")).stdout)).toContainEqual([
      "--pool <name>",
      "Only the callers of this pool (default: all pools)",
    ]);
  });

  test("a dashboard for a caller who never logged in is refused in the relay's words, with the remedy", async () => {
    const message = "mona has not logged in yet, so their GitHub account is not known.";
    const refusal = failure(400, "invalid_request", message, { hint: "Let them run octopool login." });
    const { relay, home } = await operator(callersRoute, on("PATCH", "/v1/admin/callers/caller-1", refusal));
    expect(await home.here("admin", "caller", "grant-dashboard", "mona")).toMatchObject({
      exitCode: 1,
      stdout: "",
      stderr: `octopool: ${relay.url}: ${message}\n  → Let them run octopool login.\n  invalid_request, request req-1\n`,
    });
  });

  test("an unknown one is reported", async () => {
    const { home } = await operator(callersRoute);
    expect(await home.here("admin", "caller", "disable", "ghost")).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("There is no caller ghost."),
    });
  });
});

describe("identities", () => {
  const upserted = on("POST", "/v1/admin/pools/maintainers/identities", { status: 201, body: { identity } });

  test.each([[["add", "app1"]], [["--id", "app1"]]])(
    "identity %j sends the contract's shape of an App",
    async (args) => {
      const { relay, home } = await operator(upserted);
      const shape = [
        "--kind",
        "github_app",
        "--login",
        "acme-app",
        "--secret-ref",
        "APP_KEY",
        "--installation-id",
        "42",
      ];
      const scopes = ["--scope", "acme", "--scope", "cli/cli", "--private-scopes", "--weight", "0.5"];
      expect((await home.here("admin", "identity", ...args, ...shape, ...scopes)).exitCode).toBe(0);
      expect(relay.received[0]?.body).toEqual({
        id: "app1",
        kind: "github_app",
        login: "acme-app",
        secret_ref: "APP_KEY",
        installation_id: 42,
        scopes: [
          { owner: "acme", allow_private: true },
          { owner: "cli", repo: "cli", allow_private: true },
        ],
        weight: 0.5,
      });
    },
  );

  test.each(["--login", "--secret-ref", "--scope"])(
    "without %s nothing is sent, and the help marks it",
    async (option) => {
      const { relay, home } = await operator(upserted);
      const options: Record<string, string> = { "--login": "b", "--secret-ref": "B_TOKEN", "--scope": "acme" };
      const given = Object.entries(options).flatMap(([name, value]) => (name === option ? [] : [name, value]));
      expect(await home.here("admin", "identity", "add", "b", ...given)).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining(option),
      });
      expect(relay.received).toEqual([]);
      const { stdout } = await home.here("admin", "identity", "add", "--help");
      expect(stdout.replaceAll(/\s+/g, " ")).toMatch(new RegExp(`${option} <[^>]+> [^<]*\\(required\\)`));
    },
  );

  test("a token in the place of its secret's name is refused and not sent", async () => {
    const { relay, home } = await operator(upserted);
    const secret = `ghp_${"x".repeat(36)}`;
    const added = await home.here(
      "admin",
      "identity",
      "add",
      "b",
      "--login",
      "b",
      "--secret-ref",
      secret,
      "--scope",
      "*",
    );
    expect(added).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("wrangler secret put") });
    expect(added.stderr).not.toContain(secret);
    expect(relay.received).toEqual([]);
  });

  test("a secret that the Worker does not have is warned of, in JSON as well", async () => {
    const missing = { status: 200, body: { identity, secret_missing: true } };
    const { home } = await operator(on("POST", "/v1/admin/pools/maintainers/identities", missing));
    const shape = ["--login", "acme-bot", "--secret-ref", "BOT1_TOKEN", "--scope", "*"];
    for (const more of [[], ["--json"]]) {
      const added = await home.here("admin", "identity", "add", "bot1", ...shape, ...more);
      expect(added.exitCode).toBe(0);
      expect(added.stdout).toContain("bot1");
      expect(added.stderr).toBe(
        "! The Worker has no secret BOT1_TOKEN; until it has, this identity answers nothing: " +
          "`wrangler secret put BOT1_TOKEN`\n",
      );
    }
    const known = (await operator(upserted)).home;
    expect((await known.here("admin", "identity", "add", "bot1", ...shape)).stderr).toBe("");
  });

  test("list, disable, enable and weight", async () => {
    const list = on("GET", "/v1/admin/pools/maintainers/identities", { status: 200, body: { identities: [identity] } });
    const patch = on("PATCH", "/v1/admin/pools/maintainers/identities/bot1", { status: 200, body: { identity } });
    const { relay, home } = await operator(list, patch);
    expect(cells((await home.here("admin", "identity", "list")).stdout)).toEqual([
      ["ID", "KIND", "LOGIN", "SCOPES", "WEIGHT", "STATE", "SECRET"],
      ["bot1", "token", "acme-bot", "acme/web", "enabled", "BOT1_TOKEN"],
    ]);
    for (const args of [
      ["disable", "bot1"],
      ["enable", "bot1"],
      ["weight", "bot1", "2"],
    ])
      expect((await home.here("admin", "identity", ...args)).exitCode).toBe(0);
    expect(relay.received.slice(1).map((request) => request.body)).toEqual([
      { disabled: true },
      { disabled: false },
      { weight: 2 },
    ]);
    expect((await home.here("admin", "identity", "weight", "bot1", "heavy")).exitCode).toBe(2);
  });

  test("scopes are an owner, a repository or everything", async () => {
    const { relay, home } = await operator(upserted);
    const add = (...scopes: string[]) =>
      home.here("admin", "identity", "add", "b", "--login", "b", "--secret-ref", "B_TOKEN", ...scopes);
    expect((await add("--scope", "acme", "--scope", "*", "--scope", "acme/web")).exitCode).toBe(0);
    expect((await add("--scope", "acme/web", "--private-scopes")).exitCode).toBe(0);
    for (const odd of ["a/b/c", "a/"])
      expect(await add("--scope", odd)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(odd) });
    expect(relay.received.map(({ body }) => body)).toEqual([
      expect.objectContaining({ scopes: [{ owner: "acme" }, { owner: "*" }, { owner: "acme", repo: "web" }] }),
      expect.objectContaining({ scopes: [{ owner: "acme", repo: "web", allow_private: true }] }),
    ]);
  });
});

describe("pools, cache and audit", () => {
  const policyPath = "/v1/admin/pools/maintainers/policy";

  test("a policy is shown, and changed only where named", async () => {
    const { relay, home } = await operator(
      on("GET", policyPath, { status: 200, body: policy }),
      on("PATCH", policyPath, { status: 200, body: policy }),
    );
    expect(cells((await home.here("admin", "pool", "show")).stdout)).toEqual([
      ["Policy 3 of pool maintainers"],
      ["owners", "acme"],
      ["public repositories", "on"],
      ["run logs", "on"],
      ["search", "off"],
      ["gates", "ask"],
    ]);
    await home.here(
      "admin",
      "pool",
      "set-policy",
      "--allow-search",
      "on",
      "--allowed-owner",
      "acme",
      "--allowed-owner",
      "cli",
    );
    expect(relay.received.at(-1)?.body).toEqual({ allowed_owners: ["acme", "cli"], allow_search: true });
    expect((await home.here("admin", "pool", "set-policy")).exitCode).toBe(2);
    expect((await home.here("admin", "pool", "set-policy", "--allow-logs", "maybe")).exitCode).toBe(2);
  });

  test("a purge names the answers that it forgets", async () => {
    const answer = { pool: "maintainers", repo: "acme/web", route: null, entries_deleted: 3 };
    const { relay, home } = await operator(
      on("DELETE", "/v1/admin/pools/maintainers/cache", { status: 200, body: answer }),
    );
    expect((await home.here("admin", "cache", "purge", "--repo", "acme/web")).stdout).toContain(
      "Purged 3 entries of acme/web",
    );
    expect(relay.received[0]?.path).toBe("/v1/admin/pools/maintainers/cache?repo=acme%2Fweb");
    expect((await home.here("admin", "cache", "purge")).exitCode).toBe(2);
    expect((await home.here("admin", "cache", "purge", "--repo", "a/b", "--route", "c")).exitCode).toBe(2);
  });

  test("the audit trail reads oldest first and looks back as far as asked", async () => {
    const old = { ...event, id: "0", at: "2000-01-01T00:00:00.000Z", target: "pr_view acme/old" };
    const recent = { ...event, id: "2", at: new Date().toISOString() };
    const newest = { ...recent, id: "3", target: "pr_view acme/newest", status: 503, error_code: "relay_overloaded" };
    const page = { events: [newest, recent, old], next_cursor: null };
    const { home } = await operator(callersRoute, on("GET", "/v1/admin/audit", { status: 200, body: page }));
    const { stdout } = await home.here("admin", "audit", "--since", "1h");
    const [head, ...lines] = stdout.trimEnd().split("\n");
    const time = recent.at.slice(0, 19).replace("T", " ");
    expect(cells(stdout)).toEqual([
      ["TIME (UTC)", "CODE", "TOOK", "CACHE", "CALLER@MACHINE", "READ OR CHANGE"],
      [time, "200", "4 ms", "hit", "mona@laptop", "pr_view acme/web"],
      [time, "503", "4 ms", "hit", "mona@laptop", "pr_view acme/newest", "relay_overloaded"],
    ]);
    const columnOf = (line = "", word: string) => line.indexOf(word);
    expect(columnOf(lines[0], "pr_view")).toBe(columnOf(head, "READ OR CHANGE"));
    expect(columnOf(lines[1], "pr_view")).toBe(columnOf(head, "READ OR CHANGE"));
    const json = await home.here("admin", "audit", "--json");
    expect(
      json.stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line).id),
    ).toEqual(["0", "2", "3"]);
  });

  test("--changes asks for operators' changes alone, page by page until there are enough", async () => {
    const change = { ...event, action: "policy.set", caller: null, client: null, target: "version 2" };
    const pages = on("GET", "/v1/admin/audit", ({ path }) =>
      path.includes("cursor=next")
        ? { status: 200, body: { events: [{ ...change, id: "1" }], next_cursor: null } }
        : { status: 200, body: { events: [{ ...change, id: "9" }], next_cursor: "next" } },
    );
    const { relay, home } = await operator(callersRoute, pages);
    const { stdout } = await home.here("admin", "audit", "--changes", "--json");
    expect(stdout.match(/"id":"\d"/g)).toEqual(['"id":"1"', '"id":"9"']);
    const asked = relay.received.filter(({ path }) => path.startsWith("/v1/admin/audit"));
    expect(asked.map(({ path }) => new URL(path, "http://relay").searchParams.get("changes"))).toEqual(["1", "1"]);
  });

  test("--since says on stderr when it was cut", async () => {
    const at = new Date().toISOString();
    const events = Array.from({ length: 100 }, (_, id) => ({ ...event, id: `${id}`, at }));
    const endless = on("GET", "/v1/admin/audit", { status: 200, body: { events, next_cursor: "more" } });
    const { home } = await operator(callersRoute, endless);
    const cut = await home.run("admin", "audit", "--since", "1h", "--json");
    expect(cut.exitCode).toBe(0);
    expect(cut.stdout.trimEnd().split("\n")).toHaveLength(10_000);
    expect(cut.stderr).toBe(
      `The last 1h hold more than fits: these are the newest 10,000 events, back to ${at}.\n` +
        "A shorter --since, --pool, or --changes for operators' changes alone shows all of fewer.\n",
    );
    const page = { events, next_cursor: null };
    const whole = (await operator(callersRoute, on("GET", "/v1/admin/audit", { status: 200, body: page }))).home;
    expect((await whole.here("admin", "audit", "--since", "1h", "--json")).stderr).toBe("");
  });

  test("windows are minutes, hours or days", () => {
    expect([windowSeconds("30m"), windowSeconds("2"), windowSeconds("1d")]).toEqual([1800, 7200, 86_400]);
    expect(() => windowSeconds("soon")).toThrow(expect.objectContaining({ code: "usage" }));
  });
});
