/** Tools of every day: status, version, config, request as gh api takes it, -q, ls, man, units, and suggestions. */
import { describe, expect, test } from "vitest";
import { entry, newHome } from "./support/octopool.ts";
import { on, type StandInRoute, startScriptedRelay } from "./support/relay.ts";
import { cells } from "./support/screen.ts";

async function loggedIn(...routes: readonly StandInRoute[]) {
  const [relay, home] = [await startScriptedRelay(...routes), newHome()];
  await home.here("login", relay.url);
  return { relay, home };
}

describe("status", () => {
  test("is one screen of login, relay, daemon, shim, gh and rate limits", async () => {
    const { relay, home } = await loggedIn();
    const { stdout } = await home.run("status");
    expect(cells(stdout.replace(/in \d+ ms/, "in N ms"))).toEqual([
      ["octopool 0.1.0"],
      ["✓ Login", "as mona, this machine is laptop"],
      ["✓ Relay", `${relay.url} answers in N ms`],
      ["✓ Pool", "maintainers: 2 of 2 identities healthy"],
      ["✓ Daemon", "not running; it starts with the first read"],
      ["! Shim", "there is no gh on PATH"],
      ["✗ Real gh", "none found"],
      [""],
      ["Rate limits"],
      ["user:bot", "core", "████████··", "4,000 of 5,000", "resets in 0 s"],
      [""],
      ["API calls saved by this machine's memory since its daemon started: 0"],
      ["Remedies: octopool doctor"],
    ]);
    expect(stdout.split("\n").every((line) => line.length <= 80)).toBe(true);
  });

  test("ends with 1 where something is broken, and names doctor", async () => {
    expect(await newHome({ OCTOPOOL_URL: "http://127.0.0.1:9" }).here("status")).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/✗ Login +you are not logged in[\s\S]*octopool doctor/),
    });
  });
});

describe("config", () => {
  test("a setting holds until it is unset, and a variable goes before it", async () => {
    const home = newHome();
    expect(await home.run("config", "get", "pool")).toMatchObject({ exitCode: 1, stdout: "" });
    await home.run("config", "set", "pool", "bots");
    expect((await home.run("config", "get", "pool")).stdout).toBe("bots\n");
    expect((await home.runWith({ OCTOPOOL_POOL: "other" }, "config", "get", "pool")).stdout).toBe("other\n");
    await home.run("config", "unset", "pool");
    expect((await home.run("config", "get", "pool")).exitCode).toBe(1);
  });

  test("commands and gh's reads follow it", async () => {
    const { relay, home } = await loggedIn();
    await home.here("config", "set", "pool", "bots");
    await home.here("stats");
    expect(relay.received.at(-1)?.path).toContain("/v1/pools/bots/stats");
    await home.run("gh", "api", "repos/acme/tool/issues/7");
    const asked = relay.received.find(({ path }) => path === "/v1/github/request");
    expect(asked?.body).toMatchObject({ pool: "bots" });
  });

  test("a value that cannot be used, and a setting that there is not, are refused", async () => {
    const home = newHome();
    for (const [key, value, said] of [
      ["idle_seconds", "soon", "must be a whole number"],
      ["fresh", "maybe", "must be 1 or 0"],
      ["poool", "x", "Did you mean pool?"],
      ["pool", "", "cannot be set to nothing"],
    ] as const)
      expect(await home.here("config", "set", key, value)).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining(said),
      });
  });
});

describe("request takes a path as gh api does", () => {
  const echo = on("POST", "/v1/github/request", ({ body }) => ({ status: 200, body }));
  const asked = { path: "/repos/o/r/issues", query: { state: "open", per_page: "5" } };

  test.each([
    ["repos/o/r/issues?state=open&per_page=5"],
    ["/repos/o/r/issues?state=open&per_page=5"],
    ["https://api.github.com/repos/o/r/issues?state=open&per_page=5"],
  ])("%s", async (path) => {
    const { home } = await loggedIn(echo);
    expect(JSON.parse((await home.here("request", path)).stdout)).toMatchObject(asked);
  });

  test("and its older form, and names missing values", async () => {
    const { home } = await loggedIn(echo);
    const old = ["--path", "/repos/o/r/issues", "--query", "state=open", "--query", "per_page=5"];
    expect(JSON.parse((await home.run("request", ...old)).stdout)).toMatchObject(asked);
    expect((await home.run("request", "repos/o/r", "-q", ".path")).stdout).toBe("/repos/o/r\n");
    expect(await home.run("request", "repos/o/r", "-q", ".[")).toMatchObject({ exitCode: 2, stdout: "" });
    expect(await home.run("request")).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("Which path?") });
  });
});

describe("-q", () => {
  test("is jq on the output of --json, without quotes around text, wherever there is --json", async () => {
    const { home } = await loggedIn();
    expect((await home.run("stats", "-q", ".relay.pool, .relay.totals.requests")).stdout).toBe("maintainers\n10\n");
    expect((await home.run("whoami", "--json", "--jq", ".login")).stdout).toBe("mona\n");
    expect((await home.run("health", "-q", ".remaining_by_resource")).stdout).toBe('{"core":9000}\n');
    expect((await home.run("version", "-q", ".platform")).stdout).toBe(`${process.platform}\n`);
  });

  test("an expression that is none is the user's mistake", async () => {
    expect(await newHome().run("version", "-q", "bad(")).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("The jq expression cannot be used"),
    });
  });
});

test("words of gh, of other tools, and typing mistakes are answered with the command that was meant", async () => {
  const home = newHome();
  for (const [words, meant] of [
    [["pr", "list", "-R", "o/r"], "Did you mean `octopool gh pr list -R o/r`?"],
    [["prs"], "Did you mean `octopool gh pr`?"],
    [["cache", "clear"], "Did you mean `octopool daemon restart`?"],
    [["statsu"], "Did you mean one of stats, status?"],
    [["restart"], "Did you mean `octopool daemon restart`?"],
  ] as const)
    expect(await home.here(...words)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(meant) });
});

test("ls is list, and groups are known by their plurals", async () => {
  const home = newHome({ OCTOPOOL_ADMIN_TOKEN: "x".repeat(40) });
  for (const words of [
    ["admin", "callers", "ls"],
    ["admin", "caller", "ls"],
    ["admin", "pools", "list"],
  ])
    expect((await home.hereWith({ OCTOPOOL_URL: "http://127.0.0.1:9" }, ...words)).stderr).toContain(
      "cannot be reached",
    );
  expect((await home.here("config", "ls")).exitCode).toBe(0);
});

test("the manual page has every command, and no line that roff takes for an order", async () => {
  const { stdout } = await newHome().run("man");
  expect(stdout.split("\n")[0]).toBe('.TH OCTOPOOL 1 "" "octopool 0.1.0" "User Commands"');
  for (const command of ["status", "config set", "daemon unit", "admin identity add"])
    expect(stdout).toContain(`.SS octopool ${command}`);
  const orders = stdout.split("\n").flatMap((line) => /^[.'](\S*)/.exec(line)?.[1] ?? []);
  expect(orders.filter((order) => !["TH", "SH", "SS", "TP", "B", "BR"].includes(order))).toEqual([]);
});

test("a unit runs this octopool in the foreground", async () => {
  const home = newHome();
  const command = [process.execPath, entry, "daemon", "run"];
  const { stdout: systemd } = await home.run("daemon", "unit", "--systemd");
  expect(systemd.split("\n")).toContain(`ExecStart=${command.join(" ")}`);
  const { stdout: launchd } = await home.run("daemon", "unit", "--launchd");
  expect([...launchd.matchAll(/<string>(.*)<\/string>/g)].map(([, word]) => word)).toEqual(
    expect.arrayContaining(command),
  );
  expect((await home.run("daemon", "unit", "--systemd", "--launchd")).exitCode).toBe(2);
});
