import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkNode } from "../../cli/doctor/machine.ts";
import { newestProven } from "../../daemon/gh/versions.ts";
import { type Home, newHome } from "./support/octopool.ts";
import { discoveryOf, failure, health, on, type StandInRoute, startScriptedRelay } from "./support/relay.ts";
import { cells } from "./support/screen.ts";

interface Check {
  readonly name: string;
  readonly status: string;
  readonly message: string;
  readonly hint?: string;
}

const pulls = { family: "pulls", state: "ok", subscribed: true, last_at: null, delay_ms: null };
const feed = {
  ...{ trouble: null, failed: 0, missing: 0, machines: 1, families: [pulls] },
  last_delivery_at: "2026-01-01T00:00:00Z",
  verified_at: "2026-01-01T00:00:00Z",
};

async function diagnose(home: Home, env: Readonly<Record<string, string>> = {}) {
  const { stdout, exitCode } = await home.hereWith(env, "doctor", "--json");
  const checks: readonly Check[] = JSON.parse(stdout).checks;
  return { exitCode, of: (name: string) => checks.find((check) => check.name === name) };
}

async function healthyHome(...routes: readonly StandInRoute[]) {
  const [relay, home] = [await startScriptedRelay(...routes), newHome()];
  home.script("gh", '#!/bin/sh\necho "gh version 2.46.0 (2024-03-20)"\n');
  home.script("git", '#!/bin/sh\necho "git version 2.50.1"\n');
  home.script("curl", '#!/bin/sh\necho "curl 7.88.1 (x86_64-pc-linux-gnu)"\n');
  await home.here("login", relay.url);
  return { relay, home };
}

describe("doctor", () => {
  test("finds nothing where nothing is wrong, and sends the token to the relay only", async () => {
    const { home, relay } = await healthyHome();
    await home.run("install-shim", "--dir", join(home.directory, "shim"));
    const { stdout, exitCode } = await home.runWith({ PATH: `${home.directory}/shim:${home.env.PATH}` }, "doctor");
    const { directory } = home;
    expect(cells(stdout.replace(/in \d+ ms/, "in N ms"))).toEqual([
      [`octopool 0.1.0, ${process.platform} ${process.arch}`],
      [""],
      ["This machine"],
      ["✓ Node", process.versions.node],
      ["✓ variables", "OCTOPOOL_CLIENT, OCTOPOOL_CREDENTIAL_STORE"],
      ["✓ real gh", `2.46.0 at ${directory}/bin/gh; Octopool was compared with this release, byte for byte`],
      ["✓ gh on PATH", `the fast one, ${directory}/shim/gh`],
      ["✓ git", "2.50.1"],
      ["✓ socket", `${directory}/run/octopool is made with the first read`],
      ["✓ daemon", "not running; it starts with the first read"],
      ["✓ token", `in ${directory}/config/octopool/credentials.json, readable only by you`],
      [""],
      ["Relay"],
      ["✓ server", `${relay.url} answers in N ms`],
      ["✓ clock", "agrees with the relay's"],
      ["✓ login", "as mona, this machine is laptop"],
      ["– events", "this relay does not report whether it gets events"],
      ["✓ pool", "maintainers: 2 of 2 identities healthy"],
      [""],
      ["All is well."],
    ]);
    expect(exitCode).toBe(0);
    const discoveries = relay.received.filter(({ path }) => path.includes("well-known"));
    expect(new Set(discoveries.map(({ authorization }) => authorization))).toEqual(new Set([undefined]));
  });

  test("tells of hosts beside github.com that gh knows, and of a hosts.yml that is not understood", async () => {
    const home = newHome();
    const settings = join(home.directory, "gh-config");
    mkdirSync(settings);
    const among = async (text: string, env: Readonly<Record<string, string>> = {}) => {
      writeFileSync(join(settings, "hosts.yml"), text);
      return (await diagnose(home, { GH_CONFIG_DIR: settings, ...env })).of("other hosts");
    };
    expect(await among("github.com:\n    user: ada\n")).toBeUndefined();
    expect(await among("github.com:\n    user: ada\ngit.example.org:\n    user: ada\n")).toMatchObject({
      status: "ok",
      message: expect.stringContaining("git.example.org"),
    });
    expect(await among("", { GH_HOST: "acme.ghe.com" })).toMatchObject({
      message: expect.stringContaining("acme.ghe.com"),
    });
    expect(await among("github.com: {user: ada}\n")).toMatchObject({ status: "warning" });
  });

  test("an empty machine is told its remedies, line by line, and exit code 1 says that they are needed", async () => {
    const found = await diagnose(newHome({ OCTOPOOL_URL: "http://127.0.0.1:9" }));
    expect(found.exitCode).toBe(1);
    expect(found.of("real gh")).toMatchObject({ status: "failure", hint: expect.stringContaining("cli.github.com") });
    expect(found.of("gh on PATH")).toMatchObject({ status: "warning", hint: expect.stringContaining("install-shim") });
    expect(found.of("git")).toMatchObject({ status: "warning" });
    expect(found.of("server")).toMatchObject({ status: "failure" });
    expect(found.of("clock")).toMatchObject({ status: "skipped" });
    expect(found.of("login")).toMatchObject({ status: "failure", hint: expect.stringContaining("octopool login") });
  });

  test("tells the facts about the caller's gh", async () => {
    const home = newHome({ OCTOPOOL_URL: "http://127.0.0.1:9" });
    const told = async (version: string) => {
      home.script("gh", `#!/bin/sh\necho "gh version ${version} (2026-01-01)"\n`);
      return (await diagnose(home)).of("real gh");
    };
    const gh = `${home.directory}/bin/gh`;
    expect((await told("2.60.1"))?.message).toBe(
      `2.60.1 at ${gh}; compared were gh 2.46 and 2.96 to ${newestProven}: their differences are left to it`,
    );
    expect((await told("2.999.0"))?.message).toBe(
      `2.999.0 at ${gh}; newer than ${newestProven}, the newest that Octopool was compared with: ` +
        "0 shapes of commands are proven on this machine, 0 not yet",
    );
    const entry = { equal: 0, different: 2, difference: "output, line 1: gh prints a, Octopool b" };
    const shapes = {
      "issue view": entry,
      "pr list": { equal: 2, different: 0 },
      "pr view": { equal: 1, different: 0 },
    };
    const state = join(home.directory, "state");
    mkdirSync(join(state, "octopool"), { recursive: true });
    writeFileSync(join(state, "octopool", "proofs.json"), JSON.stringify({ x: { version: "2.999.0", shapes } }));
    const ahead = (await diagnose(home, { XDG_STATE_HOME: state })).of("real gh");
    expect(ahead).toMatchObject({
      status: "warning",
      message: expect.stringMatching(
        /1 shapes of commands are proven on this machine, 1 not yet; .*gh issue view: output/,
      ),
    });
  });

  test("another gh that comes first on PATH is named", async () => {
    const { home } = await healthyHome();
    const found = await diagnose(home);
    expect(found.of("gh on PATH")).toMatchObject({
      status: "warning",
      message: expect.stringContaining("/bin/gh comes first"),
    });
    expect(found.exitCode).toBe(0);
  });

  test("the shim says when curl is missing, and that one which is too old must go", async () => {
    const { home } = await healthyHome();
    await home.run("install-shim", "--dir", join(home.directory, "shim"));
    const PATH = `${home.directory}/shim:${home.env.PATH}`;
    home.script("curl", '#!/bin/sh\necho "curl 7.38.0 (x86_64-redhat-linux-gnu)"\n');
    expect((await diagnose(home, { PATH })).of("gh on PATH")).toMatchObject({
      status: "failure",
      message: expect.stringContaining("needs curl 7.40.0; this is 7.38.0"),
    });
    rmSync(join(home.directory, "bin/curl"));
    expect((await diagnose(home, { PATH })).of("gh on PATH")).toMatchObject({
      status: "warning",
      hint: "Install curl.",
    });
  });

  test("a variable with a value that means nothing is named", async () => {
    const { home } = await healthyHome();
    expect((await diagnose(home, { OCTOPOOL_RELAY_RETRIES: "many" })).of("variables")).toMatchObject({
      status: "failure",
      hint: "Correct or unset OCTOPOOL_RELAY_RETRIES.",
    });
  });

  test("a token file that others can read is a failure", async () => {
    const { home } = await healthyHome();
    chmodSync(join(home.directory, "config/octopool/credentials.json"), 0o644);
    expect((await diagnose(home)).of("token")).toMatchObject({
      status: "failure",
      hint: expect.stringContaining("chmod 600"),
    });
  });

  test("a socket directory that others can enter is a failure", async () => {
    const { home } = await healthyHome();
    mkdirSync(join(home.directory, "run/octopool"), { recursive: true });
    chmodSync(join(home.directory, "run/octopool"), 0o755);
    expect((await diagnose(home)).of("socket")).toMatchObject({
      status: "failure",
      message: expect.stringContaining("entered by others"),
    });
  });

  test("a clock that is far from the relay's is a failure", async () => {
    const hourAgo = new Date(Date.now() - 3_600_000).toUTCString();
    const relay = await startScriptedRelay(
      on("GET", "/.well-known/octopool", {
        status: 200,
        headers: { date: hourAgo },
        body: discoveryOf("http://127.0.0.1"),
      }),
    );
    expect((await diagnose(newHome({ OCTOPOOL_URL: relay.url }))).of("clock")).toMatchObject({
      status: "failure",
      message: "1 h ahead of the relay's",
    });
  });

  test.each([
    ["not set up", null, { status: "ok", message: expect.stringContaining("not set up") }],
    ["heard", {}, { status: "ok", message: expect.stringContaining("1 machine listens") }],
    [
      "late",
      { families: [{ ...pulls, state: "late" }] },
      { status: "warning", message: expect.stringContaining("late: pulls") },
    ],
    ["silent, which may be", { families: [{ ...pulls, state: "blind" }] }, { status: "ok" }],
    [
      "not subscribed",
      { families: [{ ...pulls, state: "blind", subscribed: false }] },
      { status: "warning", message: expect.stringContaining("does not get all events of pulls") },
    ],
    ["not compared", { verified_at: null }, { status: "warning", hint: expect.stringContaining("every five minutes") }],
    ["missing", { missing: 1 }, { status: "warning", hint: expect.stringContaining("asked for them again") }],
    [
      "without the App's key",
      { trouble: "no_app_key" },
      { status: "warning", hint: expect.stringContaining("POOL_APP_KEY") },
    ],
    ["not told by an older relay", undefined, { status: "skipped" }],
  ])("events that are %s", async (_state, more, found) => {
    const events = more && { ...feed, ...more };
    const body = more === undefined ? health : { ...health, events };
    const { home } = await healthyHome(on("GET", "/v1/pools/maintainers/health", { status: 200, body }));
    expect((await diagnose(home)).of("events")).toMatchObject(found);
  });

  test("a relay that is something else, a revoked token and a sick pool are told apart", async () => {
    const revoked = await healthyHome(
      on("GET", "/v1/pools/maintainers/health", failure(401, "invalid_auth", "Revoked.")),
    );
    const login = await diagnose(revoked.home);
    expect(login.of("login")).toMatchObject({ status: "failure", hint: expect.stringContaining("octopool login") });
    expect(login.of("pool")).toMatchObject({ status: "skipped" });

    const sick = { ...health, identities_healthy: 0 };
    const pool = await diagnose(
      (await healthyHome(on("GET", "/v1/pools/maintainers/health", { status: 200, body: sick }))).home,
    );
    expect(pool.of("login")).toMatchObject({ status: "ok" });
    expect(pool.of("pool")).toMatchObject({ status: "failure", message: "maintainers: 0 of 2 identities healthy" });

    const elsewhere = await startScriptedRelay(on("GET", "/.well-known/octopool", { status: 200, body: { hello: 1 } }));
    const server = await diagnose(newHome({ OCTOPOOL_URL: elsewhere.url }));
    expect(server.of("server")).toMatchObject({
      status: "failure",
      message: expect.stringContaining("is not a relay"),
    });
  });

  test("Node that is too old is a failure", () => {
    expect([checkNode("22.18.0").status, checkNode("22.19.0").status, checkNode("24.21.0").status]).toEqual([
      "failure",
      "ok",
      "ok",
    ]);
  });
});
