/** A whole read with every part real: shim, socket, daemon, relay on workerd, emulated GitHub. */
import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import * as z from "zod";
import { readDaemonStatus } from "../../cli/daemon-status.ts";
import { createMachine, type Machine, octopoolBundle, type Ran } from "../../scripts/stack/machine.ts";
import type { LocalRelay } from "../../scripts/stack/relay.ts";
import { demoPath, type GitHub, loadWorld, startGitHub, worldSchema } from "../github-emulator/index.ts";
import { adminToken, logIn, member, poolToken, project, startDemoRelay } from "./support/demo-relay.ts";
import { askDaemon, sendGarbage, socketOf } from "./support/socket.ts";

const privateProject = "lumen-labs/treasury";

const daemonSchema = z.object({ pid: z.number(), counters: z.object({ local: z.number(), relayed: z.number() }) });
const healthSchema = z.object({
  reset_windows: z.array(z.object({ budget: z.string(), resource: z.string(), remaining: z.number() })),
});
const rateLimitSchema = z.object({ resources: z.object({ core: z.object({ remaining: z.number() }) }) });

let github: GitHub;
let relay: LocalRelay;
let laptop: Machine;
let runner: Machine;
let bin: string;

const text = (ran: Ran) => new TextDecoder().decode(ran.stdout);
/** Any pull requests of the project; each test reads its own, so that none depends on another's cache entries. */
let numbers: readonly number[] = [];
const pull = (index: number) => `repos/${project}/pulls/${numbers[index]}`;
const callsTo = (path: string) => github.control.calls.filter((call) => call.path === `/${path}`);

/** Prints its arguments: these tests ask which gh runs, not its work. */
async function installRealGh(directory: string): Promise<string> {
  await mkdir(directory, { recursive: true });
  const path = join(directory, "gh");
  await writeFile(path, '#!/bin/sh\necho "the real gh: $*"\ncat\nexit 7\n');
  await chmod(path, 0o755);
  return path;
}

beforeAll(async () => {
  const world = loadWorld(demoPath);
  github = await startGitHub({ world, port: 0 });
  const found = worldSchema.parse(world).repositories.find(({ name }) => name === project);
  numbers = (found?.pulls ?? []).map(({ number }) => number).filter((number) => number !== undefined);
  relay = await startDemoRelay(github.url);
  laptop = await createMachine("laptop");
  runner = await createMachine("runner");
  bin = join(laptop.directory, "bin");
  const gh = await installRealGh(bin);
  Object.assign(laptop.env, { OCTOPOOL_GH_PATH: gh });
  Object.assign(runner.env, { OCTOPOOL_GH_PATH: gh });
  for (const machine of [laptop, runner]) {
    await logIn(machine, relay, member);
    // Its daemon runs from here on, and the repository is known to be public.
    expect((await machine.run(["gh", "api", pull(0)])).exitCode).toBe(0);
  }
});

afterAll(async () => {
  await laptop?.close();
  await runner?.close();
  await relay?.close();
  await github?.close();
});

beforeEach(() => github.control.reset());

describe("one read", () => {
  test("asks GitHub once, then is this machine's own, then the relay's for another machine", async () => {
    const first = await laptop.run(["gh", "api", pull(3)]);
    expect([first.exitCode, first.stderr]).toEqual([0, ""]);
    expect(callsTo(pull(3))).toMatchObject([{ status: 200, viewer: "lumen-robot", resource: "core" }]);

    const again = await laptop.run(["gh", "api", pull(3)]);
    const elsewhere = await runner.run(["gh", "api", pull(3)]);
    expect(text(again)).toBe(text(first));
    expect(text(elsewhere)).toBe(text(first));
    expect(callsTo(pull(3))).toHaveLength(1);
    const direct = await fetch(`${github.url}/${pull(3)}`, { headers: { authorization: "token demo-token-outsider" } });
    expect(text(first)).toBe(await direct.text());
  });

  test("is counted: by the daemon, by the relay, and by the relay as GitHub itself counts", async () => {
    const before = daemonSchema.parse(await readDaemonStatus(laptop.env)).counters;
    await laptop.run(["gh", "api", pull(4)]);
    await laptop.run(["gh", "api", pull(4)]);
    const after = daemonSchema.parse(await readDaemonStatus(laptop.env)).counters;
    expect([after.relayed - before.relayed, after.local - before.local]).toEqual([1, 1]);

    const stats = await laptop.run(["stats", "--json"]);
    expect(stats.exitCode, stats.stderr).toBe(0);
    const health = healthSchema.parse(JSON.parse(text(await laptop.run(["health", "--json"]))));
    const asked = await fetch(`${github.url}/rate_limit`, { headers: { authorization: `token ${poolToken}` } });
    const { resources } = rateLimitSchema.parse(await asked.json());
    const ours = health.reset_windows.find(
      ({ budget, resource }) => budget === "user:lumen-robot" && resource === "core",
    );
    expect(ours?.remaining).toBe(resources.core.remaining);
  });

  test("of fifty at once, over two daemons, only one reaches GitHub", async () => {
    const held = github.control.hold({ path: `/${pull(6)}` });
    const fifty = Array.from({ length: 50 }, (_, index) =>
      askDaemon(index % 2 === 0 ? laptop : runner, `/github/${pull(6)}`),
    );
    await held.arrived(1);
    held.release();
    const answers = await Promise.all(fifty);
    expect(new Set(answers.map(({ status, body }) => `${status} ${body}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(200);
    expect(callsTo(pull(6))).toHaveLength(1);
  });

  test("through a link named gh is the same read", async () => {
    const link = join(laptop.directory, "linked", "gh");
    await mkdir(join(link, ".."), { recursive: true });
    await symlink(octopoolBundle, link);
    const args = ["pr", "view", String(numbers[2]), "-R", project, "--json", "number"];
    const linked = await execa(link, args, { env: laptop.env, extendEnv: false, stdin: "ignore" });
    expect([linked.stdout, linked.stderr]).toEqual([`{"number":${numbers[2]}}`, ""]);
  });
});

describe("the real gh runs", () => {
  test("for a private repository: the relay refuses, and nothing of it is kept", async () => {
    const ran = await laptop.run(["gh", "api", `repos/${privateProject}/issues`], { OCTOPOOL_VERBOSE: "1" });
    expect(text(ran)).toBe(`the real gh: api repos/${privateProject}/issues\n`);
    expect(ran.exitCode).toBe(7);
    expect(ran.stderr).toContain("repo_not_public");
    const asked = await askDaemon(laptop, `/github/repos/${privateProject}/issues`);
    expect([asked.status, JSON.parse(asked.body).error.details.reason]).toEqual([421, "repo_not_public"]);
  });

  test("for a write, without a daemon being asked or started", async () => {
    const idle = await createMachine("idle", { OCTOPOOL_GH_PATH: join(bin, "gh") });
    try {
      const ran = await idle.run(["gh", "pr", "merge", "3", "-R", project]);
      expect(text(ran)).toBe(`the real gh: pr merge 3 -R ${project}\n`);
      expect([ran.exitCode, ran.stderr]).toEqual([7, ""]);
      expect(existsSync(socketOf(idle))).toBe(false);
      expect(github.control.calls).toEqual([]);
    } finally {
      await idle.close();
    }
  });

  test("for a machine that is not logged in", async () => {
    const stranger = await createMachine("stranger", { OCTOPOOL_GH_PATH: join(bin, "gh") });
    try {
      const ran = await stranger.run(["gh", "api", pull(3)]);
      expect([text(ran), ran.exitCode]).toEqual([`the real gh: api ${pull(3)}\n`, 7]);
    } finally {
      await stranger.close();
    }
  });

  test("while the relay is down", async () => {
    const lost = await createMachine("lost", {
      OCTOPOOL_GH_PATH: join(bin, "gh"),
      OCTOPOOL_URL: "http://127.0.0.1:9",
      OCTOPOOL_TOKEN: `op_${"x".repeat(43)}`,
    });
    try {
      const ran = await lost.run(["gh", "api", pull(3)]);
      expect([text(ran), ran.exitCode]).toEqual([`the real gh: api ${pull(3)}\n`, 7]);
    } finally {
      await lost.close();
    }
  });

  test("after a wrong token was refused, with the advice to log in again", async () => {
    const ran = await laptop.run(["gh", "api", pull(3)], {
      OCTOPOOL_URL: relay.url,
      OCTOPOOL_TOKEN: `op_${"x".repeat(43)}`,
    });
    expect(text(ran)).toBe(`the real gh: api ${pull(3)}\n`);
    expect(ran.stderr).toMatch(/octopool login/);
  });
});

describe("trouble", () => {
  test("a daemon that was killed is started again by the next call", async () => {
    await laptop.run(["gh", "api", pull(7)]);
    const { pid } = daemonSchema.parse(await readDaemonStatus(laptop.env));
    process.kill(pid, "SIGKILL");
    const ran = await laptop.run(["gh", "api", pull(7)]);
    expect([ran.exitCode, JSON.parse(text(ran)).number]).toEqual([0, numbers[7]]);
  });

  test("a path that climbs is refused before any request", async () => {
    const answer = await askDaemon(laptop, `/github/repos/${project}/contents/%2e%2e/secret`);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.body).toMatch(/invalid_path|route_denied/);
    expect(github.control.calls).toEqual([]);
  });

  test("a query that looks like a secret is refused, and not repeated in the refusal", async () => {
    const answer = await askDaemon(laptop, `/github/${pull(3)}?access_token=hunter2`);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.body).toContain("invalid_query");
    expect(answer.body).not.toContain("hunter2");
    expect(github.control.calls).toEqual([]);
  });

  test("garbage on the socket gets a 400, and the daemon goes on", async () => {
    expect(await sendGarbage(laptop, "\0\0garbage\r\n\r\n")).toMatch(/^HTTP\/1.1 400/);
    const ran = await laptop.run(["gh", "api", pull(3)]);
    expect(ran.exitCode).toBe(0);
  });
});

test("no token and no key is in any output or log", async () => {
  const places = [
    join(laptop.env.XDG_RUNTIME_DIR ?? "", "octopool"),
    join(runner.env.XDG_RUNTIME_DIR ?? "", "octopool"),
  ];
  const credentials = await readFile(join(laptop.env.XDG_CONFIG_HOME ?? "", "octopool/credentials.json"), "utf8");
  const token = /op_[\w-]{43}/.exec(credentials)?.[0] ?? "";
  expect(token).not.toBe("");
  for (const place of places) {
    const log = await readFile(join(place, "daemon.log"), "utf8").catch(() => "");
    for (const secret of [token, member, poolToken, adminToken]) expect(log).not.toContain(secret);
  }
  const stats = await laptop.run(["stats", "--json"]);
  const status = await askDaemon(laptop, "/status");
  for (const secret of [token, member, poolToken, adminToken]) {
    expect(text(stats) + stats.stderr + status.body).not.toContain(secret);
  }
});
