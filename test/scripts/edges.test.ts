/** Every script at its edges: a wrong argument, a taken port, a file that is not there, a reader that has gone. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { compileCache } from "../support/compile-cache.ts";
import { makeWorld } from "./deploy/world.ts";

const root = join(import.meta.dirname, "../..");

interface Ending {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** @param closing the script's reader goes away with the first bytes */
async function run(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  closing = false,
): Promise<Ending> {
  const child = spawn(process.execPath, [join(root, script), ...args], {
    cwd: root,
    env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", ...compileCache, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
    if (closing) child.stdout.destroy();
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  await once(child, closing ? "exit" : "close");
  return { exitCode: child.exitCode, stdout, stderr };
}

test.each<[string, readonly string[], Readonly<Record<string, string>>, string]>([
  ["scripts/start.ts", [], { PORT: "abc" }, 'start: PORT must be a whole number from 0 to 65535, not "abc".'],
  ["scripts/start.ts", [], { PORT: "70000" }, 'start: PORT must be a whole number from 0 to 65535, not "70000".'],
  ["scripts/start.ts", ["--port", "1"], {}, "start: Unknown option '--port'"],
  ["scripts/e2e.ts", ["--host", "x"], {}, "e2e: Unknown option '--host'"],
  ["scripts/demo.ts", ["--fast"], {}, "demo: Unknown option '--fast'"],
  ["scripts/bench.ts", ["team", "--hours", "long"], {}, 'bench: --hours must be a number from 0.05 to 48, not "long".'],
  ["scripts/bench.ts", ["team", "--people", "0"], {}, 'bench: --people must be a number from 1 to 1000, not "0".'],
  ["scripts/bench.ts", ["toString"], {}, "bench: no bench named toString; there are"],
  ["scripts/fuzz/main.ts", ["jq", "--count", "1e3"], {}, "fuzz: --count must be a whole number from 1"],
  ["scripts/fuzz/main.ts", ["jq", "--gh"], {}, "fuzz: Option '--gh <value>' argument missing"],
  ["scripts/differential/main.ts", ["--gh", "x", "--concurrency", "0"], {}, "differential: --concurrency must be"],
  ["scripts/goldens/main.ts", ["--nope"], {}, "goldens: Unknown option '--nope'"],
  ["scripts/e2e.ts", [], {}, "e2e: set OCTOPOOL_E2E_HOST to the relay's host"],
  ["scripts/e2e.ts", [], { OCTOPOOL_E2E_HOST: "ftp://relay" }, 'e2e: OCTOPOOL_E2E_HOST is not a host: "ftp://relay"'],
  ["scripts/formula.ts", [], {}, "formula: usage: node scripts/formula.ts"],
  ["scripts/deploy.ts", ["--nonsense"], {}, "deploy: Unknown option '--nonsense'"],
])("%s %j with %j: one sentence, and 2", async (script, args, env, sentence) => {
  const { exitCode, stdout, stderr } = await run(script, args, env);
  expect(stderr).toContain(sentence);
  expect([exitCode, stdout, /^\s+at /m.test(stderr)]).toEqual([2, "", false]);
});

const emulator = "test/github-emulator/main.ts";

test.each([
  ["scripts/bench.ts", "npm run bench --"],
  ["scripts/demo.ts", "npm run demo"],
  ["scripts/deploy.ts", "npm run deploy"],
  ["scripts/differential/main.ts", "npm run differential --"],
  ["scripts/e2e.ts", "npm run e2e\n"],
  ["scripts/fuzz/main.ts", "npm run fuzz --"],
  ["scripts/goldens/main.ts", "npm run goldens --"],
  ["scripts/start.ts", "npm start\n"],
  [emulator, "npm run github-emulator --"],
])("%s --help shows how it is called, and does nothing", async (script, command) => {
  const { exitCode, stdout, stderr } = await run(script, ["--help"]);
  expect(stdout).toContain(command);
  expect([exitCode, stderr]).toEqual([0, ""]);
});

test.each<[readonly string[], string]>([
  [["--port", "abc"], '--port must be a whole number from 0 to 65535, not "abc".'],
  [["--port", "70000"], '--port must be a whole number from 0 to 65535, not "70000".'],
  [["--points-per-minute", "0"], "--points-per-minute must be a whole number from 1"],
  [["--world", "no-such.json"], "there is no file"],
  [["--recorded", "no-such.jsonl"], "there is no file"],
])("the emulator with %j: one sentence, and 1", async (args, sentence) => {
  const { exitCode, stderr } = await run(emulator, args);
  expect(stderr).toContain(sentence);
  expect([exitCode, /^\s+at /m.test(stderr)]).toEqual([1, false]);
});

async function takenPort(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return String(address.port);
}

test("npm start on a port that is taken names it, and another one", async () => {
  const port = await takenPort();
  const { exitCode, stderr } = await run("scripts/start.ts", [], { PORT: port });
  expect(stderr).toBe(`start: port ${port} is taken. Choose another: PORT=8790 npm start\n`);
  expect(exitCode).toBe(1);
});

test("the emulator on a port that is taken says so", async () => {
  const { exitCode, stderr } = await run(emulator, ["--port", await takenPort()]);
  expect(stderr).toBe("github-emulator: the port or socket is taken by another program; choose another one\n");
  expect(exitCode).toBe(1);
});

test.each<[string, readonly string[]]>([
  ["scripts/deploy.ts", ["--dry-run"]],
  ["scripts/deploy.ts", ["--help"]],
  ["scripts/fuzz/main.ts", ["--help"]],
  [emulator, ["--print-schema"]],
])("%s %j ends well when its reader goes early", async (script, args) => {
  const world = await makeWorld();
  onTestFinished(() => world.remove());
  const { exitCode, stderr } = await run(script, args, world.env, true);
  expect([exitCode, stderr]).toEqual([0, ""]);
});
