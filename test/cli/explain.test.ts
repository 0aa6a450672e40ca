import { describe, expect, test } from "vitest";
import { newHome } from "./support/octopool.ts";
import { envelope, on, startScriptedRelay } from "./support/relay.ts";

const issue = '{"id":1,"number":7,"title":"Broken","user":{"login":"mona"}}';

async function loggedIn() {
  const relay = await startScriptedRelay(
    on("POST", "/v1/github/request", () => envelope(issue, { route_kind: "issue_view" })),
  );
  const home = newHome();
  home.script("gh", "#!/bin/sh\necho the real gh ran >&2\nexit 3\n");
  await home.here("login", relay.url);
  const reads = () => relay.received.filter(({ path }) => path === "/v1/github/request").length;
  return { home, reads };
}

describe("explain", () => {
  test("a write is the real gh's, and no daemon is asked", async () => {
    const { home } = await loggedIn();
    const { stdout, stderr, exitCode } = await home.run("explain", "gh", "pr", "merge", "7");
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
    expect(stdout).toMatch(/^\$ gh pr merge 7\n\n→ Runs the real gh \(.*\/bin\/gh\)/);
    expect(stdout).toContain("Why: it may change something on GitHub.");
    expect(stdout).not.toContain("the real gh ran");
    expect((await home.run("doctor")).stdout).toContain("not running");
  });

  test("a read names its requests, and sends none", async () => {
    const { home, reads } = await loggedIn();
    const { stdout } = await home.run("explain", "gh", "api", "/repos/acme/web/issues/7?x=1");
    expect(stdout).toContain("→ Answered through the relay; with your own token if");
    expect(stdout).toMatch(/○ \/repos\/acme\/web\/issues\/7/);
    expect(stdout).toContain("not in memory: the relay is asked");
    expect(stdout).toContain("… and further reads that depend on those answers.");
    expect(stdout).toContain("Cost: 1 request so far: 1 of the pool's, paid once for all its callers.");
    expect(stdout).toContain("      gh itself makes 1 request, of your own rate limit.");
    expect(reads()).toBe(0);
  });

  test("an answer in memory is shown with its age, and costs nothing", async () => {
    const { home, reads } = await loggedIn();
    expect((await home.run("gh", "api", "/repos/acme/web/issues/7", "--jq", ".title")).stdout).toBe("Broken\n");
    expect(reads()).toBe(1);
    const { stdout } = await home.run("explain", "gh", "api", "/repos/acme/web/issues/7", "--jq", ".title");
    expect(stdout).toContain("→ Answered here, from this machine's memory.");
    expect(stdout).toMatch(/● \/repos\/acme\/web\/issues\/7\n +issue_view: in memory, \d+ s old, fresh for \d+ s more/);
    expect(stdout).toContain("Cost: nothing.");
    expect(reads()).toBe(1);
    const live = await home.runWith({ OCTOPOOL_FRESH: "1" }, "explain", "gh", "api", "/repos/acme/web/issues/7");
    expect(live.stdout).toContain("GitHub is asked: OCTOPOOL_FRESH is set");
    expect(live.stdout).toContain("Cost: at most 1 request: 1 free while unchanged.");
    expect(reads()).toBe(1);
  });

  test("a command that only gh can answer is shown with gh's own requests", async () => {
    const { home } = await loggedIn();
    const { stdout } = await home.run("explain", "gh", "run", "view", "41", "--log", "-R", "acme/web");
    expect(stdout).toContain("Why: logs come as an archive.");
    expect(stdout).toContain("Cost: gh itself makes 3 requests, of your own rate limit.");
    const write = JSON.parse((await home.run("explain", "--json", "gh", "pr", "merge", "7")).stdout);
    expect(write).toMatchObject({ outcome: "native", cost: null });
  });

  test("--json before the command is ours, behind it gh's", async () => {
    const { home } = await loggedIn();
    const { stdout } = await home.run("explain", "--json", "gh", "api", "/repos/acme/web/issues/7");
    expect(JSON.parse(stdout)).toMatchObject({
      command: ["gh", "api", "/repos/acme/web/issues/7"],
      outcome: "read",
      write: false,
      complete: false,
      reads: [{ path: "/repos/acme/web/issues/7", state: "unknown", kind: "issue_view", price: "shared" }],
      cost: { requests: 1, free: 0, shared: 1, paid: 0, gh: { requests: 1, orMore: false } },
    });
    const native = await home.run("explain", "gh", "issue", "create", "--json");
    expect(native.stdout).toMatch(/^\$ gh issue create --json\n/);
  });

  test("answers that depend on the caller, and those of a machine without a login, are read with the caller's own token", async () => {
    const alone = newHome();
    const viewer = await alone.run("explain", "gh", "api", "user");
    expect(viewer.stdout).toContain("by GitHub with your own token");
    expect(viewer.stdout).toContain("of your own rate limit");
    const read = await alone.run("explain", "gh", "api", "/repos/acme/web/issues/7");
    expect(read.stdout).toContain("you are not logged in to a relay");
  });

  test("without a login and without a token it is the real gh's", async () => {
    const stranger = await newHome({ GH_TOKEN: "" }).run("explain", "gh", "api", "/repos/acme/web/issues/7");
    expect(stranger.stdout).toContain("you are not logged in to a relay");
    expect(stranger.stdout).toContain("(none is installed)");
  });

  test("a token that no header can hold is not sent, as by gh", async () => {
    const { home } = await loggedIn();
    const { stdout } = await home.runWith(
      { OCTOPOOL_TOKEN: "op_\n" },
      "explain",
      "gh",
      "api",
      "/repos/acme/web/issues/7",
    );
    expect(stdout).toContain("→ Answered through the relay");
  });

  test("without a command it is bad usage", async () => {
    expect(await newHome().here("explain")).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("Which command?"),
    });
  });
});

test("stats shows the answers of this machine's daemon itself", async () => {
  const { home } = await loggedIn();
  for (let round = 0; round < 3; round++) await home.run("gh", "api", "/repos/acme/web/issues/7", "--jq", ".title");
  expect(JSON.parse((await home.here("stats", "--json")).stdout).daemon).toMatchObject({ local: 2, relayed: 1 });
  expect((await home.here("stats")).stdout).toMatch(/from its own memory +2 +67%/);
});
