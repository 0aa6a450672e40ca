/** A read after one's own write shows the write: on this machine at once, and then on every other. */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createMachine, type Machine } from "../../scripts/stack/machine.ts";
import type { LocalRelay } from "../../scripts/stack/relay.ts";
import { demoPath, type GitHub, loadWorld, startGitHub, worldSchema } from "../github-emulator/index.ts";
import { removeTree } from "../support/remove-tree.ts";
import { logIn, member, project, startDemoRelay } from "./support/demo-relay.ts";
import { ghEnvironment } from "./support/gh.ts";

const at = (path: string) => `repos/${project}/${path}`;

let directory: string;
let github: GitHub;
let relay: LocalRelay;
let writer: Machine;
let other: Machine;
let openIssues: readonly number[];
let openPulls: readonly number[];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "octopool-freshness-"));
  const world = loadWorld(demoPath);
  const found = worldSchema.parse(world).repositories.find(({ name }) => name === project);
  const open = ({ closed_at, state }: { closed_at?: unknown; state?: string | undefined }) =>
    state !== "closed" && !closed_at;
  openIssues = (found?.issues ?? []).filter(open).flatMap(({ number }) => number ?? []);
  const mergeable = (found?.pulls ?? []).filter((pull) => open(pull) && !pull.merged_at && !pull.draft);
  openPulls = mergeable.flatMap(({ number }) => number ?? []);
  github = await startGitHub({ world, port: 0, socket: join(directory, "github.sock") });
  relay = await startDemoRelay(github.url);
  const gh = await ghEnvironment(join(directory, "gh"), github, member);
  writer = await createMachine("writer", gh);
  other = await createMachine("other", gh);
  for (const machine of [writer, other]) await logIn(machine, relay);
});

afterAll(async () => {
  await writer?.close();
  await other?.close();
  await relay?.close();
  await github?.close();
  await removeTree(directory);
});

async function read(machine: Machine, path: string, env: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const ran = await machine.run(["gh", "api", path], env);
  expect(ran.exitCode, ran.stderr).toBe(0);
  return JSON.parse(new TextDecoder().decode(ran.stdout));
}

async function write(...args: readonly string[]): Promise<void> {
  const ran = await writer.run(["gh", "api", ...args]);
  expect(ran.exitCode, ran.stderr + new TextDecoder().decode(ran.stdout)).toBe(0);
}

/** GitHub's current answer, at the cost of the test's own account. */
async function truth(path: string): Promise<unknown> {
  const response = await fetch(`${github.url}/${path}`, { headers: { authorization: `token demo-token-outsider` } });
  return response.json();
}

interface Change {
  readonly what: string;
  readonly write: () => readonly string[];
  /** Every resource that shows it. */
  readonly shownBy: () => readonly string[];
}

const changes: readonly Change[] = [
  {
    what: "an edited title",
    write: () => ["-X", "PATCH", at(`issues/${openIssues[0]}`), "-f", "title=Edited just now"],
    shownBy: () => [at(`issues/${openIssues[0]}`), at("issues?per_page=100&sort=created")],
  },
  {
    what: "a closed issue",
    write: () => ["-X", "PATCH", at(`issues/${openIssues[1]}`), "-f", "state=closed"],
    shownBy: () => [at(`issues/${openIssues[1]}`), at("issues?per_page=100"), at("issues?state=closed&per_page=100")],
  },
  {
    what: "a label",
    write: () => ["-X", "POST", at(`issues/${openIssues[2]}/labels`), "-f", "labels[]=brand-new"],
    shownBy: () => [at(`issues/${openIssues[2]}/labels`), at(`issues/${openIssues[2]}`)],
  },
  {
    what: "a comment",
    write: () => ["-X", "POST", at(`issues/${openIssues[3]}/comments`), "-f", "body=Said just now"],
    shownBy: () => [at(`issues/${openIssues[3]}/comments`), at(`issues/${openIssues[3]}`)],
  },
  {
    what: "a merge",
    write: () => ["-X", "PUT", at(`pulls/${openPulls[0]}/merge`), "-f", "merge_method=merge"],
    shownBy: () => [at(`pulls/${openPulls[0]}`), at("pulls?per_page=100"), at("branches/main"), at("commits")],
  },
];

describe.each(changes)("$what", (change) => {
  test("shows in every affected resource next, here at once and elsewhere after one live read", async () => {
    const resources = change.shownBy();
    const before = await Promise.all(resources.map((path) => read(writer, path)));
    await write(...change.write());
    const after = await Promise.all(resources.map(truth));
    for (const [index, path] of resources.entries()) {
      expect(after[index], path).not.toEqual(before[index]);
      expect(await read(writer, path), `${path}, here`).toEqual(after[index]);
    }
    const asked = github.control.calls.length;
    for (const [index, path] of resources.entries()) {
      expect(await read(other, path), `${path}, elsewhere`).toEqual(after[index]);
    }
    expect(github.control.calls.slice(asked)).toEqual([]);
  });
});

describe("a push", () => {
  test("is noticed by the remote-tracking ref that it moves", async () => {
    const checkout = join(directory, "checkout");
    const git = (...args: string[]) => execa("git", args, { cwd: checkout });
    await execa("git", ["init", "--quiet", checkout]);
    await git("remote", "add", "origin", `https://github.com/${project}.git`);
    await git("-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "--quiet", "--allow-empty", "-m", "x");
    const env = { GIT_DIR: join(checkout, ".git") };
    const path = at("git/ref/heads/main");
    // The daemon learns of the checkout with the first read from it.
    const before = await read(writer, path, env);
    github.mutate((world) => {
      const branch = world.repositories.get(project)?.branches.get("main");
      if (branch) branch.sha = "1234567890123456789012345678901234567890";
    });
    await git("update-ref", "refs/remotes/origin/main", "HEAD");
    const after = await truth(path);
    expect(after).not.toEqual(before);
    expect(await read(writer, path, env)).toEqual(after);
    expect(await read(other, path)).toEqual(after);
  });
});
