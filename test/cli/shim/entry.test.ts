import { execFile } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterEach, beforeEach, expect, test } from "vitest";
import { shimScript } from "../../../cli/shim/script.ts";
import { TestMachine } from "../../daemon/support/machine.ts";
import { RelayStandIn } from "../../daemon/support/relay.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../../..");

let relay: RelayStandIn;
let machine: TestMachine;
let bundle: string;

beforeEach(async () => {
  relay = await RelayStandIn.start();
  machine = new TestMachine(relay.env);
  bundle = join(machine.root, "dist/octopool.cjs");
  await run(process.execPath, [
    join(root, "scripts/build.ts"),
    "--out",
    join(machine.root, "dist"),
    "--only",
    "octopool.cjs",
    "--only",
    "native.cjs",
  ]);
});
afterEach(async () => {
  await machine.stop();
  await relay.stop();
});

/** Runs the bundle and tells which modules it loaded. */
async function loadedBy(args: readonly string[]): Promise<{ modules: string[]; stdout: string }> {
  const spy = join(machine.root, "spy.cjs");
  writeFileSync(
    spy,
    `const Module = require("node:module");
const load = Module._load;
const seen = [];
Module._load = function (name, ...rest) { seen.push(name); return load.call(this, name, ...rest); };
const write = () => require("node:fs").writeFileSync(process.env.SPY, JSON.stringify(seen));
process.on("exit", write);
const { execve } = process;
process.execve = (...call) => { write(); execve.apply(process, call); };`,
  );
  const report = join(machine.root, "report.json");
  // As scripts and agents call it: no input, which is a device and no terminal.
  const command = [process.execPath, "--require", spy, bundle, "gh", ...args];
  const { stdout } = await run("/bin/sh", ["-c", '"$@" </dev/null', "sh", ...command], {
    env: { ...machine.env, SPY: report },
    cwd: machine.root,
  });
  const { default: modules } = await import(report, { with: { type: "json" } });
  return { modules: modules.filter((name: string) => name !== bundle), stdout };
}

test("a warm read loads node:net, and otherwise only modules that Node has loaded by itself", async () => {
  relay.answer = () => ({ body: "warm" });
  await machine.startDaemon();
  const { modules, stdout } = await loadedBy(["api", "repos/o/r"]);
  expect(stdout).toBe("warm");
  // node:fs and node:path are part of every Node process. Older ones know them without the prefix only.
  expect(new Set(modules.map((name) => name.replace("node:", "")))).toEqual(new Set(["fs", "path", "net"]));
});

test("a native command loads nothing of the network", async () => {
  machine.installGh();
  const { modules, stdout } = await loadedBy(["pr", "merge", "7"]);
  expect(stdout).toBe("real gh: pr merge 7\n");
  expect(modules.filter((name) => /net|http|tls|daemon|cli\.cjs/.test(name))).toEqual([]);
});

test("the sh script runs gh by itself where the entry cannot load the file of the real gh's turn", async () => {
  const gh = machine.installGh();
  rmSync(join(machine.root, "dist/native.cjs"));
  const uid = process.getuid?.() ?? 0;
  const client = [process.execPath, bundle] as const;
  const script = shimScript({ client, gh, version: "0.0.0", uid, platform: process.platform });
  const path = machine.install("shim", script);
  // This variable is the full client's to decide about.
  const { stdout, stderr } = await run(path, ["pr", "merge", "7"], { env: { ...machine.env, OCTOPOOL_VERBOSE: "1" } });
  expect({ stdout, stderr }).toEqual({ stdout: "real gh: pr merge 7\n", stderr: "" });
});

test("the entry is small", async () => {
  const { outputFiles } = await build({ entryPoints: [bundle], write: false, bundle: false });
  expect(outputFiles[0]?.contents.length).toBeLessThan(40_000);
});
