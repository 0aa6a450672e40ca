/** The real gh with its requests passing through the daemon: installed script, full client, daemon, emulated GitHub. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as z from "zod";
import { readDaemonStatus } from "../../cli/daemon-status.ts";
import { createMachine, type Machine, type Ran } from "../../scripts/stack/machine.ts";
import { type GitHub, startGitHub } from "../github-emulator/index.ts";

const realGh = process.env.OCTOPOOL_GH_PATH ?? "";
const token = "ada-token-of-the-test";

let machine: Machine;
let github: GitHub;

beforeEach(async () => {
  machine = await createMachine("via", realGh === "" ? {} : { OCTOPOOL_GH_PATH: realGh });
  const socket = join(machine.directory, "github.sock");
  github = await startGitHub({
    socket,
    world: {
      users: [{ login: "ada" }],
      tokens: [{ token, login: "ada" }],
      gists: [{ owner: "ada", description: "Notes", files: { "a.md": "x" } }],
      repositories: [{ name: "ada/secret", private: true, issues: [{ number: 1, title: "First", author: "ada" }] }],
    },
  });
  const config = join(machine.directory, "gh-config");
  await mkdir(config);
  await writeFile(join(config, "config.yml"), `version: "1"\nhttp_unix_socket: ${socket}\n`);
  Object.assign(machine.env, { GH_CONFIG_DIR: config, GH_TOKEN: token });
});

afterEach(async () => {
  await machine?.close();
  await github?.close();
});

const text = (ran: Ran) => new TextDecoder().decode(ran.stdout);
const statusSchema = z.looseObject({
  pid: z.number(),
  via: z.looseObject({ commands: z.number(), unchanged: z.number(), kept: z.number(), requests: z.number() }),
});
const status = async () => statusSchema.parse(await readDaemonStatus(machine.env));
const query = ["api", "graphql", "-f", 'query={repository(owner:"ada",name:"secret"){issue(number:1){title}}}'];
const unproven = ["issue", "view", "1", "-R", "ada/secret", "--json", "projectItems"];
const alone = { OCTOPOOL_NO_VIA: "1" };

describe.skipIf(realGh === "")("the real gh through the daemon", () => {
  test.for([
    ["a query of gh api graphql", query],
    ["a read that the daemon cannot make exactly", unproven],
    ["a command that only gh has", ["gist", "list"]],
    ["one that fails", ["api", "graphql", "-f", "query={nothing}"]],
    [
      "one of another host",
      ["label", "list", "-R", "ada/secret"],
      { GH_HOST: "git.example.org", GH_ENTERPRISE_TOKEN: token },
    ],
  ] as const)("%s prints the bytes of plain gh, by both clients", async ([, args, env = {}]) => {
    const plain = await machine.gh(args, { ...env, ...alone });
    const shown = ({ stdout, stderr, exitCode }: Ran) => ({ stdout: Buffer.from(stdout).toString(), stderr, exitCode });
    for (const way of [machine.gh, ((words, extra) => machine.run(["gh", ...words], extra)) satisfies Machine["gh"]]) {
      expect(shown(await way(args, env))).toEqual(shown(plain));
      expect(shown(await way(args, env))).toEqual(shown(plain));
    }
    expect((await status()).via.commands).toBe(4);
    expect((await status()).via.requests).toBeGreaterThan(0);
  });

  test("a GraphQL query is kept for some seconds, and asked again after a write", async () => {
    await machine.gh(query);
    github.control.resetCalls();
    await machine.gh(query);
    expect(github.control.calls).toEqual([]);
    await machine.gh(["api", "-X", "PATCH", "repos/ada/secret/issues/1", "-f", "title=Renamed"]);
    expect(text(await machine.gh(query))).toContain("Renamed");
  });

  test("a gh that gh starts has the caller's own settings", async () => {
    await machine.gh(query);
    const [via = ""] = (await readdir(join(machine.directory, "run", "octopool"))).filter((name) => /^via-/.test(name));
    const directory = join(machine.directory, "run", "octopool", via);
    const [copy = ""] = (await readdir(directory)).filter((name) => !name.endsWith(".sock"));
    const inner = await machine.gh(["config", "set", "editor", "nano"], { GH_CONFIG_DIR: join(directory, copy) });
    expect(inner.exitCode).toBe(0);
    expect(await readFile(join(machine.directory, "gh-config", "config.yml"), "utf8")).toContain("nano");
    expect(await readFile(join(directory, copy, "config.yml"), "utf8")).not.toContain("nano");
  });

  test("a daemon that was killed costs no command", async () => {
    const first = await machine.gh(query);
    process.kill((await status()).pid, "SIGKILL");
    expect(text(await machine.gh(query))).toBe(text(first));
    expect(text(await machine.gh(query))).toBe(text(first));
  });

  test("a daemon that is told to leave stays for the gh that it sent to itself", async () => {
    await machine.gh(query);
    const { pid } = await status();
    const held = github.control.hold({ path: "/graphql" });
    const slow = machine.gh(["api", "graphql", "-f", "query={viewer{login}}"]);
    await held.arrived(1);
    await machine.run(["daemon", "stop"]);
    held.release();
    expect(text(await slow)).toBe('{"data":{"viewer":{"login":"ada"}}}');
    expect(() => process.kill(pid, 0)).not.toThrow();
  });

  test("many at once all have gh's answer", async () => {
    const expected = text(await machine.gh(unproven, alone));
    const many = await Promise.all(Array.from({ length: 40 }, () => machine.gh(unproven)));
    expect(new Set(many.map(text))).toEqual(new Set([expected]));
  });

  test("the token is in no file of the daemon's, no log, no status and no process's arguments", async () => {
    await machine.gh(query);
    const held = await readdir(join(machine.directory, "run"), { recursive: true, withFileTypes: true });
    for (const entry of held.filter((each) => each.isFile())) {
      expect(await readFile(join(entry.parentPath, entry.name), "utf8"), entry.name).not.toContain(token);
    }
    const { pid } = await status();
    expect(JSON.stringify(await readDaemonStatus(machine.env))).not.toContain(token);
    expect(await readFile(`/proc/${pid}/cmdline`, "utf8")).not.toContain(token);
  });
});
