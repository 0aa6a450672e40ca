/** A daemon takes over only harmless state from the process that starts it. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { leaveStarter } from "../../daemon/life/starter.ts";
import { inherited, inheritedFrom } from "../../shared/inherited.ts";
import { sentPresence } from "../../shared/protocol.ts";
import { eachTestHasMachine } from "./support/each-test.ts";
import { ended, type TestMachine } from "./support/machine.ts";
import type { RelayStandIn } from "./support/relay.ts";

test("no credential but our own, nothing of Node's and nothing of git's is inherited", () => {
  const names = Object.keys(inherited);
  expect(names.filter((name) => /^(NODE_|GIT_|GH_|SSL_|LC_|LANG|TZ$)|PRELOAD|SECRET|ADMIN/.test(name))).toEqual([]);
  for (const name of sentPresence) expect(names).not.toContain(name);
  const kept = inheritedFrom({ PATH: "/bin", HOME: "", AWS_SECRET_ACCESS_KEY: "x", NODE_OPTIONS: "--inspect" });
  expect(kept).toEqual({ PATH: "/bin", HOME: "" });
});

const limits = (changed: Readonly<Record<string, string>> = {}) =>
  Object.entries({
    "Max cpu time": "unlimited",
    "Max file size": "unlimited",
    "Max data size": "unlimited",
    "Max address space": "unlimited",
    "Max open files": "1024",
    ...changed,
  })
    .map(([name, soft]) => `${name.padEnd(26)}${soft.padEnd(21)}${soft.padEnd(21)}units`)
    .join("\n");

describe("limits", () => {
  test.each([
    [{}, undefined],
    [{ "Max open files": "64" }, "open files"],
    [{ "Max cpu time": "3600" }, "cpu time"],
    [{ "Max file size": "0" }, "file size"],
    [{ "Max address space": "4000000000" }, "address space"],
  ] as const)("%j: too low is %j", (changed, name) => {
    const leave = () => leaveStarter({ limits: () => limits(changed), raise: () => {} });
    if (name === undefined) expect(leave).not.toThrow();
    else expect(leave).toThrow(`would be limited (ulimit: ${name}).`);
  });

  test("are raised where that is allowed, all that are too low at once", () => {
    let list = limits({ "Max open files": "64", "Max cpu time": "10" });
    const raise = vi.fn(() => {
      list = limits();
    });
    leaveStarter({ limits: () => list, raise });
    expect(raise).toHaveBeenCalledExactlyOnceWith(["--nofile=4096", "--cpu=unlimited"]);
  });

  test("that cannot be raised are no place for a daemon", () => {
    const list = limits({ "Max open files": "64" });
    const raise = () => {
      throw new Error("not permitted");
    };
    expect(() => leaveStarter({ limits: () => list, raise })).toThrow(/would be limited \(ulimit: open files\)/);
  });
});

describe("a daemon", () => {
  let relay: RelayStandIn;
  let machine: TestMachine;
  eachTestHasMachine((stage) => {
    ({ relay, machine } = stage);
  });

  const read = ["api", "repos/acme/widgets/pulls/7"];

  test("that a gh starts has the closed list of its environment, its own mask and directory", async () => {
    relay.answer = () => ({ body: "fine" });
    const foreign = { AWS_SECRET_ACCESS_KEY: "x", GIT_CONFIG_COUNT: "0", NODE_TLS_REJECT_UNAUTHORIZED: "0", TZ: "UTC" };
    const isRoot = process.getuid?.() === 0;
    const nice = isRoot ? ["nice", "-n", "7"] : [];
    const run = [...nice, "sh", "-c", 'umask 0; exec "$@"', "sh", ...machine.command("gh", ...read)];
    const child = machine.start(run, { env: foreign });
    expect(await ended(child)).toMatchObject({ code: 0, stdout: "fine" });
    const [pid] = machine.daemons();
    const names = readFileSync(`/proc/${pid}/environ`, "utf8")
      .split("\0")
      .map((entry) => entry.replace(/=.*$/s, ""));
    const allowed = [
      ...Object.keys(inherited),
      "MALLOC_MMAP_THRESHOLD_",
      "MALLOC_TRIM_THRESHOLD_",
      "MALLOC_ARENA_MAX",
      "",
    ];
    expect(names.filter((name) => !allowed.includes(name))).toEqual([]);
    expect(readFileSync(`/proc/${pid}/status`, "utf8")).toMatch(/^Umask:\t0077$/m);
    expect(readFileSync(`/proc/${pid}/stat`, "utf8").split(" ")[18]).toBe("0");
  });

  test("that cannot take its socket's place says why, keeps neither lock nor process, and another can begin", async () => {
    mkdirSync(machine.socket, { recursive: true, mode: 0o700 });
    chmodSync(machine.runtime, 0o700);
    writeFileSync(join(machine.socket, "in-the-way"), "");
    const child = machine.start(machine.command("daemon", "run"));
    expect(await ended(child)).toMatchObject({ code: 1, stderr: expect.stringMatching(/EISDIR|ENOTEMPTY/) });
    expect(machine.daemons()).toEqual([]);
    rmSync(machine.socket, { recursive: true });
    await machine.startDaemon();
    expect((await machine.ask("GET", "/status")).status).toBe(200);
  });

  test("waits for no pipe that lies where its files should be", async () => {
    relay.answer = () => ({ body: "fine" });
    const places = ["daemon.log", "written/1", "notices/relay_outage"];
    for (const place of places) {
      mkdirSync(dirname(join(machine.runtime, place)), { recursive: true, mode: 0o700 });
      spawnSync("mkfifo", [join(machine.runtime, place)]);
    }
    mkdirSync(join(machine.home, ".config/gh"), { recursive: true });
    spawnSync("mkfifo", [join(machine.home, ".config/gh/config.yml")]);
    await machine.startDaemon();
    machine.installGh();
    // The settings cannot be read, so an alias may hide anything: the real gh runs.
    expect(await machine.gh(read)).toMatchObject({ code: 0, stdout: `real gh: ${read.join(" ")}\n` });
    rmSync(join(machine.home, ".config/gh/config.yml"));
    expect(await machine.gh(read)).toMatchObject({ code: 0, stdout: "fine" });
    relay.answer = () => ({ status: 500 });
    expect(await machine.gh(["api", "repos/acme/widgets/pulls/8"])).toMatchObject({ code: 0 });
  });

  test("answers no client with other mounts; the client does so itself", async () => {
    relay.answer = () => ({ body: "fine" });
    await machine.startDaemon();
    const form = (mounts: string) => `cwd=/&arg=api&arg=repos/acme/widgets/pulls/7&mounts=${mounts}`;
    expect((await machine.ask("POST", "/gh", { body: form("1") })).status).toBe(409);
    expect((await machine.ask("POST", "/explain", { body: form("1") })).status).toBe(503);
    const own = /^\d+/.exec(readFileSync("/proc/self/mountinfo", "utf8"))?.[0] ?? "unknown";
    expect((await machine.ask("POST", "/gh", { body: form(own) })).status).toBe(200);
  });

  test("answers no client in another network, and gives the script something to tell by", async () => {
    relay.answer = () => ({ body: "fine" });
    await machine.startDaemon();
    const form = (network: string) => `cwd=/&arg=api&arg=repos/acme/widgets/pulls/7&net=${encodeURIComponent(network)}`;
    const own = readlinkSync("/proc/self/ns/net");
    expect((await machine.ask("POST", "/gh", { body: form("net:[1]") })).status).toBe(409);
    expect((await machine.ask("POST", "/explain", { body: form("net:[1]") })).status).toBe(503);
    expect((await machine.ask("POST", "/gh", { body: form(own) })).status).toBe(200);
    expect(statSync(join(machine.runtime, "net")).ino).toBe(statSync("/proc/self/ns/net").ino);
  });

  test("never ends a read with a status or a header that HTTP has no room for", async () => {
    await machine.startDaemon();
    for (const [number, answer] of [{ status: 100 }, { status: 700 }, { headers: { "not a name": "x" } }].entries()) {
      relay.answer = () => ({ body: "{}", ...answer });
      const { status } = await machine.ask("GET", `/github/repos/acme/widgets/pulls/${number}`);
      // The relay's answer is invalid where it is parsed already, or cannot be sent on: never 500, never a wait.
      expect([421, 502]).toContain(status);
    }
  });

  test("reaches the relay by each caller's own proxy", async () => {
    relay.answer = () => ({ body: "fine" });
    machine.installGh();
    // An address of this machine's that does not look like one: those are never reached through a proxy.
    machine.env.OCTOPOOL_URL = `http://[::ffff:127.0.0.1]:${relay.port}`;
    machine.env.OCTOPOOL_ALLOW_INSECURE_LOGIN = "1";
    const dead = { HTTP_PROXY: "http://127.0.0.1:9", OCTOPOOL_RELAY_RETRIES: "0" };
    await machine.startDaemon(dead);
    for (let i = 0; i < 4; i++) expect((await machine.gh(read, { env: dead })).stdout).toMatch(/^real gh/);
    expect(await machine.gh(read)).toMatchObject({ code: 0, stdout: "fine" });
  });
});
