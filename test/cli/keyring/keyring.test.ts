/**
 * The system keyring, with a real gnome-keyring on a private session bus. `npm run test:keyring` runs these alone; a
 * machine without dbus-daemon and gnome-keyring-daemon (apt-get install dbus gnome-keyring) skips their tests.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { systemKeyring } from "../../../shared/settings/credentials/keyring.ts";
import { removeTree } from "../../support/remove-tree.ts";
import { type Home, newHome } from "../support/octopool.ts";
import { startScriptedRelay, token } from "../support/relay.ts";

const installed = ["/usr/bin/dbus-daemon", "/usr/bin/gnome-keyring-daemon"].every((path) => existsSync(path));
const needs = "(needs dbus-daemon and gnome-keyring-daemon)";

/** A session bus of our own; resolves with its address. */
async function startBus(directory: string): Promise<string> {
  const address = `unix:path=${join(directory, "bus")}`;
  const bus = spawn("/usr/bin/dbus-daemon", ["--session", "--nofork", "--print-address", `--address=${address}`], {
    stdio: ["ignore", "pipe", "ignore"],
    // Nothing of the machine's may be started by name on this bus.
    env: { HOME: directory, XDG_DATA_DIRS: directory, XDG_DATA_HOME: directory },
  });
  endWithTest(bus);
  return new Promise((resolve, reject) => {
    bus.stdout.setEncoding("utf8").once("data", (text: string) => resolve(text.trim()));
    bus.once("error", reject);
  });
}

/** The keyring's daemon on that bus. With a password its keyring is open, without one it stays locked. */
async function startKeyring(directory: string, address: string, password: string | undefined): Promise<ChildProcess> {
  const env = {
    HOME: directory,
    XDG_RUNTIME_DIR: directory,
    XDG_DATA_HOME: join(directory, "data"),
    DBUS_SESSION_BUS_ADDRESS: address,
  };
  const mode = password === undefined ? [] : ["--unlock"];
  const daemon = spawn("/usr/bin/gnome-keyring-daemon", ["--foreground", "--components=secrets", ...mode], {
    env,
    stdio: ["pipe", "ignore", "ignore"],
  });
  endWithTest(daemon);
  daemon.stdin.end(password ?? "");
  await nameOwned(address, "org.freedesktop.secrets", true);
  return daemon;
}

/** Resolves when a program on the bus owns `name`, or none does any more. */
async function nameOwned(address: string, name: string, owned: boolean): Promise<void> {
  await expect
    .poll(
      async () => {
        const asked = [
          "--print-reply=literal",
          "--dest=org.freedesktop.DBus",
          "/",
          "org.freedesktop.DBus.NameHasOwner",
          `string:${name}`,
        ];
        const child = await execa("dbus-send", [`--bus=${address}`, ...asked], { reject: false });
        return child.stdout;
      },
      { timeout: 20_000 },
    )
    .toContain(String(owned));
}

function endWithTest(child: ChildProcess): void {
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
}

function privateDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "octopool-keyring-"));
  mkdirSync(join(directory, "data"));
  onTestFinished(() => removeTree(directory));
  return directory;
}

function homeOn(address: string, extra: Readonly<Record<string, string>> = {}): Home {
  return newHome({ DBUS_SESSION_BUS_ADDRESS: address, OCTOPOOL_CREDENTIAL_STORE: "auto", ...extra });
}

/** All that a login says where the keyring gives no trouble. */
const nextStep = /^Next: [^\n]*\n$/;
const credentials = (home: Home) => join(home.directory, "config/octopool/credentials.json");

describe.skipIf(!installed)(`an open keyring ${needs}`, () => {
  async function open() {
    const directory = privateDirectory();
    const address = await startBus(directory);
    await startKeyring(directory, address, "password");
    return address;
  }

  test("keeps the token, gives it back, and has nothing left after the logout", async () => {
    const [address, relay] = [await open(), await startScriptedRelay()];
    const home = homeOn(address);
    const login = await home.run("login", relay.url);
    expect(login).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(nextStep) });
    expect(existsSync(credentials(home))).toBe(false);
    const keyring = systemKeyring({ env: home.env, timeoutMs: 10_000 });
    expect(await keyring.get(relay.url)).toEqual({ kind: "answer", value: token });

    expect(JSON.parse((await home.run("whoami", "--json")).stdout)).toMatchObject({ token: "keyring", accepted: true });
    expect((await home.run("doctor")).stdout).toMatch(/✓ token +in the system keyring\n/);

    expect((await home.run("logout")).exitCode).toBe(0);
    expect(await keyring.get(relay.url)).toEqual({ kind: "answer", value: undefined });
  });

  test("takes the token over from the file of an earlier login", async () => {
    const [address, relay] = [await open(), await startScriptedRelay()];
    const home = homeOn(address);
    await home.runWith({ OCTOPOOL_CREDENTIAL_STORE: "file" }, "login", relay.url);
    expect(existsSync(credentials(home))).toBe(true);
    await home.run("login", relay.url);
    expect(existsSync(credentials(home))).toBe(false);
    expect((await home.run("whoami")).exitCode).toBe(0);
  });

  test("keeps the tokens of two relays apart and forgets the one that was left", async () => {
    const [address, first, second] = [await open(), await startScriptedRelay(), await startScriptedRelay()];
    const home = homeOn(address);
    await home.run("login", first.url);
    await home.run("login", second.url);
    const keyring = systemKeyring({ env: home.env, timeoutMs: 10_000 });
    expect(await keyring.get(first.url)).toEqual({ kind: "answer", value: undefined });
    expect(await keyring.get(second.url)).toEqual({ kind: "answer", value: token });
  });

  test("forgets the token that a later login keeps in the file instead", async () => {
    const [address, relay] = [await open(), await startScriptedRelay()];
    const home = homeOn(address);
    await home.run("login", relay.url);
    await home.runWith({ OCTOPOOL_CREDENTIAL_STORE: "file" }, "login", relay.url);
    const keyring = systemKeyring({ env: home.env, timeoutMs: 10_000 });
    expect(await keyring.get(relay.url)).toEqual({ kind: "answer", value: undefined });
    expect((await home.run("whoami")).exitCode).toBe(0);
  });

  test("one that goes away after the login is named, with the ways out", async () => {
    const [address, relay] = [await open(), await startScriptedRelay()];
    const home = homeOn(address);
    await home.run("login", relay.url);
    const later = await home.runWith({ DBUS_SESSION_BUS_ADDRESS: "unix:path=/nowhere" }, "whoami");
    expect(later).toMatchObject({ exitCode: 4, stderr: expect.stringContaining("no session bus is running") });
    expect(later.stderr).toContain("OCTOPOOL_TOKEN");
  });
});

describe.skipIf(!installed)(`a keyring that cannot be used ${needs}`, () => {
  /** One that was opened once, so that it exists, and started again without its password. */
  async function locked() {
    const directory = privateDirectory();
    const address = await startBus(directory);
    const opened = await startKeyring(directory, address, "password");
    const relay = await startScriptedRelay();
    const home = homeOn(address);
    expect((await home.run("login", relay.url)).stderr).toMatch(nextStep);
    opened.kill("SIGKILL");
    await nameOwned(address, "org.freedesktop.secrets", false);
    await startKeyring(directory, address, undefined);
    return { relay, home };
  }

  test("a locked one is said to be locked, with the ways out; the next login takes a private file", async () => {
    const { relay, home } = await locked();
    expect(await home.run("whoami")).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining("the keyring is locked"),
    });
    expect((await home.run("doctor")).stdout).toMatch(
      /✗ token +the system keyring cannot be read: the keyring is locked\n/,
    );
    const login = await home.run("login", relay.url);
    expect(login).toMatchObject({ exitCode: 0, stderr: expect.stringContaining("(the keyring is locked)") });
    expect(JSON.parse(readFileSync(credentials(home), "utf8"))).toEqual({ server: relay.url, token });
    expect((await home.run("whoami")).exitCode).toBe(0);
  });

  test("a bus without a keyring is said to be one", async () => {
    const address = await startBus(privateDirectory());
    const [relay, home] = [await startScriptedRelay(), homeOn(address)];
    const login = await home.run("login", relay.url);
    expect(login).toMatchObject({ exitCode: 0, stderr: expect.stringContaining("no keyring service is running") });
    expect((await home.run("whoami")).exitCode).toBe(0);
  });
});

describe("without a working bus", () => {
  test("no bus at all is said once, at the login", async () => {
    const [relay, home] = [await startScriptedRelay(), homeOn("unix:path=/nowhere")];
    const login = await home.run("login", relay.url);
    expect(login).toMatchObject({ exitCode: 0, stderr: expect.stringContaining("no session bus is running") });
    expect(await home.run("whoami")).toMatchObject({ exitCode: 0, stderr: "" });
  });

  test("OCTOPOOL_CREDENTIAL_STORE=keyring refuses the file", async () => {
    const [relay, home] = [
      await startScriptedRelay(),
      homeOn("unix:path=/nowhere", { OCTOPOOL_CREDENTIAL_STORE: "keyring" }),
    ];
    const login = await home.run("login", relay.url);
    expect(login).toMatchObject({ exitCode: 4, stderr: expect.stringContaining("OCTOPOOL_CREDENTIAL_STORE=file") });
    expect(existsSync(credentials(home))).toBe(false);
  });

  test("a bus that hangs costs the time limit and no more: its child is killed", async () => {
    const directory = privateDirectory();
    const path = join(directory, "hung");
    let connected = 0;
    const bus = createServer(() => {
      connected += 1;
    });
    await new Promise<void>((resolve) => bus.listen(path, resolve));
    onTestFinished(() => {
      bus.close();
    });
    // The limit ends when the test says so: a busy machine may need longer to start the child.
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const keyring = systemKeyring({ env: { PATH: "", DBUS_SESSION_BUS_ADDRESS: `unix:path=${path}` }, timeoutMs: 700 });
    const answer = keyring.get("https://relay.example");
    await once(bus, "connection");
    vi.advanceTimersByTime(700);
    expect(await answer).toEqual({
      kind: "unavailable",
      reason: "it did not answer within 0.7 s",
    });
    expect(connected).toBe(1);
  });
});
