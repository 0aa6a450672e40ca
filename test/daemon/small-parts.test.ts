import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { repositoryNamed, repositoryOfRemote } from "../../daemon/freshness/named-repositories.ts";
import { ghConfigOf, isAliased, printingSetting } from "../../daemon/gh-config.ts";
import { gitRunner } from "../../daemon/git.ts";
import { openLog } from "../../daemon/life/log.ts";
import { Notices } from "../../daemon/notices.ts";
import { gitEnvironment } from "../../shared/protocol.ts";
import { longestSocketPath, runtimePaths } from "../../shared/runtime-directory.ts";
import { isNewer } from "../../shared/version.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "octopool-parts-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe("aliases", () => {
  test.each([
    ["git_protocol: https\n", []],
    [
      "aliases:\n    co: pr checkout\n    'pr view': issue view\n    \"x y\": z\npager: less\n",
      ["co", "pr view", "x y"],
    ],
    ["aliases:\n    multi: |-\n        pr list\n        --json: x\n    next: y\n", ["multi", "next"]],
    ["aliases: {}\n", []],
    ["aliases: # none yet\neditor: vi\n", []],
    ["aliases: {co: pr checkout}\n", undefined],
    ["aliases:\n    ? odd\n    : key\n", undefined],
  ])("%j has %j", (text, names) => {
    writeFileSync(join(directory, "config.yml"), text);
    expect(ghConfigOf({ GH_CONFIG_DIR: directory }).names).toEqual(names);
  });

  test("a command that begins with one, by whole words, is the real gh's; so is any where the file cannot be read", () => {
    const env = { GH_CONFIG_DIR: directory };
    expect(isAliased(["pr", "view"], ghConfigOf(env))).toBe(false);
    writeFileSync(join(directory, "config.yml"), "aliases:\n    pr vi: x\n    pr list: y\n");
    expect(isAliased(["pr", "view"], ghConfigOf(env))).toBe(false);
    expect(isAliased(["pr", "list", "-L", "3"], ghConfigOf(env))).toBe(true);
    writeFileSync(join(directory, "config.yml"), "aliases: {a: b}\n# longer now\n");
    expect(isAliased(["pr", "view"], ghConfigOf(env))).toBe(true);
  });
});

describe("settings of gh under which only gh knows its output", () => {
  const pipe = { stdin: false, stdout: false, stderr: false };
  const terminal = { ...pipe, stdout: true };
  const colours = "gh's own settings of colours";

  test.each([
    ["", terminal, {}, undefined],
    ["pager: less\n", terminal, {}, "a pager is set"],
    ["pager: less\n", pipe, { GH_FORCE_TTY: "80" }, "a pager is set"],
    ["pager: less\n", pipe, {}, undefined],
    ["pager: cat\npager_of_another: less\n", terminal, {}, undefined],
    ["pager:\n", terminal, {}, undefined],
    ["color_labels: enabled\n", terminal, {}, colours],
    ["accessible_colors: 'enabled'\n", pipe, { CLICOLOR_FORCE: "1" }, colours],
    ["color_labels: enabled\n", pipe, {}, undefined],
    ["color_labels: disabled\n", terminal, {}, undefined],
    ["telemetry: log\n", pipe, {}, "gh logs its telemetry"],
    ["telemetry: enabled\n", pipe, {}, undefined],
  ])("%j", (text, tty, env, reason) => {
    writeFileSync(join(directory, "config.yml"), text);
    expect(printingSetting(ghConfigOf({ GH_CONFIG_DIR: directory }), { env, tty })).toBe(reason);
  });
});

describe("places", () => {
  test.each([
    ["Acme/Widgets", "acme/widgets"],
    ["github.com/acme/widgets", "acme/widgets"],
    ["https://github.com/acme/widgets.git", "acme/widgets"],
    ["https://github.com/acme/widgets/pull/7#issue", "acme/widgets"],
    ["repos/acme/widgets/issues", "acme/widgets"],
    ["https://ghe.example.com/Acme/widgets/pull/7", "ghe.example.com/acme/widgets"],
    ["ghe.example.com/acme/widgets", "ghe.example.com/acme/widgets"],
    ["ssh.github.com/acme/widgets", undefined],
    ["work/acme/widgets", undefined],
    ["widgets", undefined],
  ])("%s means %s", (place, repository) => {
    expect(repositoryNamed(place)).toBe(repository);
  });

  test.each([
    ["git@github.com:Acme/Widgets.git", "acme/widgets"],
    ["ssh://git@ssh.github.com:443/acme/widgets.git", "acme/widgets"],
    ["https://user@github.com/acme/widgets/", "acme/widgets"],
    ["git://github.com/acme/widgets", "acme/widgets"],
    ["git@example.com:acme/widgets.git", undefined],
    ["/srv/git/widgets.git", undefined],
  ])("the remote %s is %s", (address, repository) => {
    expect(repositoryOfRemote(address)).toBe(repository);
  });
});

test("a notice is given once in its pause, also across processes, and never where nothing can be remembered", () => {
  let time = Date.now();
  const notices = () => new Notices(directory, () => time);
  expect(notices().upcoming("relay_outage", "down")).toBe("down");
  expect(notices().due("relay_outage", "down")).toBe("down");
  expect(notices().upcoming("relay_outage", "down")).toBe("");
  expect(notices().due("relay_outage", "down")).toBe("");
  expect(notices().due("not_logged_in", "log in")).toBe("log in");
  time += 11 * 60_000;
  expect(notices().due("relay_outage", "down")).toBe("down");
  expect(notices().due("not_logged_in", "log in")).toBe("");
  writeFileSync(join(directory, "file"), "");
  expect(new Notices(join(directory, "file"), () => time).due("settings", "text")).toBe("");
});

test.each([
  `op_${"a".repeat(43)}`,
  "ghp_0123456789abcdef",
  "github_pat_11AAAA_bbbbbbbbbb",
  "ghs_0123456789abcdef",
  "Bearer something-secret",
])("%s never reaches the log", (secret) => {
  const path = join(directory, "daemon.log");
  openLog(path, () => 0)(`error with ${secret} inside`, { detail: `and ${secret} here` });
  expect(readFileSync(path, "utf8")).toBe(
    '1970-01-01T00:00:00.000Z error with [redacted] inside detail="and [redacted] here"\n',
  );
});

const home = { HOME: "/nowhere" };

test.each([
  ...gitEnvironment.map((name) => [{ [name]: "set" }, name] as const),
  [{ HOME: undefined }, "HOME"] as const,
  [{ PATH: undefined }, "PATH"] as const,
  [{ GIT_DIR: "" }, "GIT_DIR"] as const,
  [{ GIT_WORK_TREE: "" }, "GIT_WORK_TREE"] as const,
])("git is not asked for a caller whose surroundings it would not have: %j", async (change, named) => {
  const { signal } = new AbortController();
  const env = Object.entries({ ...home, PATH: process.env.PATH, ...change }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  const answer = gitRunner({ env: Object.fromEntries(env), signal })(["version"], directory);
  await expect(answer).rejects.toThrow(
    expect.objectContaining({ name: "NativeRequired", message: expect.stringContaining(named) }),
  );
});

test("git gets none of this process's own variables, and no program of the caller's directory", async () => {
  const { signal } = new AbortController();
  process.env.GIT_CONFIG_COUNT = "1";
  try {
    writeFileSync(join(directory, "git"), "#!/bin/sh\necho taken from the directory\n", { mode: 0o755 });
    const env = { ...home, PATH: `.:${process.env.PATH}` };
    const listed = await gitRunner({ env, signal })(["-c", "alias.e=!env", "e"], directory);
    expect(listed).not.toContain("GIT_CONFIG_COUNT");
    expect(listed).toContain("HOME=/nowhere\n");
  } finally {
    delete process.env.GIT_CONFIG_COUNT;
  }
});

test("git that fails or is missing is an error, at once and with its words", async () => {
  const { signal } = new AbortController();
  const git = gitRunner({ env: { ...home, PATH: process.env.PATH ?? "" }, signal });
  await expect(git(["rev-parse", "--show-toplevel"], directory)).rejects.toThrow(/not a git repository/);
  const missing = gitRunner({ env: { ...home, PATH: "/nowhere" }, signal });
  await expect(missing(["status"], directory)).rejects.toThrow(/ENOENT/);
});

/** The source is searched: a signal to a stranger happens only when ids of processes are used again. */
test("no process but ourselves is ever sent a signal by its id: an id proves nothing", () => {
  const root = join(import.meta.dirname, "../..");
  const sources = ["cli", "daemon", "shared"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => readFileSync(join(root, folder, name), "utf8")),
  );
  const signals = sources.flatMap((text) => text.match(/process\.kill\(.*\);/g) ?? []);
  expect(signals.length).toBeGreaterThan(2);
  // Signal 0 only asks whether it is there.
  expect(signals.filter((call) => !/^process\.kill\(process\.pid,|, 0\);$/.test(call))).toEqual([]);
});

test("git that hangs is ended, and said to be slow", async () => {
  const bin = join(directory, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "git"), "#!/bin/sh\nexec tail -f /dev/null\n", { mode: 0o755 });
  const { signal } = new AbortController();
  const git = gitRunner({ env: { ...home, PATH: `${bin}:${process.env.PATH}` }, signal, patience: 200 });
  await expect(git(["remote"], directory)).rejects.toThrow("git remote took longer than 0.2 s");
});

describe("runtime paths", () => {
  const place = (env: Record<string, string>, platform = "linux") => runtimePaths({ env, platform, uid: 1000 });
  test.each([
    [{ OCTOPOOL_RUNTIME_DIR: "/a/", XDG_RUNTIME_DIR: "/run/user/1000" }, "linux", "/a"],
    [{ XDG_RUNTIME_DIR: "/run/user/1000" }, "linux", "/run/user/1000/octopool"],
    [{ TMPDIR: "/var/tmp" }, "linux", "/tmp/octopool-1000"],
    [{ TMPDIR: "/var/folders/x/T/" }, "darwin", "/var/folders/x/T/octopool-1000"],
    [{}, "linux", "/tmp/octopool-1000"],
    [{ OCTOPOOL_RUNTIME_DIR: "a", XDG_RUNTIME_DIR: "/run/user/1000" }, "linux", "/run/user/1000/octopool"],
    [{ XDG_RUNTIME_DIR: "run/user" }, "linux", "/tmp/octopool-1000"],
    [{ TMPDIR: "T" }, "darwin", "/tmp/octopool-1000"],
  ])("%j on %s is %s", (env, platform, directory) => {
    expect(place(env, platform)).toEqual({ directory, socket: `${directory}/daemon.sock` });
  });

  test.each(["linux", "darwin"])(
    "no socket path on %s is longer than the system takes, and long ones differ",
    (platform) => {
      const long = (letter: string) => place({ OCTOPOOL_RUNTIME_DIR: `/${letter.repeat(150)}` }, platform).socket;
      expect(long("a")).toMatch(/^\/tmp\/octopool-1000\/[0-9a-z]+\.sock$/);
      expect(long("a")).not.toBe(long("b"));
      const exact = `/${"x".repeat(longestSocketPath(platform) - "//daemon.sock".length)}`;
      expect(place({ OCTOPOOL_RUNTIME_DIR: exact }, platform).socket).toBe(`${exact}/daemon.sock`);
      expect(place({ OCTOPOOL_RUNTIME_DIR: `${exact}x` }, platform).socket).toMatch(/^\/tmp/);
      // Bytes count, not characters.
      expect(place({ OCTOPOOL_RUNTIME_DIR: `/${"é".repeat(60)}` }, platform).socket).toMatch(/^\/tmp/);
    },
  );
});

test.each([
  ["1.2.4", "1.2.3", true],
  ["1.10.0", "1.9.9", true],
  ["1.2.3", "1.2.3", false],
  ["1.2.3", "1.3.0", false],
  ["garbage", "1.0.0", false],
  ["1.0.0", "0.0.0-source", false],
])("release %s is newer than %s: %s", (candidate, reference, newer) => {
  expect(isNewer(candidate, reference)).toBe(newer);
});
