/** GitHub tells the relay, the relay tells the machines: over real sockets, with events lost, late and doubled. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { createMachine, type Machine, octopoolBundle } from "../../scripts/stack/machine.ts";
import type { LocalRelay } from "../../scripts/stack/relay.ts";
import { hooksPath } from "../../shared/events/names.ts";
import { changedPath } from "../../shared/protocol.ts";
import { demoPath, type Fate, type GitHub, startGitHub, worldSchema } from "../github-emulator/index.ts";
import { removeTree } from "../support/remove-tree.ts";
import { logIn, member, project, startDemoRelay } from "./support/demo-relay.ts";
import { ghEnvironment } from "./support/gh.ts";
import { askDaemon } from "./support/socket.ts";

const webhookSecret = "the-hook's-secret-of-the-test";

let directory: string;
let github: GitHub;
let relay: LocalRelay;
let machine: Machine;
let number: number;
let fate: Fate = {};

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "octopool-events-"));
  const file = JSON.parse(await readFile(demoPath, "utf8"));
  const found = worldSchema.parse(file).repositories.find(({ name }) => name === project);
  number = (found?.issues ?? []).find(({ closed_at, state }) => state !== "closed" && !closed_at)?.number ?? 0;
  github = await startGitHub({ world: file, port: 0, socket: join(directory, "github.sock") });
  relay = await startDemoRelay(github.url, { bindings: { OCTOPOOL_WEBHOOK_SECRET: webhookSecret } });
  github.engine.deliverTo({ url: `${relay.url}${hooksPath}`, secret: webhookSecret, fate: () => fate });
  machine = await createMachine("listener", await ghEnvironment(join(directory, "gh"), github, member));
  await logIn(machine, relay);
  await title();
  retitle("Told when the machine began to listen");
  await told(0);
});

afterAll(async () => {
  await machine?.close();
  await relay?.close();
  await github?.close();
  await removeTree(directory);
});

/** When the machine was last told of the issue, or of another thing that a tag names; with `since`, of a newer one. */
async function told(since?: number, tag = `issue:${number}`): Promise<number> {
  const seconds = since === undefined ? "0" : "20";
  const form = new URLSearchParams({ repo: project, tag, seconds, most: seconds, since: String(since ?? Infinity) });
  const { status, body } = await askDaemon(machine, changedPath, { method: "POST", body: form.toString() });
  expect(status, body).toBe(200);
  const { changed, at } = z.object({ changed: z.boolean(), at: z.number() }).parse(JSON.parse(body));
  if (since !== undefined && !changed) throw new Error(`the machine was told nothing of ${tag} in ${seconds} s`);
  return at;
}

/** Looks again and again, each time by a command of its own, within the test's minute: an open issue lives for five. */
async function titled(text: string): Promise<void> {
  await expect.poll(title, { timeout: 50_000 }).toBe(text);
}

/** This machine's answer, without asking for anything fresh. */
async function title(): Promise<string> {
  const ran = await machine.run(["gh", "api", `repos/${project}/issues/${number}`, "--jq", ".title"]);
  expect(ran.exitCode, ran.stderr).toBe(0);
  return new TextDecoder().decode(ran.stdout).trim();
}

/** Another user writes, elsewhere. */
function retitle(text: string): void {
  github.mutate((world) => {
    const issue = world.repositories.get(project)?.threads.get(number);
    if (!issue) throw new Error("no issue");
    issue.title = text;
    issue.updated_at = `${new Date(Date.parse(issue.updated_at) + 1_000).toISOString().slice(0, 19)}Z`;
  });
}

const calls = () => github.control.calls.filter(({ path }) => path.endsWith(`/issues/${number}`)).length;

test("a change elsewhere is seen long before the answer's life ends, by one read, and then from memory again", async () => {
  fate = {};
  await title();
  const before = calls();
  retitle("Told at once");
  await github.engine.hooks.quiet();
  await titled("Told at once");
  await title();
  expect(calls() - before).toBe(1);
});

test("an event that comes twice and late costs no more than once", async () => {
  fate = { copies: 2, delay: 200 };
  const before = calls();
  retitle("Told twice");
  await github.engine.hooks.quiet();
  await titled("Told twice");
  await title();
  expect(calls() - before).toBe(1);
});

test("a delivery that is sent again, with the guid that it had, marks nothing and costs no read", async () => {
  fate = {};
  const first = await told();
  retitle("Told once");
  const at = await told(first);
  expect(await title()).toBe("Told once");
  const { hooks } = github.engine;
  await hooks.quiet();
  const [taken] = hooks.deliveries;
  const before = calls();
  expect(hooks.redeliver(taken?.id ?? 0)).toBe(true);
  await hooks.quiet();
  expect(hooks.deliveries[0]).toMatchObject({ guid: taken?.guid, event: "issues", redelivery: true, status_code: 204 });
  // A later event arrives later: by then the machine would have been told of the redelivery.
  const runs = await told(undefined, "runs");
  setRun("queued", null);
  await told(runs, "runs");
  expect(await told()).toBe(at);
  expect(await title()).toBe("Told once");
  expect(calls() - before).toBe(0);
});

test("a lost event is no worse than none: the answer is as old as its kind allows, and says its state", async () => {
  fate = { lost: true };
  await title();
  retitle("Told never");
  await github.engine.hooks.quiet();
  expect(await title()).toBe("Told once");
  const fresh = await machine.run(["gh", "api", `repos/${project}/issues/${number}`, "--jq", ".title"], {
    OCTOPOOL_FRESH: "1",
  });
  expect(new TextDecoder().decode(fresh.stdout).trim()).toBe("Told never");
});

test("the answer of a replica that lags behind the event is not kept: the next read sees the change", async () => {
  fate = {};
  const before = await title();
  // The replica catches up when the test says so.
  github.engine.lag(600_000);
  try {
    retitle("Told before it shows");
    await github.engine.hooks.quiet();
    expect(await title()).toBe(before);
  } finally {
    github.engine.lag(0);
  }
  await titled("Told before it shows");
});

/** A run that goes on until the test ends it. */
function newestRun() {
  const run = github.world().repositories.get(project)?.runs[0];
  const attempt = run?.attempts.at(-1);
  if (!run || !attempt) throw new Error("no run");
  return { id: run.id, attempt };
}

function setRun(status: string, conclusion: string | null): void {
  github.mutate(() => {
    const { attempt } = newestRun();
    const parts = [attempt, ...attempt.jobs, ...attempt.jobs.map(({ check }) => check)];
    for (const each of parts) Object.assign(each, { status, conclusion });
    for (const job of attempt.jobs) for (const step of job.steps) Object.assign(step, { status, conclusion });
  });
}

test("`gh run watch` ends with its run, though it would look again only after ten minutes", async () => {
  fate = {};
  setRun("in_progress", null);
  await github.engine.hooks.quiet();
  const { id } = newestRun();
  const watching = spawn(
    process.execPath,
    [octopoolBundle, "gh", "run", "watch", String(id), "-R", project, "--exit-status", "--interval", "600"],
    {
      env: machine.env,
      cwd: machine.directory,
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const exit = once(watching, "exit");
  const [first] = await once(watching.stdout, "data");
  expect(String(first)).toContain("Refreshing run status");
  watching.stdout.resume();
  setRun("completed", "failure");
  expect(await exit).toEqual([1, null]);
});

/** `octopool wait` looks by the clock, and not because it was told, after so long. */
const byTheClockMs = 30_000;

test("`octopool wait` ends when a pull request is merged elsewhere, and says how it came out by its exit code", async () => {
  fate = {};
  const pull = [...(github.world().repositories.get(project)?.threads.values() ?? [])].find(
    (each) => each.kind === "pull" && each.state === "open",
  );
  if (pull?.kind !== "pull") throw new Error("no pull request");
  const path = `/repos/${project}/pulls/${pull.number}`;
  const firstLook = github.control.answered({ path });
  const waiting = machine.run(["wait", "pr", String(pull.number), "--for", "merged", "-R", project, "--json"]);
  await firstLook;
  github.control.resetCalls();
  const merged = Date.now();
  github.mutate(() => {
    const now = `${new Date().toISOString().slice(0, 19)}Z`;
    Object.assign(pull, { state: "closed", merged: true, merged_at: now, closed_at: now, updated_at: now });
  });
  const { exitCode, stdout, stderr } = await waiting;
  expect(exitCode, stderr).toBe(0);
  expect(JSON.parse(new TextDecoder().decode(stdout))).toMatchObject({ for: "merged", outcome: "yes", looks: 2 });
  expect(github.control.calls).toMatchObject([{ path, conditional: true, status: 200 }]);
  expect(Date.now() - merged).toBeLessThan(byTheClockMs);
});

test("`octopool wait` gives up when its time is over", async () => {
  const issue = machine.run(["wait", "pr", "1", "--for", "comment", "--timeout", "2s", "-R", "nobody/nothing"]);
  expect((await issue).exitCode).toBe(1);
  const { id } = newestRun();
  setRun("in_progress", null);
  const { exitCode, stderr } = await machine.run(["wait", "run", String(id), "--timeout", "2s", "-R", project]);
  expect(exitCode).toBe(8);
  expect(stderr).toContain("not in 2 seconds");
});

test("a repository that is made private is denied at once, without asking GitHub", async () => {
  fate = {};
  await title();
  const at = await told();
  github.mutate((world) => {
    const repository = world.repositories.get(project);
    if (repository) Object.assign(repository, { private: true, visibility: "private" });
  });
  await github.engine.hooks.quiet();
  const before = calls();
  await told(at);
  const { exitCode, stderr } = await machine.run(["gh", "api", `repos/${project}/issues/${number}`], {
    OCTOPOOL_NO_FALLBACK: "1",
  });
  expect(exitCode).toBe(1);
  expect(stderr).toContain("repo_not_public");
  expect(calls() - before).toBe(0);
});
