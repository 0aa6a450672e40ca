/**
 * The cost of the shim, in units of other programs' starts: the same commands as users run them, from a shell loop,
 * interleaved with their references, medians.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { shimScript } from "../../cli/shim/script.ts";
import { findRealGh } from "../../shared/find-gh.ts";
import { writeTokenFile } from "../../shared/settings/credentials/file.ts";
import { fingerprint } from "../../shared/settings/credentials/fingerprint.ts";
import { credentialsPath, settingsPath } from "../../shared/settings/paths.ts";
import type { SavedSettings } from "../../shared/settings/saved.ts";
import { writeSettingsFile } from "../../shared/settings/write.ts";
import { ended, type TestMachine } from "../../test/daemon/support/machine.ts";
import type { BenchModule, BenchOptions, Figures } from "./figures.ts";
import { type BenchStage, median, round, setStage } from "./stage.ts";

/** Calls in one timed shell loop, and loops a command. */
const calls = 20;
const roundsOf = ({ quick }: BenchOptions) => (quick ? 3 : 15);
const coldStarts = 9;

const read = ["api", "repos/acme/widgets/pulls/7"];

interface Timed {
  readonly command: readonly string[];
  readonly milliseconds: number[];
}

export const run: BenchModule["run"] = async (options) => {
  const stage = await setStage(() => ({ body: JSON.stringify({ number: 7, title: "x".repeat(2000) }) }));
  try {
    return await measure(stage, options);
  } finally {
    await stage.close();
  }
};

async function measure(stage: BenchStage, options: BenchOptions): Promise<Figures> {
  const { say } = options;
  const { machine, entry } = stage;
  const gh = realGh();
  const shim = installShim(stage, gh ?? "");
  const curl = versionOf(["curl", "--version"]);
  say(`node ${process.version}, ${curl ?? "no curl"}, ${gh ? versionOf([gh, "--version"]) : "no real gh"}`);
  // The sh shim leaves a token in the environment to the full client: it has a saved login.
  saveLogin(machine.env);

  const cold = await coldStart(stage);
  await ended(machine.start([process.execPath, entry, "gh", ...read]));
  verifyFastRoad(stage, curl !== undefined);
  const timed = {
    curl: series(["curl", "--version"]),
    sh: series([shim, ...read]),
    node: series([process.execPath, "-e", "0"]),
    nodeShim: series([process.execPath, entry, "gh", ...read]),
    gh: series(gh ? [gh, "--version"] : []),
    nativeSh: series(gh ? [shim, "--version"] : []),
  };
  for (let turn = 0; turn < roundsOf(options); turn++) {
    for (const one of Object.values(timed)) loop(one, machine);
  }
  const took = Object.fromEntries(
    Object.entries(timed).map(([name, { milliseconds }]) => [name, median(milliseconds)]),
  );
  for (const [name, value] of Object.entries(took))
    if (!Number.isNaN(value)) say(`${name.padEnd(10)} ${round(value)} ms`);
  say(`cold       ${round(cold.first)} ms, node -e 0 beside it ${round(cold.node)} ms`);
  const ratio = (one: keyof typeof timed, other: keyof typeof timed) => {
    const value = (took[one] ?? Number.NaN) / (took[other] ?? Number.NaN);
    return Number.isNaN(value) ? null : round(value);
  };
  return {
    shim_sh_vs_curl: ratio("sh", "curl"),
    shim_sh_vs_gh: ratio("sh", "gh"),
    shim_node_vs_node: ratio("nodeShim", "node"),
    native_overhead: ratio("nativeSh", "gh"),
    cold_start_vs_node: round(cold.first / cold.node),
  };
}

/**
 * Checks that curl alone answers the calls that are timed as such: the same script answers without a full client and
 * without gh.
 */
function verifyFastRoad({ machine }: BenchStage, hasCurl: boolean): void {
  if (!hasCurl) return;
  const path = join(machine.root, "fast-only");
  const uid = process.getuid?.() ?? 0;
  const script = shimScript({
    client: ["/nowhere", "/nowhere"],
    gh: "",
    version: "0.0.0",
    uid,
    platform: process.platform,
  });
  writeFileSync(path, script);
  const { stdout, status } = spawnSync("/bin/sh", [path, ...read], {
    cwd: machine.root,
    env: machine.env,
    encoding: "utf8",
  });
  if (status !== 0 || JSON.parse(stdout).number !== 7) throw new Error(`curl alone answered ${status}: ${stdout}`);
}

/** Moves the login of an environment to where `octopool login` keeps it. */
function saveLogin(env: Record<string, string>): void {
  const { OCTOPOOL_TOKEN: token = "", OCTOPOOL_URL: server = "", OCTOPOOL_POOL: pool = "" } = env;
  writeTokenFile(credentialsPath(env), server, token);
  const saved: SavedSettings = {
    server,
    pool,
    clientName: "bench",
    login: "bench",
    store: "file",
    tokenFingerprint: fingerprint(token),
  };
  writeSettingsFile(settingsPath(env), saved);
  for (const name of ["OCTOPOOL_TOKEN", "OCTOPOOL_URL", "OCTOPOOL_POOL"]) delete env[name];
}

function series(command: readonly string[]): Timed {
  return { command, milliseconds: [] };
}

/**
 * One timed loop, outside every checkout, whose pushes would count; a failing command ends the bench, because its time
 * would mean nothing.
 */
function loop({ command, milliseconds }: Timed, { root: cwd, env }: TestMachine): void {
  if (command.length === 0) return;
  const script = `i=0; while [ $i -lt ${calls} ]; do "$@" >/dev/null || exit 1; i=$((i+1)); done`;
  const started = performance.now();
  const { status, stderr } = spawnSync("/bin/sh", ["-c", script, "sh", ...command], {
    cwd,
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const elapsed = performance.now() - started;
  if (status !== 0) throw new Error(`${command.join(" ")} failed: ${stderr}`);
  milliseconds.push(elapsed / calls);
}

/** The first call of all, with the daemon's start, and Node's own start beside it. */
async function coldStart({ machine, entry }: BenchStage): Promise<{ first: number; node: number }> {
  const [first, node]: [number[], number[]] = [[], []];
  for (let turn = 0; turn < coldStarts; turn++) {
    first.push(await timeOf(() => machine.start([process.execPath, entry, "gh", ...read])));
    node.push(await timeOf(() => machine.start([process.execPath, "-e", "0"])));
    await stopDaemon(machine);
  }
  return { first: median(first), node: median(node) };
}

async function timeOf(start: () => ReturnType<BenchStage["machine"]["start"]>): Promise<number> {
  const started = performance.now();
  const child = start();
  child.stdin.end();
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`a timed command ended with ${code}`);
  return performance.now() - started;
}

async function stopDaemon(machine: BenchStage["machine"]): Promise<void> {
  await machine.ask("POST", "/shutdown");
  while (machine.daemons().length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
}

function installShim({ machine, entry }: BenchStage, gh: string): string {
  const path = join(machine.root, "gh");
  const uid = process.getuid?.() ?? 0;
  const { platform } = process;
  const client = [process.execPath, entry] as const;
  const { version } = JSON.parse(
    execFileSync(
      process.execPath,
      ["-p", `JSON.stringify(require(${JSON.stringify(join(import.meta.dirname, "../../package.json"))}))`],
      { encoding: "utf8" },
    ),
  );
  writeFileSync(path, shimScript({ client, gh, version, uid, platform }));
  chmodSync(path, 0o755);
  return path;
}

function realGh(): string | undefined {
  try {
    return findRealGh({ env: process.env, ourselves: [] });
  } catch {
    return undefined;
  }
}

function versionOf(command: readonly [string, ...string[]]): string | undefined {
  const [program, ...args] = command;
  return spawnSync(program, args, { encoding: "utf8" }).stdout?.split("\n")[0];
}
