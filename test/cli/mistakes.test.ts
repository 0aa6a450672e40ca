/** Mistakes of users are reported as such, with a remedy; never as a defect of Octopool. */
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { newHome } from "./support/octopool.ts";
import { failure, on, startScriptedRelay } from "./support/relay.ts";

const asRoot = process.getuid?.() === 0;
const curl = "#!/bin/sh\necho 'curl 8.5.0 (x86_64)'\n";

describe("install-shim", () => {
  test("a directory that cannot be made is named with the reason and another way", async () => {
    const home = newHome();
    home.script("curl", curl);
    const file = home.script("gh-notes", "");
    for (const directory of [join(file, "x"), join(file, "x/y/z"), "/proc/octopool/bin"]) {
      const { exitCode, stderr } = await home.run("install-shim", "--dir", directory);
      expect({ exitCode, stderr }).toEqual({
        exitCode: 2,
        stderr: expect.stringMatching(/gh cannot be written: .*\n.*Choose a directory that you can write/),
      });
      expect(stderr).not.toMatch(/inside octopool|EACCES|ENOTDIR/);
    }
  });

  test.skipIf(asRoot)("so is one that may not be written", async () => {
    const home = newHome();
    home.script("curl", curl);
    const locked = join(home.directory, "locked");
    mkdirSync(locked);
    chmodSync(locked, 0o555);
    expect(await home.run("install-shim", "--dir", join(locked, "bin"))).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("you may not write there"),
    });
  });

  test("a dry run after an installation says that nothing would change", async () => {
    const home = newHome({ PATH: `${process.env.PATH}` });
    const run = (...args: readonly string[]) =>
      home.runWith({ PATH: `${home.env.PATH}:/usr/bin:/bin` }, "install-shim", "--shell", "bash", ...args);
    expect((await run("--dry-run")).stdout).toMatch(/^~\/.*gh would be written\n.*would change/);
    await run();
    const { stdout } = await run("--dry-run");
    expect(stdout).toContain("gh is up to date already");
    expect(stdout).not.toMatch(/would/);
    expect(stdout).not.toContain(home.directory);
  });
});

describe("a token that the relay refuses", () => {
  test("from OCTOPOOL_TOKEN is not mended by a login", async () => {
    const [relay, home] = [await startScriptedRelay(), newHome()];
    await home.here("login", relay.url);
    for (const command of ["whoami", "stats", "health"]) {
      const { stderr, exitCode } = await home.hereWith({ OCTOPOOL_TOKEN: `op_${"x".repeat(43)}` }, command);
      expect({ exitCode, stderr }).toEqual({
        exitCode: 4,
        stderr: expect.stringContaining("OCTOPOOL_TOKEN goes before the login: correct it, or unset it."),
      });
    }
  });

  test("for another pool than the login's names both pools", async () => {
    const refusal = failure(401, "invalid_auth", "The token is unknown here, or its pool was not granted.");
    const relay = await startScriptedRelay(
      on("GET", "/v1/pools/nope/stats", refusal),
      on("GET", "/v1/pools/nope/health", refusal),
    );
    const home = newHome();
    await home.here("login", relay.url);
    const said = 'You are logged in for pool maintainers; "nope" does not exist, or was not granted to you.';
    expect((await home.here("stats", "--pool", "nope")).stderr).toContain(`${said}\n  → Leave out --pool`);
    expect((await home.hereWith({ OCTOPOOL_POOL: "nope" }, "stats")).stderr).toContain(
      `${said}\n  → Unset OCTOPOOL_POOL`,
    );
    expect((await home.here("doctor", "--pool", "nope")).stdout).toContain(said);
  });
});

describe("doctor", () => {
  test("names a variable that does not exist, and the one that was meant", async () => {
    const home = newHome({ OCTOPOOL_FRESCH: "1" });
    const { stdout } = await home.here("doctor");
    expect(stdout).toMatch(/! variables +no such variable: OCTOPOOL_FRESCH\n.*Did you mean OCTOPOOL_FRESH\?/);
  });

  test("counts a relay that is down once, and does not advise to run doctor", async () => {
    const home = newHome({ OCTOPOOL_URL: "http://127.0.0.1:9", OCTOPOOL_TOKEN: `op_${"x".repeat(43)}` });
    home.script("gh", "#!/bin/sh\necho 'gh version 2.46.0 (2024-01-01)'\n");
    const { stdout } = await home.here("doctor");
    expect(stdout).toMatch(/✗ server .*\n.*Check the address/);
    expect(stdout).not.toContain("octopool doctor");
    expect(stdout).toContain("1 thing to repair");
  });
});

test("https to a server that speaks http is said so, with the address that it may be", async () => {
  const [relay, home] = [await startScriptedRelay(), newHome()];
  const address = relay.url.replace("http:", "https:");
  expect(await home.here("login", address)).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(new RegExp(`it does not speak https\\.\n.*Is it ${relay.url}\\?`)),
  });
});

test("without gh, a login says how to get a token and not to run gh", async () => {
  const [relay, home] = [await startScriptedRelay(), newHome()];
  const { stderr } = await home.hereWith({ GH_TOKEN: "" }, "login", relay.url);
  expect(stderr).toContain("Install gh from https://cli.github.com and log in with it, or set GH_TOKEN.");
});

test("an explained command that is quoted as one word, or mistyped, is told as such", async () => {
  const home = newHome();
  expect(await home.here("explain", "gh pr view 7")).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining("octopool explain gh pr view 7"),
  });
  expect((await home.here("explain", "gh", "pr", "lst")).stdout).toContain("did you mean `gh pr list`?");
  expect((await home.here("explain", "gh", "pr", "merge", "7")).stdout).toContain("it may change something on GitHub");
});

test("an operator's mistakes are checked before the relay is asked, and name the allowed values", async () => {
  const home = newHome({ OCTOPOOL_ADMIN_TOKEN: "secret", OCTOPOOL_URL: "http://127.0.0.1:9" });
  const mistakes: readonly (readonly [readonly string[], string])[] = [
    [
      ["identity", "weight", "bot1", "5000"],
      "The weight 5000 cannot be used: use at most 1000.\n  → See `octopool admin identity weight --help`.",
    ],
    [["identity", "weight", "bot1", "0"], "The weight 0 cannot be used: use more than 0."],
    [["cache", "purge", "--repo", "x"], "--repo x is not a repository."],
    [["audit", "--since", "40d"], '--since "40d" is not a time span.'],
  ];
  for (const [args, message] of mistakes)
    expect(await home.here("admin", ...args)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(message) });
});
