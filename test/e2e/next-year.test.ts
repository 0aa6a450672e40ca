/** A gh of next year, which prints one line more in `issue view` than any that was run: it is proven by comparison. */
import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createMachine, type Machine, type Ran } from "../../scripts/stack/machine.ts";
import type { LocalRelay } from "../../scripts/stack/relay.ts";
import { openBench } from "../daemon/gh/support/reader.ts";
import { demoPath, type GitHub, loadWorld, startGitHub, worldSchema } from "../github-emulator/index.ts";
import { logIn, member, project, startDemoRelay } from "./support/demo-relay.ts";

const text = (ran: Ran) => new TextDecoder().decode(ran.stdout);

let github: GitHub;
let relay: LocalRelay;
let machine: Machine;
let directory: string;
let issue: number;

/** The engine's output for the newest gh that was compared. */
const answers = new Map<string, string>();

beforeAll(async () => {
  const world = loadWorld(demoPath);
  const found = worldSchema.parse(world).repositories.find(({ name }) => name === project);
  issue = found?.issues.map(({ number }) => number).find((number) => number !== undefined) ?? 0;
  machine = await createMachine("next-year");
  // The scopes of a token decide whether a later gh names projects: the machine has one, and a way to GitHub.
  github = await startGitHub({ world, port: 0, socket: join(machine.directory, "github.sock") });
  relay = await startDemoRelay(github.url);
  directory = join(machine.directory, "next-year");
  await mkdir(directory);
  await using bench = await openBench(worldSchema.parse(world));
  for (const line of [
    `issue view ${issue} -R ${project}`,
    `issue view ${issue} -R ${project} --json title`,
    `label list -R ${project}`,
  ]) {
    const outcome = await bench.run(line.split(" "), { ghVersion: "2.103.3" });
    if (outcome.kind === "native") throw new Error(outcome.reason);
    answers.set(line, String(outcome.stdout).replace(/^number:/m, "next-year:\tnews\nnumber:"));
  }
  await installStandIn();
  await logIn(machine, relay, member);
});

afterAll(async () => {
  await machine?.close();
  await relay?.close();
  await github?.close();
});

/** Prints the given output for each command line, and writes down that it ran. */
async function installStandIn(): Promise<void> {
  const cases = [...answers].map(([line, answer], index) => ({ line, answer, name: `answer-${index}` }));
  for (const { name, answer } of cases) await writeFile(join(directory, name), answer);
  const path = join(directory, "gh");
  // Names beside itself: its text must not hold a directory that is called after us.
  const beside = "$" + "{0%/*}";
  await writeFile(
    path,
    `#!/bin/sh
[ "$1" = --version ] && { echo "gh version 3.1.0 (2027-06-01)"; exit 0; }
[ "$1 $2" = "auth token" ] && { echo "${member}"; exit 0; }
echo "$*" >>"${beside}/ran"
case "$*" in
${cases.map(({ line, name }) => `  "${line}") exec cat "${beside}/${name}" ;;`).join("\n")}
esac
exit 9
`,
  );
  await chmod(path, 0o755);
  await writeFile(join(directory, "config.yml"), `http_unix_socket: ${github.socket}\n`);
  Object.assign(machine.env, { OCTOPOOL_GH_PATH: path, GH_CONFIG_DIR: directory });
}

async function timesRun(line: string): Promise<number> {
  const path = join(directory, "ran");
  if (!existsSync(path)) return 0;
  return (await readFile(path, "utf8")).split("\n").filter((each) => each === line).length;
}

describe("a gh of next year", () => {
  test("is answered for after two comparisons, with its own bytes all the time", async () => {
    const line = `issue view ${issue} -R ${project} --json title`;
    for (const runs of [1, 2, 2, 2]) {
      const ran = await machine.run(["gh", ...line.split(" ")]);
      expect(text(ran)).toBe(answers.get(line));
      expect(ran.exitCode).toBe(0);
      expect(await timesRun(line)).toBe(runs);
    }
  });

  test("is never answered for where it prints a line more", async () => {
    const line = `issue view ${issue} -R ${project}`;
    for (const runs of [1, 2, 3, 4]) {
      const ran = await machine.run(["gh", ...line.split(" ")]);
      expect(text(ran)).toBe(answers.get(line));
      expect(text(ran)).toContain("next-year:\tnews\n");
      expect(await timesRun(line)).toBe(runs);
    }
    const explained = await machine.run(["explain", "gh", ...line.split(" ")]);
    expect(text(explained)).toContain("printed otherwise on this machine");
  });
});

describe("octopool prove", () => {
  test("says that the two are equal, and counts for a newer gh as a comparison on the way does", async () => {
    const line = `label list -R ${project}`;
    const args = line.split(" ");
    for (const runs of [1, 2]) {
      const ran = await machine.run(["prove", "gh", ...args]);
      expect(text(ran)).toBe("Equal: the same output, messages and exit code.\n");
      expect([ran.exitCode, await timesRun(line)]).toEqual([0, runs]);
    }
    expect(text(await machine.run(["gh", ...args]))).toBe(answers.get(line));
    expect(await timesRun(line)).toBe(2);
    const explained = await machine.run(["explain", "gh", ...args]);
    expect(text(explained)).toContain("Printed as gh 3.1.0 prints it: the two were compared on this machine.");
  });

  test("prints the first line that differs, once it has differed twice", async () => {
    const line = `issue view ${issue} -R ${project}`;
    const before = await timesRun(line);
    const ran = await machine.run(["prove", "gh", ...line.split(" ")]);
    expect(text(ran)).toMatch(
      /^Different: output, line \d+\n {2}gh {8}"next-year:\\tnews\\n"\n {2}Octopool {2}"number:/,
    );
    expect([ran.exitCode, (await timesRun(line)) - before]).toEqual([1, 2]);
    const told = await machine.run(["prove", "--json", "gh", ...line.split(" ")]);
    expect(JSON.parse(text(told))).toMatchObject({ result: "different", difference: { what: "output" } });
  });

  test.each([
    ["a write", ["issue", "close", "1", "-R", project], 2],
    ["a command of gh alone", ["browse"], 3],
  ])("%s is not compared, and runs nothing", async (_case, args, exitCode) => {
    const ran = await machine.run(["prove", "gh", ...args]);
    expect(ran.exitCode, text(ran) + ran.stderr).toBe(exitCode);
    expect(await timesRun(args.join(" "))).toBe(0);
  });
});
