/**
 * Reads with the caller's own token: a warm read of a private repository against the real gh doing the same, with
 * GitHub at no distance and 100 ms away; the cost of unchanged reads; and gh's loss by asking through the daemon. All
 * on one emulated GitHub, interleaved, medians. A distance counts as on a network: a new connection takes two round
 * trips (TCP, TLS 1.3) before its first request, a request takes one.
 */
import { execFileSync } from "node:child_process";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { execa } from "execa";
import { call } from "../../cli/shim/call.ts";
import { findRealGh } from "../../shared/find-gh.ts";
import { mountsSeen } from "../../shared/mounts.ts";
import { runtimePaths } from "../../shared/runtime-directory.ts";
import { type GitHub, startGitHub, type WorldFile } from "../../test/github-emulator/index.ts";
import { createMachine, type Machine } from "../stack/machine.ts";
import type { BenchModule, BenchOptions, Figures } from "./figures.ts";
import { median, round } from "./stage.ts";

const token = "ada-token-of-the-bench";
const distanceMs = 100;
const roundsOf = ({ quick }: BenchOptions) => (quick ? 5 : 25);
const readsOf = ({ quick }: BenchOptions) => (quick ? 100 : 1000);

const world: WorldFile = {
  users: [{ login: "ada", limits: { core: 1e9, graphql: 1e9, search: 1e9, code_search: 1e9 } }],
  tokens: [{ token, login: "ada" }],
  repositories: [
    {
      name: "ada/secret",
      private: true,
      issues: [{ number: 1, title: "An issue", author: "ada" }],
      pulls: Array.from({ length: 20 }, (_, index) => ({
        number: index + 10,
        title: `Change ${index}`,
        author: "ada",
        head: `topic-${index}`,
      })),
    },
  ],
};

const list = ["pr", "list", "-R", "ada/secret"];
/** Unchanged reads of several kinds, in turn. */
const reads = [
  list,
  ["pr", "view", "10", "-R", "ada/secret", "--json", "title,state,headRefOid"],
  ["issue", "list", "-R", "ada/secret"],
  ["api", "repos/ada/secret"],
  ["issue", "list", "-R", "ada/secret", "--assignee", "@me"],
];

export const run: BenchModule["run"] = async (options) => {
  const gh = realGh();
  execFileSync(process.execPath, [join(import.meta.dirname, "../build.ts")], { stdio: "ignore" });
  const machine = await createMachine("bench-own", gh === undefined ? {} : { OCTOPOOL_GH_PATH: gh });
  const github = await startGitHub({ world, socket: join(machine.directory, "github.sock") });
  const network = await openNetwork(join(machine.directory, "network.sock"), join(machine.directory, "github.sock"));
  try {
    await equip(machine, network.socket);
    return await measure({ machine, github, network, gh, options });
  } finally {
    await machine.close();
    network.close();
    await github.close();
  }
};

/** The way to GitHub, on which a new connection may take its time. */
interface SlowNetwork {
  readonly socket: string;
  setupMs: number;
  close(): void;
}

async function openNetwork(socket: string, github: string): Promise<SlowNetwork> {
  const server = createServer({ pauseOnConnect: true }, (incoming) => {
    const outgoing = connect(github);
    incoming.on("error", () => outgoing.destroy());
    outgoing.on("error", () => incoming.destroy());
    setTimeout(() => incoming.pipe(outgoing).pipe(incoming), network.setupMs);
  });
  const network: SlowNetwork = { socket, setupMs: 0, close: () => server.close() };
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(socket, resolve);
  await promise;
  return network;
}

interface Scene {
  readonly machine: Machine;
  readonly github: GitHub;
  readonly network: SlowNetwork;
  readonly gh: string | undefined;
  readonly options: BenchOptions;
}

async function measure(scene: Scene): Promise<Figures> {
  const { github, network, gh, options } = scene;
  if (gh === undefined) options.say("no real gh: only the cost of reads is measured");
  const near = gh === undefined ? null : await warmAgainstGh(scene, gh, "here");
  github.control.delay(distanceMs);
  network.setupMs = 2 * distanceMs;
  const far = gh === undefined ? null : await warmAgainstGh(scene, gh, `${distanceMs} ms away`);
  github.control.hurry();
  network.setupMs = 0;
  return {
    own_warm_vs_gh: near,
    own_warm_vs_gh_100ms: far,
    own_paid_per_1000: await paid(scene),
    via_overhead: gh === undefined ? null : await viaAgainstGh(scene, gh),
  };
}

/** The installed script's warm answer, and the real gh's beside it: the same bytes, or the times mean nothing. */
async function warmAgainstGh({ machine, options }: Scene, gh: string, where: string): Promise<number> {
  const ours: number[] = [];
  const theirs: number[] = [];
  await machine.gh(list);
  for (let turn = 0; turn < roundsOf(options); turn++) {
    const [warm, real] = [await machine.gh(list), await runGh(machine, gh, list)];
    if (warm.exitCode !== 0 || !Buffer.from(warm.stdout).equals(real.stdout)) throw new Error("the answers differ");
    ours.push(warm.milliseconds);
    theirs.push(real.milliseconds);
  }
  options.say(`GitHub ${where}: warm ${round(median(ours))} ms, gh ${round(median(theirs))} ms`);
  return round(median(ours) / median(theirs));
}

/** Calls that GitHub charges for, of so many unchanged reads. */
async function paid({ machine, github, options }: Scene): Promise<number> {
  const { socket } = runtimePaths({ env: machine.env, platform: process.platform, uid: process.getuid?.() ?? 0 });
  const surroundings = {
    cwd: machine.directory,
    env: machine.env,
    tty: { stdin: false, stdout: false, stderr: false },
    columns: undefined,
    mounts: mountsSeen(),
  };
  const ask = async (args: readonly string[]) => {
    const result = await call(socket, { ...surroundings, args }, () => undefined);
    if (result.kind !== "exit" || result.code !== 0) throw new Error(`gh ${args.join(" ")} was not answered`);
  };
  await machine.gh(list);
  for (const args of reads) await ask(args);
  github.control.resetCalls();
  const count = readsOf(options);
  for (let index = 0; index < count; index++) await ask(reads[index % reads.length] ?? list);
  const { total, statuses } = github.control.summary();
  options.say(`${count} unchanged reads: ${total} requests, ${statuses[304] ?? 0} of them unchanged at no cost`);
  return ((total - (statuses[304] ?? 0)) * 1000) / count;
}

/** gh itself with its own settings and with those that lead here; its query is asked anew each time. */
async function viaAgainstGh({ machine, options }: Scene, gh: string): Promise<number> {
  await machine.gh(["issue", "view", "1", "-R", "ada/secret", "--json", "projectItems"]);
  const copy = await copyOfSettings(machine);
  const [plain, through]: [number[], number[]] = [[], []];
  for (let turn = 0; turn < 2 * roundsOf(options); turn++) {
    plain.push((await runGh(machine, gh, list)).milliseconds);
    through.push((await runGh(machine, gh, list, { GH_CONFIG_DIR: copy })).milliseconds);
  }
  options.say(`gh ${round(median(plain))} ms, through the daemon ${round(median(through))} ms`);
  return round(median(through) / median(plain));
}

async function copyOfSettings({ env }: Machine): Promise<string> {
  const { directory } = runtimePaths({ env, platform: process.platform, uid: process.getuid?.() ?? 0 });
  const way = (await readdir(directory)).find((name) => /^via-/.test(name)) ?? "";
  const copy = (await readdir(join(directory, way))).find((name) => !name.endsWith(".sock"));
  if (way === "" || copy === undefined) throw new Error("the daemon offered gh no way");
  return join(directory, way, copy);
}

async function runGh(machine: Machine, gh: string, args: readonly string[], further: Record<string, string> = {}) {
  const started = performance.now();
  const { stdout, exitCode } = await execa(gh, args, {
    cwd: machine.directory,
    env: { ...machine.env, ...further },
    extendEnv: false,
    encoding: "buffer",
    stripFinalNewline: false,
    stdin: "ignore",
  });
  if (exitCode !== 0) throw new Error(`gh ended with ${exitCode}`);
  return { stdout: Buffer.from(stdout), milliseconds: performance.now() - started };
}

async function equip(machine: Machine, socket: string): Promise<void> {
  const config = join(machine.directory, "gh-config");
  await mkdir(config);
  await writeFile(join(config, "config.yml"), `version: "1"\nhttp_unix_socket: ${socket}\n`);
  // As people have it: no token in the environment, or the sh script would leave it to the full client.
  await writeFile(join(config, "hosts.yml"), `github.com:\n    oauth_token: ${token}\n    user: ada\n`, {
    mode: 0o600,
  });
  Object.assign(machine.env, { GH_CONFIG_DIR: config, GH_NO_UPDATE_NOTIFIER: "1" });
}

function realGh(): string | undefined {
  try {
    return findRealGh({ env: process.env, ourselves: [] });
  } catch {
    return undefined;
  }
}
