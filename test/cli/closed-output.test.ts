/** A reader that goes early, as `head` does, leaves nothing half done. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { entry, type Home, newHome } from "./support/octopool.ts";
import { startScriptedRelay } from "./support/relay.ts";

/** Runs a command whose output was closed before its first word. */
async function unread(home: Home, ...args: readonly string[]): Promise<{ exitCode: number | null; stderr: string }> {
  const child = spawn(process.execPath, [entry, ...args], { env: home.env, cwd: home.directory });
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  child.stdin.end();
  child.stdout.destroy();
  await once(child, "close");
  return { exitCode: child.exitCode, stderr };
}

const startupFiles = [".bashrc", ".profile", ".zshenv", ".zprofile", ".zshrc", "config/fish/config.fish"];
const ours = (home: Home) =>
  startupFiles
    .map((name) => join(home.directory, name))
    .filter((path) => existsSync(path) && readFileSync(path, "utf8").includes("octopool"));

test("install-shim sets up every shell, and uninstall-shim takes all of it back", async () => {
  const home = newHome({ PATH: process.env.PATH ?? "" });
  const installed = await unread(home, "install-shim");
  const touched = ours(home);
  expect(installed.stderr).not.toContain("EPIPE");
  expect(touched.length).toBeGreaterThan(0);
  expect(await home.run("install-shim", "--dry-run")).toMatchObject({
    stdout: expect.not.stringContaining("would"),
  });
  await unread(home, "uninstall-shim");
  expect(ours(home)).toEqual([]);
  expect((await home.run("uninstall-shim")).stdout).toBe("There is no shim to remove.\n");
});

test("login keeps its token, config its setting, and logout forgets both ways", async () => {
  const [relay, home] = [await startScriptedRelay(), newHome()];
  expect(await unread(home, "login", relay.url)).toMatchObject({ exitCode: 0 });
  expect((await home.run("whoami", "--json", "-q", ".accepted")).stdout).toBe("true\n");
  expect(await unread(home, "config", "set", "quiet_cache", "1")).toMatchObject({ exitCode: 0, stderr: "" });
  expect((await home.run("config", "get", "quiet_cache")).stdout).toBe("1\n");
  expect(await unread(home, "logout")).toMatchObject({ exitCode: 0 });
  expect((await home.run("whoami")).exitCode).not.toBe(0);
  expect(relay.received.at(-1)).toMatchObject({ path: "/v1/session" });
});

test("a command that follows a log ends with its reader", async () => {
  const home = newHome();
  await home.run("daemon", "start");
  appendFileSync(join(home.directory, "run/octopool/daemon.log"), "a line\n");
  expect(await unread(home, "daemon", "logs", "-f")).toMatchObject({ exitCode: 0, stderr: "" });
});
