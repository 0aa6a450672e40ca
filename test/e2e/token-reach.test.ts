/**
 * Where a caller's own token must never be: files, logs, errors, requests to the relay, arguments and variables of
 * processes, and in reach of other users. The commands are those that use it: answered, refused, failing, by gh itself.
 */
import { execFile } from "node:child_process";
import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { readDaemonStatus } from "../../cli/daemon-status.ts";
import { createMachine, type Machine } from "../../scripts/stack/machine.ts";
import type { LocalRelay } from "../../scripts/stack/relay.ts";
import { readIfRegular } from "../../shared/regular-file.ts";
import { demoPath, type GitHub, startGitHub } from "../github-emulator/index.ts";
import { closeServer, urlOf } from "../support/loopback.ts";
import { startDemoRelay, member as token } from "./support/demo-relay.ts";

const realGh = process.env.OCTOPOOL_GH_PATH ?? "";
const hidden = "lumen-labs/treasury";
const open = "lumen-labs/lantern";

let github: GitHub;
let relay: LocalRelay;
let front: Awaited<ReturnType<typeof recordingFront>>;
let machine: Machine;
/** All that the commands printed. */
let printed = "";
/** Arguments and variables of the daemon, and arguments of every process, seen while a command was in progress. */
let seen: { readonly daemon: string; readonly environment: string; readonly others: string };

/** Passes requests to the relay, and keeps all that it passes. */
async function recordingFront(upstream: string) {
  let sent = "";
  const server = createServer(async (incoming, outgoing) => {
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part);
    const body = Buffer.concat(parts);
    sent += `${incoming.method} ${incoming.url}\n${incoming.rawHeaders.join("\n")}\n${body}\n`;
    const passed = request(
      new URL(incoming.url ?? "/", upstream),
      { method: incoming.method, headers: incoming.headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    passed.on("error", () => outgoing.destroy());
    passed.end(body);
  });
  return {
    url: await urlOf(server),
    sent: () => sent,
    forget: () => {
      sent = "";
    },
    close: () => closeServer(server),
  };
}

async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<void> {
  for (const way of [machine.gh, (words: readonly string[]) => machine.run(["gh", ...words], env)]) {
    const ran = await way(args, env);
    printed += `${Buffer.from(ran.stdout).toString()}${ran.stderr}`;
  }
}

const pidOfDaemon = async () => z.looseObject({ pid: z.number() }).parse(await readDaemonStatus(machine.env)).pid;

async function argumentsOf(process: string): Promise<string> {
  return readFile(`/proc/${process}/cmdline`, "utf8").catch(() => "");
}

beforeAll(async () => {
  const world = JSON.parse(await readFile(demoPath, "utf8"));
  machine = await createMachine("token-reach");
  github = await startGitHub({ world, port: 0, socket: join(machine.directory, "github.sock") });
  relay = await startDemoRelay(github.url);
  front = await recordingFront(relay.url);
  const bin = join(machine.directory, "bin");
  const config = join(machine.directory, "gh-config");
  for (const directory of [bin, config]) await mkdir(directory);
  // A gh whose token is asked for; where the real one is installed, it does the rest.
  const rest = realGh === "" ? "exit 7" : `exec ${realGh} "$@"`;
  const script = `#!/bin/sh\n[ "$1 $2" = "auth token" ] && { echo ${token}; exit 0; }\nGH_TOKEN=${token} ${rest}\n`;
  await writeFile(join(bin, "gh"), script);
  await chmod(join(bin, "gh"), 0o755);
  await writeFile(join(config, "config.yml"), `version: "1"\nhttp_unix_socket: ${github.socket}\n`);
  Object.assign(machine.env, { OCTOPOOL_GH_PATH: join(bin, "gh"), GH_CONFIG_DIR: config });
  const login = await machine.run(["login", front.url], { GH_TOKEN: token });
  expect(login.exitCode, login.stderr).toBe(0);
  await machine.run(["daemon", "stop"]);
  // Logging in proves the identity, with the token, once.
  expect(front.sent()).toContain(token);
  front.forget();
  await use();
}, 120_000);

/** With the token in the caller's variables, so the daemon is started by a process that has it; and from gh. */
async function use(): Promise<void> {
  for (const env of [{ GH_TOKEN: token }, {}]) {
    await run(["issue", "list", "-R", hidden, "--json", "number,title"], env);
    await run(["issue", "list", "-R", open, "--json", "number,title"], env);
    await run(["api", `repos/${hidden}/issues/1`, "--jq", '.title|test("a";"x")'], env);
    await run(["api", "graphql", "-f", "query={viewer{login}}"], env);
    await run(["issue", "view", "9999", "-R", hidden], env);
  }
  await machine.run(["gh", "api", "user"], { OCTOPOOL_VERBOSE: "1" });
  printed += JSON.stringify(await readDaemonStatus(machine.env));
  for (const words of [["stats"], ["stats", "--native"], ["doctor"], ["daemon", "logs"], ["status"]]) {
    const ran = await machine.run(words);
    printed += `${Buffer.from(ran.stdout).toString()}${ran.stderr}`;
  }
  github.control.fail(401, { path: "/graphql" }, 2);
  github.control.fail(401, { path: `/repos/${hidden}/issues` }, 2);
  await run(["issue", "list", "-R", hidden, "--json", "body"]);
  github.control.fail("drop", { path: `/repos/${hidden}/issues` }, 2);
  await run(["issue", "list", "-R", hidden, "--json", "labels"]);
  const held = github.control.hold({ path: `/repos/${hidden}/labels` });
  const under = machine.gh(["label", "list", "-R", hidden]);
  await held.arrived(1);
  const daemon = String(await pidOfDaemon());
  const processes = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  seen = {
    daemon: await argumentsOf(daemon),
    environment: await readFile(`/proc/${daemon}/environ`, "utf8"),
    others: (await Promise.all(processes.map(argumentsOf))).join("\n"),
  };
  held.release();
  await under;
}

afterAll(async () => {
  await machine?.close();
  await front?.close();
  await relay?.close();
  await github?.close();
});

describe.skipIf(process.platform !== "linux")("a caller's own token", () => {
  test("was used: the repository that the pool may not see was read with it", () => {
    expect(github.control.calls.filter(({ viewer }) => viewer === "ada-okafor").length).toBeGreaterThan(3);
    expect(seen.daemon).toContain("daemon");
  });

  test("is in nothing that a command, a status or the daemon's log says", () => {
    expect(printed.length).toBeGreaterThan(1_000);
    expect(printed).not.toContain(token);
  });

  test("is in nothing that the relay is sent", () => {
    expect(front.sent()).toContain(open);
    expect(front.sent()).not.toContain(token);
  });

  test("is in no process's arguments, and not in the daemon's variables", () => {
    expect(seen.daemon).not.toContain(token);
    expect(seen.environment).toContain("PATH=");
    expect(seen.environment).not.toContain(token);
    expect(seen.others).not.toContain(token);
  });

  test("is in no file, but in those that the user's gh has", async () => {
    const own = [join(machine.directory, "bin"), join(machine.directory, "gh-config")];
    const entries = await readdir(machine.directory, { recursive: true, withFileTypes: true });
    const files = entries.filter((each) => each.isFile() && !own.some((path) => each.parentPath.startsWith(path)));
    expect(files.length).toBeGreaterThan(2);
    for (const { parentPath, name } of files) {
      // A lease goes with its process, also while this looks.
      const text = readIfRegular(join(parentPath, name)) ?? "";
      expect(text.includes(token), `${parentPath}/${name}`).toBe(false);
    }
  });

  test("is beyond the reach of other users: no directory on the way to a socket lets them in", async () => {
    const run = join(machine.directory, "run", "octopool");
    expect((await stat(run)).mode & 0o077).toBe(0);
    const inside = await readdir(run, { recursive: true, withFileTypes: true });
    for (const entry of inside.filter((each) => each.isDirectory())) {
      const path = join(entry.parentPath, entry.name);
      expect((await stat(path)).mode & 0o077, path).toBe(0);
    }
    expect(inside.some((each) => each.isSocket())).toBe(true);
  });

  test.skipIf(process.getuid?.() !== 0)("is not given to another user who connects", async () => {
    const run = join(machine.directory, "run", "octopool");
    // The directories above are made passable, so that only Octopool's own stands in the way.
    for (const path of [machine.directory, join(machine.directory, "run")]) await chmod(path, 0o755);
    const sockets = (await readdir(run, { recursive: true, withFileTypes: true })).filter((each) => each.isSocket());
    expect(sockets).not.toEqual([]);
    for (const { parentPath, name } of sockets) {
      const program = `require("node:net").connect(process.argv[1]).on("connect", () => console.log("in"))
        .on("error", ({ code }) => console.log(code)).setTimeout(2000, function () { this.destroy() })`;
      const tried = await promisify(execFile)(process.execPath, ["-e", program, join(parentPath, name)], {
        uid: 65_534,
        gid: 65_534,
        cwd: "/",
      });
      expect(tried.stdout.trim(), join(parentPath, name)).toBe("EACCES");
    }
    for (const path of [machine.directory, join(machine.directory, "run")]) await chmod(path, 0o700);
  });
});
