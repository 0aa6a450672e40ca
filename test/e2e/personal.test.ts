/**
 * Reads that the pool cannot serve, answered with the caller's own token: real shim, daemon and relay, emulated GitHub.
 */
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import * as z from "zod";
import { readDaemonStatus } from "../../cli/daemon-status.ts";
import { createMachine, type Machine, type Ran } from "../../scripts/stack/machine.ts";
import type { LocalRelay } from "../../scripts/stack/relay.ts";
import { demoPath, type GitHub, loadWorld, startGitHub } from "../github-emulator/index.ts";
import { logIn, member, project, startDemoRelay } from "./support/demo-relay.ts";

const outsider = "demo-token-outsider";
const hidden = "lumen-labs/treasury";

const privatePull = 2;

const ownSchema = z.object({ own: z.object({ paid: z.number(), unchanged: z.number() }) });

let github: GitHub;
let relay: LocalRelay;
let alone: Machine;
let inTeam: Machine;

const text = (ran: Ran) => new TextDecoder().decode(ran.stdout);

/** A gh that knows its user's token, and says which commands were left to it. */
async function equip(machine: Machine): Promise<void> {
  const bin = join(machine.directory, "bin");
  const config = join(machine.directory, "gh-config");
  await mkdir(bin);
  await mkdir(config);
  const script = `#!/bin/sh\n[ "$1 $2" = "auth token" ] && { echo ${member}; exit 0; }\necho "the real gh: $*"\nexit 7\n`;
  await writeFile(join(bin, "gh"), script);
  await chmod(join(bin, "gh"), 0o755);
  await writeFile(join(config, "config.yml"), `version: "1"\nhttp_unix_socket: ${github.socket}\n`);
  Object.assign(machine.env, { OCTOPOOL_GH_PATH: join(bin, "gh"), GH_CONFIG_DIR: config });
}

beforeAll(async () => {
  const world = loadWorld(demoPath);
  alone = await createMachine("alone");
  inTeam = await createMachine("in-team");
  github = await startGitHub({ world, port: 0, socket: join(alone.directory, "github.sock") });
  relay = await startDemoRelay(github.url);
  for (const machine of [alone, inTeam]) await equip(machine);
  await logIn(inTeam, relay, member);
});

afterAll(async () => {
  await alone?.close();
  await inTeam?.close();
  await relay?.close();
  await github?.close();
});

beforeEach(() => github.control.reset());

const statusesAndViewers = () => github.control.calls.map(({ status, viewer }) => `${status} ${viewer}`);

describe("without a relay", () => {
  test("a read is answered exactly, and an unchanged one costs no budget", async () => {
    const args = ["gh", "issue", "list", "-R", project, "--json", "number,title"];
    const first = await alone.run(args);
    expect([first.exitCode, first.stderr]).toEqual([0, ""]);
    expect(text(first)).toMatch(/^\[{"number":\d+,"title":/);
    github.control.resetCalls();
    const second = await alone.run(args);
    expect(text(second)).toBe(text(first));
    expect(new Set(statusesAndViewers())).toEqual(new Set(["304 ada-okafor"]));
  });

  test("gh is asked for its token once, and a token of the environment goes before it", async () => {
    await alone.run(["gh", "api", `repos/${hidden}/issues`], { GH_TOKEN: outsider });
    expect(statusesAndViewers()).toContain("404 outsider");
  });

  test("explain knows the reads of a token of the environment", async () => {
    const args = ["gh", "api", `repos/${hidden}`];
    const asMember = { GH_TOKEN: member };
    await alone.run(args, asMember);
    github.control.resetCalls();
    const explained = JSON.parse(text(await alone.run(["explain", "--json", ...args], asMember)));
    expect(explained).toMatchObject({ complete: true, reads: [{ state: "own", price: "free" }] });
    expect(github.control.calls).toEqual([]);
  });
});

describe("with a relay", () => {
  test("a private repository is read with the caller's own token, and the relay is asked about it no more", async () => {
    const args = ["gh", "issue", "list", "-R", hidden, "--json", "number,title"];
    const first = await inTeam.run(args);
    expect([first.exitCode, first.stderr]).toEqual([0, ""]);
    github.control.resetCalls();
    expect(text(await inTeam.run(args))).toBe(text(first));
    expect(new Set(statusesAndViewers())).toEqual(new Set(["304 ada-okafor"]));
    const { own } = ownSchema.parse(await readDaemonStatus(inTeam.env));
    expect(own.unchanged).toBeGreaterThan(0);
  });

  test("explain shows the cost of a command, and the requests of gh for it", async () => {
    const args = ["pr", "view", String(privatePull), "-R", hidden, "--json", "title,files,state,url"];
    const before = text(await inTeam.run(["explain", "gh", ...args]));
    expect(before).toMatch(/gh's own query costs less: 1 instead of 2 requests/);
    expect(before).toMatch(/^Cost: 1 request so far: 1 of your own rate limit\.\n {6}gh itself makes 1 request, of/m);
    expect(github.control.calls).toEqual([]);
    for (let look = 0; look < 3; look++) await inTeam.run(["gh", ...args]);
    const after = JSON.parse(text(await inTeam.run(["explain", "--json", "gh", ...args])));
    expect(after.cost).toMatchObject({ shared: 0, paid: 0, gh: { requests: 1, orMore: false } });
    expect(after.reads[0]).toMatchObject({
      path: `/repos/${hidden}/pulls/${privatePull}`,
      state: "own",
      price: "free",
    });
  });

  test("first looks at a private pull request are one query each; further looks read, and those reads are then free", async () => {
    const args = ["gh", "pr", "view", String(privatePull), "-R", hidden, "--json", "title,commits,reactionGroups"];
    const ways: string[] = [];
    const outputs = new Set<string>();
    for (let look = 0; look < 9; look++) {
      github.control.resetCalls();
      outputs.add(text(await inTeam.run(args)));
      const own = github.control.calls.filter(({ viewer }) => viewer === "ada-okafor");
      const queries = own.filter(({ path }) => path === "/graphql").length;
      const free = own.length > 0 && own.every(({ status }) => status === 304);
      ways.push(queries === 1 && own.length === 1 ? "query" : queries === 0 && free ? "free" : "reads");
    }
    expect(ways.join(" ")).toMatch(/^query (query )*reads free( free)*$/);
    expect([...outputs]).toEqual([expect.stringMatching(/^{"commits":\[.*"title":"/)]);
  });

  test("a public repository stays the pool's", async () => {
    await inTeam.run(["gh", "issue", "list", "-R", project, "--json", "number"]);
    const viewers = github.control.calls.map(({ viewer }) => viewer);
    expect(viewers).toContain("lumen-robot");
    expect(viewers).not.toContain("ada-okafor");
    expect(github.control.calls.length).toBeGreaterThan(0);
  });

  test("a login that the relay does not know is told once, though the caller's own token answers", async () => {
    const args = ["gh", "api", `repos/${project}/issues/1`, "-q", ".number"];
    const unknown = { OCTOPOOL_TOKEN: "a-token-of-no-machine" };
    const first = await inTeam.run(args, unknown);
    expect([text(first), first.stderr, first.exitCode]).toEqual([
      "1\n",
      "octopool: the relay no longer knows this login, so your own token was used. Run `octopool login` again.\n",
      0,
    ]);
    expect(await inTeam.run(args, unknown)).toMatchObject({ stderr: "", exitCode: 0 });
  });

  test("OCTOPOOL_NO_FALLBACK leaves the caller's token alone", async () => {
    const ran = await inTeam.run(["gh", "issue", "list", "-R", hidden, "--json", "url"], { OCTOPOOL_NO_FALLBACK: "1" });
    expect(ran.exitCode).toBe(1);
    expect(statusesAndViewers().filter((each) => each.includes("ada-okafor"))).toEqual([]);
  });

  test("the token is in no file of the machine, no log and no status", async () => {
    await inTeam.run(["gh", "issue", "list", "-R", hidden, "--json", "number"], { GH_TOKEN: member });
    const log = await readFile(join(inTeam.directory, "run", "octopool", "daemon.log"), "utf8");
    expect(log).not.toContain(member);
    expect(JSON.stringify(await readDaemonStatus(inTeam.env))).not.toContain(member);
  });
});
