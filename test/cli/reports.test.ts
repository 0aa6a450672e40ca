import { describe, expect, test } from "vitest";
import { answersOf } from "../../cli/stats/figures.ts";
import { percent, renderStats } from "../../cli/stats/render.ts";
import { createStyle } from "../../cli/style.ts";
import { apiCallsSaved, exhaustedAt } from "../../shared/stats.ts";
import { newHome } from "./support/octopool.ts";
import { failure, health, on, type StandInRoute, startScriptedRelay, stats } from "./support/relay.ts";
import { cells } from "./support/screen.ts";

async function loggedIn(...routes: readonly StandInRoute[]) {
  const [relay, home] = [await startScriptedRelay(...routes), newHome()];
  await home.here("login", relay.url);
  return { relay, home };
}

describe("stats", () => {
  test("shows the sources of answers, the API calls made and saved, and the reasons for gh's", async () => {
    const { home } = await loggedIn();
    const { stdout, exitCode, stderr } = await home.run("stats");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatchInlineSnapshot(`
      "Pool maintainers · last 24 h

        ##############################################++++++++================--------
        # relay's cache                  6  60%
        + shared with another's read     1  10%
        = GitHub                         2  20%
        - left to your own gh or token   1  10%
          requests                      10

      GitHub API
        API calls made        3
        API calls saved       6  compared with one call per read
        in the relay's cache  4  answers, 2.0 KiB

      Top routes
        pr_view  10  ████████████████████  60%  from cache, 3 GitHub calls

      Why the pool did not answer
        repo_not_public  1
      "
    `);
    expect(stdout).not.toContain("\u001b");
  });

  test("hands the window and the machine to the relay", async () => {
    const { relay, home } = await loggedIn();
    await home.here("stats", "--since", "7d", "--client", "build 1");
    expect(relay.received.at(-1)?.path).toBe("/v1/pools/maintainers/stats?since=7d&client=build+1");
  });

  test("--json is the relay's numbers and this machine's, on one line in a pipe", async () => {
    const { home } = await loggedIn();
    const { stdout } = await home.run("stats", "--json");
    expect(stdout.trimEnd()).not.toContain("\n");
    expect(JSON.parse(stdout)).toEqual({ relay: stats, daemon: null, client: "laptop" });
  });

  test("a window is checked before the relay is asked, as any other argument", async () => {
    const { home, relay } = await loggedIn();
    const before = relay.received.length;
    for (const since of ["5x", "0h", "31d", "-1h", ""])
      expect(await home.here("stats", `--since=${since}`)).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining("Use 30m, 24h or 7d, up to 30d."),
      });
    expect(relay.received.length).toBe(before);
  });

  test("a window the relay refuses is said with the form it wants", async () => {
    const { home } = await loggedIn(
      on("GET", "/v1/pools/maintainers/stats", failure(400, "invalid_window", "The window is too long.")),
    );
    expect(await home.here("stats", "--since", "30d")).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("at most 30d"),
    });
  });

  test("an answer in another form is a mismatch of versions, not a crash", async () => {
    const { home } = await loggedIn(on("GET", "/v1/pools/maintainers/stats", { status: 200, body: { pool: 1 } }));
    expect(await home.here("stats")).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("Update octopool") });
  });

  test("every request is counted under one answer, and a hit that cost a visibility check is not called saved", () => {
    const row = { ...stats.totals, hits: 6, misses: 3, revalidated: 1, coalesced: 2, bypass: 0, github_calls: 9 };
    expect(answersOf({ ...row, requests: 13 })).toEqual({
      cache: 6,
      coalesced: 2,
      github: 2,
      fallback: 1,
      refused: 2,
      failed: 0,
    });
    expect(apiCallsSaved(row)).toBe(1);
    expect(apiCallsSaved({ ...row, github_calls: 50 })).toBe(-40);
    // Rows add up to their total.
    const other = { ...row, hits: 0, misses: 1, revalidated: 0, github_calls: 3 };
    const both = { ...row, hits: 6, misses: 4, revalidated: 1, github_calls: 12 };
    expect(apiCallsSaved(row) + apiCallsSaved(other)).toBe(apiCallsSaved(both));
  });

  test("percents never claim nothing for something, nor all for nearly all", () => {
    expect([percent(0, 5), percent(1, 1000), percent(999, 1000), percent(5, 5), percent(0, 0)]).toEqual([
      "0%",
      "<1%",
      ">99%",
      "100%",
      "0%",
    ]);
  });

  test("reads of other hosts have lines of their own", () => {
    const none = { unchanged: 0, paid: 0, coalesced: 0, kept: 0 };
    const via = { commands: 0, requests: 0, unchanged: 0, paid: 0, queries: 0, points: 0, kept: 0, coalesced: 0 };
    const machine = { uptimeSeconds: 60, local: 0, coalesced: 0, stale: 0, relayed: 0, refused: 0, outages: 0 };
    const counters = { ...machine, commandsAnswered: 4, commandsHandedOver: 0, githubCalls: 0, githubCallsSaved: 0 };
    const hosts = { "git.example.org": { ...none, unchanged: 3, paid: 1 } };
    const own = { own: { ...none, hosts }, via, counters };
    const report = { relay: stats, daemon: machine, client: "laptop", own };
    const lines = renderStats(report, { style: createStyle({}, false), columns: 80 });
    const told = cells(lines.join("\n")).filter(([name = ""]) => name.includes("git.example.org"));
    expect(told).toEqual([
      ["git.example.org, unchanged", "3", "cost nothing"],
      ["git.example.org, changed or new", "1", "one request of your rate limit there each"],
    ]);
  });

  test("no line is wider than the terminal", () => {
    const report = {
      relay: stats,
      daemon: { uptimeSeconds: 60, local: 5, coalesced: 1, relayed: 4 },
      client: "laptop",
    };
    const lines = renderStats(report, { style: createStyle({}, false), columns: 80 });
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines.join("\n")).toMatch(/from its own memory +5 +50%/);
    // Each sign of the list stands in a bar above it.
    const own = lines.slice(lines.findIndex((line) => line.startsWith("This machine")));
    expect(own[1]).toMatch(/^ {2}#+\++=+$/);
    expect(lines.join("\n")).not.toMatch(/by 1 [hd]/);
  });
});

describe("exhaustedAt", () => {
  const resetAt = Date.parse("2026-01-01T01:00:00Z");
  const window = { resource: "core", limit: 5000, remaining: 1000, reset_at: new Date(resetAt).toISOString() };

  test("a rate limit that is spent faster than it lasts runs out before its reset", () => {
    const half = resetAt - 1_800_000;
    expect(exhaustedAt(window, half)).toBe(half + 450_000);
    expect(exhaustedAt({ ...window, remaining: 0 }, half)).toBe(half);
  });

  test("one that lasts, is unused, or has just begun, is not said to run out", () => {
    expect(exhaustedAt({ ...window, remaining: 4000 }, resetAt - 1_800_000)).toBeUndefined();
    expect(exhaustedAt({ ...window, remaining: 5000 }, resetAt - 1_800_000)).toBeUndefined();
    expect(exhaustedAt({ ...window, remaining: 4900 }, resetAt - 3_590_000)).toBeUndefined();
  });

  test("searches have windows of a minute", () => {
    const search = { resource: "search", limit: 30, remaining: 10, reset_at: new Date(resetAt).toISOString() };
    expect(exhaustedAt(search, resetAt - 30_000)).toBe(resetAt - 15_000);
  });
});

describe("health", () => {
  test("shows each budget with its rest and when it starts anew", async () => {
    const { home } = await loggedIn();
    const { stdout, exitCode } = await home.run("health");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Pool maintainers: 2 of 2 identities healthy/);
    expect(stdout).toMatch(/user:bot +core +█+·+ +4,000 of 5,000 +resets in/);
  });

  test("ends with 1 when no identity can answer, so that scripts can ask", async () => {
    const sick = {
      ...health,
      identities_healthy: 0,
      recent_errors: [{ code: "github_unreachable", reason: null, count: 3, last_at: "2026-01-01T00:00:00Z" }],
    };
    const { home } = await loggedIn(on("GET", "/v1/pools/maintainers/health", { status: 200, body: sick }));
    const { stdout, exitCode } = await home.here("health");
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/3× +github_unreachable/);
  });
});

describe("request", () => {
  const envelope = '{"status":200,"headers":{},"relay":{},"body":{"id":9007199254740993, "b":1.0}}';

  test("prints the envelope byte for byte and sends exactly the given request", async () => {
    const { relay, home } = await loggedIn(on("POST", "/v1/github/request", { status: 200, body: envelope }));
    const asked = [
      "--path",
      "/repos/o/r/issues",
      "--query",
      "state=open",
      "--query",
      "labels=a=b",
      "--query",
      "state=all",
    ];
    const { stdout, exitCode } = await home.run("request", ...asked, "--header", "cache-control=max-age=0");
    expect({ stdout, exitCode }).toEqual({ stdout: `${envelope}\n`, exitCode: 0 });
    expect(relay.received.at(-1)?.body).toEqual({
      pool: "maintainers",
      method: "GET",
      path: "/repos/o/r/issues",
      query: { state: ["open", "all"], labels: "a=b" },
      headers: { "cache-control": "max-age=0" },
    });
  });

  test("a fallback names its reason and the way out", async () => {
    const { home } = await loggedIn(
      on("POST", "/v1/github/request", failure(424, "fallback_local", "Not public.", { reason: "repo_not_public" })),
    );
    const { stderr, exitCode } = await home.here("request", "--path", "/repos/o/r");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("Not public. (repo_not_public)");
    expect(stderr).toContain("gh api");
    expect(stderr).toContain("fallback_local, request req-1");
  });

  test("a pair without an equals sign is bad usage", async () => {
    const { home } = await loggedIn();
    expect(await home.here("request", "--path", "/x", "--query", "state")).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("--query key=value"),
    });
  });
});

test("colours follow the terminal, NO_COLOR and CLICOLOR_FORCE", () => {
  const coloured = (env: Record<string, string>, terminal: boolean) => createStyle(env, terminal).enabled;
  expect(coloured({}, true)).toBe(true);
  expect(coloured({}, false)).toBe(false);
  expect(coloured({ NO_COLOR: "1" }, true)).toBe(false);
  expect(coloured({ NO_COLOR: "1", CLICOLOR_FORCE: "1" }, true)).toBe(false);
  expect(coloured({ CLICOLOR_FORCE: "1" }, false)).toBe(true);
  expect(coloured({ CLICOLOR: "0" }, true)).toBe(false);
  expect(coloured({ TERM: "dumb" }, true)).toBe(false);
});
