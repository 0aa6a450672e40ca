/** The package's `octopool` and links to it: under any environment for other programs of Node's. */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ended, TestMachine } from "../daemon/support/machine.ts";
import { RelayStandIn } from "../daemon/support/relay.ts";

/** `npm run test:e2e` builds it first. */
const octopool = join(import.meta.dirname, "../../dist/octopool");

let relay: RelayStandIn;
let machine: TestMachine;
let gh: string;

beforeEach(async () => {
  relay = await RelayStandIn.start();
  relay.answer = () => ({ body: "answered" });
  machine = new TestMachine(relay.env);
  machine.installGh(
    'NODE_OPTIONS=$(printenv NODE_OPTIONS) || NODE_OPTIONS=unset; echo "real gh: $* NODE_OPTIONS=$NODE_OPTIONS"',
  );
  symlinkSync(process.execPath, join(machine.bin, "node"));
  mkdirSync(join(machine.root, "links"));
  symlinkSync(octopool, join(machine.root, "links/octopool"));
  // A link to a link, as a package manager's and a person's.
  gh = join(machine.root, "links/gh");
  symlinkSync("octopool", gh);
  writeFileSync(join(machine.root, "bad.cjs"), "throw new Error('a loader')");
});
afterEach(async () => {
  await machine.stop();
  await relay.stop();
});

const read = ["api", "repos/o/r/pulls/7"];
const run = (command: readonly string[], env: Record<string, string> = {}) => ended(machine.start(command, { env }));

test.each([
  {},
  { NODE_OPTIONS: "--no-such-flag" },
  { NODE_OPTIONS: "--require /nowhere/loader.js" },
  { NODE_OPTIONS: "--require BAD" },
  { NODE_OPTIONS: "--inspect-brk=0" },
  { NODE_OPTIONS: "" },
])("%j keeps neither reads nor writes from working, by name or by link", async (given: Record<string, string>) => {
  const options = given.NODE_OPTIONS?.replace("BAD", join(machine.root, "bad.cjs"));
  const env = options === undefined ? {} : { NODE_OPTIONS: options };
  for (const entry of [[octopool, "gh"], [gh]]) {
    expect(await run([...entry, ...read], env)).toMatchObject({ code: 0, stdout: "answered" });
    expect(await run([...entry, "pr", "merge", "7", "-R", "o/r"], env)).toMatchObject({
      code: 0,
      stdout: `real gh: pr merge 7 -R o/r NODE_OPTIONS=${options ?? "unset"}\n`,
    });
  }
  expect((await run([octopool, "--version"], env)).stdout).toMatch(/^octopool \d|^\d/);
});

test("a PATH of nothing but Node is enough, through links too", async () => {
  const only = join(machine.root, "only");
  mkdirSync(only);
  symlinkSync(process.execPath, join(only, "node"));
  const { stdout, stderr } = await run([join(machine.root, "links/octopool"), "--version"], { PATH: only });
  expect(stdout + stderr).toMatch(/^octopool \d/);
});

const odd = [
  ["20 open files", "ulimit -n 20"],
  ["16 open files", "ulimit -n 16"],
  ["little data", "ulimit -d 100000"],
  ["no Node at all", "PATH=$ONLY_GH"],
] as const;
test.each(odd)(
  "with %s, which Node does not start under, gh runs, and its writes leave a mark",
  async (_what, line) => {
    const only = join(machine.root, "only-gh");
    mkdirSync(only);
    copyFileSync(join(machine.bin, "gh"), join(only, "gh"));
    for (const tool of ["readlink", "printenv"]) symlinkSync(`/usr/bin/${tool}`, join(only, tool));
    mkdirSync(join(machine.runtime, "written"), { recursive: true, mode: 0o700 });
    for (const entry of [[octopool, "gh"], [gh]]) {
      const inLimits = (args: readonly string[]) =>
        run(["/bin/sh", "-c", `${line}; exec "$@"`, "sh", ...entry, ...args], { ONLY_GH: only });
      for (const args of [read, ["pr", "merge", "7", "-R", "o/r"]]) {
        const { code, stdout } = await inLimits(args);
        expect({ code, stdout: stdout.split(" NODE_")[0] }).toEqual({ code: 0, stdout: `real gh: ${args.join(" ")}` });
      }
    }
    const marks = readdirSync(join(machine.runtime, "written"));
    expect(
      marks.map((mark) =>
        readFileSync(join(machine.runtime, "written", mark), "utf8")
          .split("\0")
          .at(-1),
      ),
    ).toContain("*");
  },
);

test("without a Node it says that Node is missing", async () => {
  const { code, stderr } = await run([octopool, "--version"], { PATH: "/nowhere" });
  expect(code).toBe(127);
  expect(stderr).toMatch(/Node was not found on PATH/);
});
