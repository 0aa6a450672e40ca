/** GitHub tells the relay, the relay tells the machines: over real sockets, with events lost, late and doubled. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createMachine, type Machine } from "../../scripts/stack/machine.ts";
import { addIdentity } from "../../scripts/stack/pool.ts";
import { type LocalRelay, startRelay } from "../../scripts/stack/relay.ts";
import { hooksPath } from "../../shared/events/names.ts";
import { type Fate, type GitHub, startGitHub, worldSchema } from "../github-emulator/index.ts";
import { ghEnvironment } from "./support/gh.ts";
import { askDaemon } from "./support/socket.ts";

const adminToken = "operator-of-the-test";
const webhookSecret = "the-hook's-secret-of-the-test";
const member = "demo-token-ada-okafor";
const project = "lumen-labs/lantern";

let directory: string;
let github: GitHub;
let relay: LocalRelay;
let machine: Machine;
let number: number;
let fate: Fate = {};

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "octopool-events-"));
  const file = JSON.parse(await readFile(join(import.meta.dirname, "../github-emulator/worlds/demo.json"), "utf8"));
  const found = worldSchema.parse(file).repositories.find(({ name }) => name === project);
  number = (found?.issues ?? []).find(({ closed_at, state }) => state !== "closed" && !closed_at)?.number ?? 0;
  github = await startGitHub({ world: file, port: 0, socket: join(directory, "github.sock") });
  relay = await startRelay({
    githubApi: github.url,
    bindings: {
      ALLOWED_GITHUB_ORG: "lumen-labs",
      OCTOPOOL_ADMIN_TOKEN: adminToken,
      OCTOPOOL_GITHUB_ORG_TOKEN: "demo-org-token-not-a-secret",
      OCTOPOOL_WEBHOOK_SECRET: webhookSecret,
      POOL_TOKEN: "demo-pool-pat-not-a-secret",
    },
  });
  github.engine.deliverTo({ url: `${relay.url}${hooksPath}`, secret: webhookSecret, fate: () => fate });
  await addIdentity({ server: relay.url, adminToken }, "maintainers", {
    id: "pool-token",
    kind: "pat",
    login: "lumen-robot",
    secret_ref: "POOL_TOKEN",
    scopes: [{ owner: "*" }],
  });
  machine = await createMachine("listener", await ghEnvironment(join(directory, "gh"), github, member));
  const login = await machine.run(["login", relay.url]);
  expect(login.exitCode, login.stderr).toBe(0);
  await title();
  await until(async () => (await standing())?.connected === true, "the machine listens");
});

afterAll(async () => {
  await machine?.close();
  await relay?.close();
  await github?.close();
  await rm(directory, { recursive: true, force: true });
});

async function standing(): Promise<{ connected: boolean; lanes: Record<string, string> } | undefined> {
  const { body } = await askDaemon(machine, "/status");
  return JSON.parse(body).events[0];
}

async function until(isTrue: () => Promise<boolean>, what: string, within = 10_000): Promise<number> {
  const began = Date.now();
  while (!(await isTrue())) {
    if (Date.now() - began > within) throw new Error(`not in ${within} ms: ${what}`);
    await new Promise((done) => setTimeout(done, 50));
  }
  return Date.now() - began;
}

/** What this machine says, without asking for anything fresh. */
async function title(): Promise<string> {
  const ran = await machine.run(["gh", "api", `repos/${project}/issues/${number}`, "--jq", ".title"]);
  expect(ran.exitCode, ran.stderr).toBe(0);
  return new TextDecoder().decode(ran.stdout).trim();
}

/** Somebody else writes, elsewhere. */
function retitle(text: string): void {
  github.mutate((world) => {
    const issue = world.repositories.get(project)?.threads.get(number);
    if (!issue) throw new Error("no issue");
    issue.title = text;
    issue.updated_at = `${new Date(Date.parse(issue.updated_at) + 1_000).toISOString().slice(0, 19)}Z`;
  });
}

const calls = () => github.control.calls.filter(({ path }) => path.endsWith(`/issues/${number}`)).length;

test("a change elsewhere is seen within two seconds, by one read, and then from memory again", async () => {
  fate = {};
  await title();
  const before = calls();
  retitle("Told at once");
  await github.engine.hooks.quiet();
  const took = await until(async () => (await title()) === "Told at once", "the new title");
  expect(took).toBeLessThan(2_000);
  await title();
  expect(calls() - before).toBe(1);
});

test("an event that comes twice and late costs no more than once", async () => {
  fate = { copies: 2, delay: 200 };
  const before = calls();
  retitle("Told twice");
  await github.engine.hooks.quiet();
  await until(async () => (await title()) === "Told twice", "the new title");
  await title();
  expect(calls() - before).toBe(1);
});

test("a lost event is no worse than none: the answer is as old as its kind allows, and says what it is", async () => {
  fate = { lost: true };
  await title();
  retitle("Told never");
  await github.engine.hooks.quiet();
  expect(await title()).toBe("Told twice");
  const fresh = await machine.run(["gh", "api", `repos/${project}/issues/${number}`, "--jq", ".title"], {
    OCTOPOOL_FRESH: "1",
  });
  expect(new TextDecoder().decode(fresh.stdout).trim()).toBe("Told never");
});

test("a replica that lags behind the event is not kept: what it catches up to is seen within seconds", async () => {
  fate = {};
  github.engine.lag(1_500);
  try {
    retitle("Told before it shows");
    await github.engine.hooks.quiet();
    const took = await until(async () => (await title()) === "Told before it shows", "the new title");
    expect(took).toBeGreaterThan(500);
    expect(took).toBeLessThan(6_000);
  } finally {
    github.engine.lag(0);
  }
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

test("`gh run watch` ends seconds after its run, though it would look again only after half a minute", async () => {
  fate = {};
  setRun("in_progress", null);
  await github.engine.hooks.quiet();
  const { id } = newestRun();
  const watching = machine.gh(["run", "watch", String(id), "-R", project, "--exit-status"]);
  const path = `/repos/${project}/actions/runs/${id}`;
  await until(async () => github.control.calls.some((call) => call.path === path), "its first look");
  await new Promise((done) => setTimeout(done, 1_000));
  const ended = Date.now();
  setRun("completed", "failure");
  const { exitCode, stdout, stderr } = await watching;
  expect(exitCode, stderr).toBe(1);
  expect(new TextDecoder().decode(stdout)).toContain("Refreshing run status");
  expect(Date.now() - ended).toBeLessThan(8_000);
});

test("`octopool wait` ends when a pull request is merged elsewhere, and says how it came out by its exit code", async () => {
  fate = {};
  const pull = [...(github.world().repositories.get(project)?.threads.values() ?? [])].find(
    (each) => each.kind === "pull" && each.state === "open",
  );
  if (pull?.kind !== "pull") throw new Error("no pull request");
  const waiting = machine.run(["wait", "pr", String(pull.number), "--for", "merged", "-R", project, "--json"]);
  const path = `/repos/${project}/pulls/${pull.number}`;
  github.control.resetCalls();
  await until(async () => github.control.calls.some((call) => call.path === path), "its first look");
  await new Promise((done) => setTimeout(done, 1_000));
  const merged = Date.now();
  github.mutate(() => {
    const now = `${new Date().toISOString().slice(0, 19)}Z`;
    Object.assign(pull, { state: "closed", merged: true, merged_at: now, closed_at: now, updated_at: now });
  });
  const { exitCode, stdout, stderr } = await waiting;
  expect(exitCode, stderr).toBe(0);
  expect(JSON.parse(new TextDecoder().decode(stdout))).toMatchObject({ for: "merged", outcome: "yes" });
  expect(Date.now() - merged).toBeLessThan(8_000);
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
  github.mutate((world) => {
    const repository = world.repositories.get(project);
    if (repository) Object.assign(repository, { private: true, visibility: "private" });
  });
  await github.engine.hooks.quiet();
  const before = calls();
  let said = "";
  const denied = async () => {
    const ran = await machine.run(["gh", "api", `repos/${project}/issues/${number}`], { OCTOPOOL_NO_FALLBACK: "1" });
    said = ran.stderr;
    return ran.exitCode === 1;
  };
  expect(await until(denied, "the denial")).toBeLessThan(3_000);
  expect(said).toContain("repo_not_public");
  expect(calls() - before).toBe(0);
});
