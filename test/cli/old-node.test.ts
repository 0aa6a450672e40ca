/** An older Node says so, in one sentence, and keeps no command from the real gh. */
import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { nodeProblem, oldestNode } from "../../cli/node-version.ts";
import { ended, TestMachine } from "../daemon/support/machine.ts";

const entry = join(import.meta.dirname, "../../cli/main.ts");
const sentence = (version: string) =>
  `octopool needs Node ${oldestNode} or later; this is ${version}. Install a newer Node, or the single-file octopool.`;

let machine: TestMachine;
beforeEach(() => {
  machine = new TestMachine();
  machine.installGh();
});
afterEach(() => machine.stop());

/** Runs the entry, or a link to it, by this Node under another version. */
function runBy(
  version: string,
  args: readonly string[],
  options: { script?: string; env?: Record<string, string> } = {},
) {
  const { script = entry, env = {} } = options;
  const versions = join(machine.root, "version.cjs");
  const value = JSON.stringify(version);
  writeFileSync(versions, `Object.defineProperty(process.versions, "node", { value: ${value} });\n`);
  return ended(machine.start([process.execPath, "--require", versions, script, ...args], { env }));
}

test.each(["doctor", "login https://relay.example", "install-shim", "daemon start", "daemon run", "stats", "--help"])(
  "octopool %s names the Node that it needs before anything else",
  async (line) => {
    expect(await runBy("20.20.2", line.split(" "))).toMatchObject({
      code: 1,
      stdout: "",
      stderr: `${sentence("20.20.2")}\n`,
    });
  },
);

describe("the real gh runs all the same", () => {
  test.each([
    ["a read", ["api", "repos/o/r"], {}],
    ["a write", ["pr", "merge", "7", "-R", "o/r"], {}],
    ["a read without a daemon", ["pr", "list", "-R", "o/r"], { OCTOPOOL_NO_DAEMON: "1" }],
  ] as const)("%s", async (_what, args, env) => {
    expect(await runBy("20.20.2", ["gh", ...args], { env })).toMatchObject({
      code: 0,
      stdout: `real gh: ${args.join(" ")}\n`,
      stderr: `${sentence("20.20.2")}\n`,
    });
  });

  test("through a link that is named gh", async () => {
    const script = join(machine.root, "gh");
    symlinkSync(entry, script);
    const { stdout } = await runBy("18.20.8", ["api", "repos/o/r"], { script });
    expect(stdout).toBe("real gh: api repos/o/r\n");
  });
});

test.each([
  ["18.20.8", true],
  ["22.18.9", true],
  ["22.9.0", true],
  [oldestNode, false],
  ["22.19.1-nightly20260101", false],
  ["24.0.0", false],
  ["100.1.0", false],
])("Node %s is too old: %s", (version, tooOld) => {
  expect(nodeProblem(version)).toBe(tooOld ? sentence(version) : undefined);
});
