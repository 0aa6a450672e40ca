/** The daemon's throughput and memory, against a bare node:http server on a socket of its own. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { join } from "node:path";
import autocannon from "autocannon";
import { daemonEnvironment, nodeFlags } from "../../cli/shim/start-daemon.ts";
import type { BenchModule, BenchOptions } from "./figures.ts";
import { type BenchStage, median, round, setStage } from "./stage.ts";

const path = "/repos/acme/widgets/issues/7";
const body = JSON.stringify({ number: 7, title: "x".repeat(4000) });
const secondsEach = 2;
const roundsOf = ({ quick }: BenchOptions) => (quick ? 2 : 5);
const levels = [1, 16, 64];
const engineCalls = 5_000;
const answerBytes = 512 * 1024;
const answers = 512;

export const run: BenchModule["run"] = async (options) => {
  const { say } = options;
  const stage = await setStage((asked) => ({ body: bodyOf(asked) }));
  try {
    const idle = await residentIdle(stage);
    const rps = await throughput(stage, options);
    const engine = await engineP99(stage);
    const loaded = await residentLoaded(stage);
    say(`resident: idle ${idle} MB, after ${(answers * answerBytes) / 2 ** 20} MB of answers ${loaded} MB`);
    say(`cached pr view --json: p99 ${engine.inside} ms inside the daemon, ${engine.socket} ms over the socket`);
    return {
      daemon_rps_vs_http: rps,
      engine_p99_ms: engine.inside,
      engine_socket_p99_ms: engine.socket,
      daemon_rss_idle_mb: idle,
      daemon_rss_loaded_mb: loaded,
    };
  } finally {
    await stage.close();
  }
};

function bodyOf(asked: string): string {
  if (asked.startsWith("/repos/acme/big/")) return bigAnswer(asked);
  return asked === path ? body : JSON.stringify(pullRequest);
}

/** A long list of different items, as GitHub's are: ids, hashes, addresses, words. */
function bigAnswer(asked: string): string {
  const items: string[] = [];
  for (let length = 0; length < answerBytes; length += items.at(-1)?.length ?? 0) {
    const id = createHash("sha1").update(`${asked} ${items.length}`).digest("hex");
    const url = `https://api.github.com/repos/acme/big/commits/${id}`;
    items.push(
      JSON.stringify({ ...pullRequest, body: id.repeat(5), id: items.length, sha: id, url, node_id: `C_${id}` }),
    );
  }
  return `[${items.join(",")}]`;
}

/** As far as `pr view` looks at one. */
const user = { login: "octocat", id: 1, node_id: "U_1", type: "User", name: "The Octocat" };
const repo = { id: 1, node_id: "R_1", name: "widgets", full_name: "acme/widgets", owner: user, fork: false };
const pullRequest = {
  number: 7,
  id: 7,
  node_id: "PR_7",
  title: "A title",
  body: "A body\n".repeat(100),
  state: "open",
  draft: false,
  merged: false,
  html_url: "https://github.com/acme/widgets/pull/7",
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-02T00:00:00Z",
  closed_at: null,
  merged_at: null,
  merged_by: null,
  merge_commit_sha: null,
  mergeable: null,
  auto_merge: null,
  labels: [],
  assignees: [],
  requested_reviewers: [],
  requested_teams: [],
  milestone: null,
  additions: 1,
  deletions: 2,
  changed_files: 3,
  comments: 0,
  review_comments: 0,
  commits: 1,
  maintainer_can_modify: false,
  locked: false,
  head: { ref: "topic", sha: "a".repeat(40), label: "acme:topic", user, repo },
  base: { ref: "main", sha: "b".repeat(40), label: "acme:main", user, repo },
  user,
};

/**
 * A daemon of its own, with the environment that users' get, but in the bench's own session: a loaded machine shares
 * its processors out by session, and the reference must be in the same one.
 */
async function startDaemon({ machine, entry }: BenchStage): Promise<void> {
  const child = spawn(process.execPath, [...nodeFlags, entry, "daemon", "run", "--channel"], {
    env: daemonEnvironment(machine.env, machine.runtime),
    stdio: ["ignore", "ignore", "inherit", "pipe"],
  });
  const channel = child.stdio[3];
  if (!channel) throw new Error("the daemon has no start-up channel");
  channel.on("data", () => undefined);
  await once(channel, "end");
}

async function stopDaemon({ machine }: BenchStage): Promise<void> {
  await machine.ask("POST", "/shutdown");
  while (machine.daemons().length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function residentIdle(stage: BenchStage): Promise<number> {
  await startDaemon(stage);
  const megabytes = await resident(stage);
  await stopDaemon(stage);
  return megabytes;
}

async function residentLoaded(stage: BenchStage): Promise<number> {
  await startDaemon(stage);
  let next = 0;
  const worker = async () => {
    for (let number = next++; number < answers; number = next++) {
      const { status } = await stage.machine.ask("GET", `/github/repos/acme/big/issues/${number + 1}`);
      if (status !== 200) throw new Error(`an answer was ${status}`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  const megabytes = await resident(stage);
  await stopDaemon(stage);
  return megabytes;
}

async function resident({ machine }: BenchStage): Promise<number> {
  const { memory } = JSON.parse((await machine.ask("GET", "/status")).body.toString());
  return round(memory.residentBytes / 2 ** 20, 1);
}

/** The least ratio over all numbers of connections. */
async function throughput(stage: BenchStage, options: BenchOptions): Promise<number> {
  await startDaemon(stage);
  const { headers } = await stage.machine.ask("GET", `/github${path}`);
  const bare = await startBare(stage, headers);
  const ratios: number[] = [];
  for (const connections of levels) {
    const [ours, reference]: [number[], number[]] = [[], []];
    for (let turn = 0; turn < roundsOf(options); turn++) {
      reference.push(await perSecond(bare.socketPath, connections));
      ours.push(await perSecond(stage.machine.socket, connections));
    }
    const [own, other] = [median(ours), median(reference)];
    options.say(`${connections} connections: ${Math.round(own)} answers a second, bare node:http ${Math.round(other)}`);
    ratios.push(own / other);
  }
  bare.process.kill();
  await stopDaemon(stage);
  return round(Math.min(...ratios));
}

/** node:http with the same bytes and headers, and nothing else. */
async function startBare({ machine }: BenchStage, headers: Readonly<Record<string, string | string[] | undefined>>) {
  const socketPath = join(machine.root, "bare.sock");
  const { connection, date, ...same } = headers;
  const program = `
    const body = Buffer.from(process.env.BODY), headers = JSON.parse(process.env.HEADERS);
    require("node:http").createServer((request, response) => { response.writeHead(200, headers); response.end(body); })
      .listen(process.env.SOCKET, () => console.log("ready"));`;
  const child = spawn(process.execPath, ["-e", program], {
    env: { BODY: body, HEADERS: JSON.stringify(same), SOCKET: socketPath },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return { process: child, socketPath };
}

async function perSecond(socketPath: string, connections: number): Promise<number> {
  const result = await autocannon({
    url: `http://octopool/github${path}`,
    socketPath,
    connections,
    duration: secondsEach,
  });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx + result.errors} answers failed`);
  return result.requests.total / result.duration;
}

/** One call after the other over one connection: the daemon's time, and the client's wait. */
async function engineP99(stage: BenchStage): Promise<{ readonly inside: number; readonly socket: number }> {
  await startDaemon(stage);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const args = ["pr", "view", "7", "-R", "acme/widgets", "--json", "number,title,body,url,additions,createdAt"];
  const form = new URLSearchParams({ version: "1", cwd: stage.machine.root, tty: "" });
  for (const arg of args) form.append("arg", arg);
  const call = () => post(stage.machine.socket, agent, form.toString());
  for (let warm = 0; warm < 500; warm++) await call();
  const times: number[] = [];
  for (let turn = 0; turn < engineCalls; turn++) {
    const started = performance.now();
    await call();
    times.push(performance.now() - started);
  }
  agent.destroy();
  const { commands } = JSON.parse((await stage.machine.ask("GET", "/status")).body.toString());
  await stopDaemon(stage);
  const socket = times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? Number.NaN;
  return { inside: round(commands.latencyMs.p99), socket: round(socket) };
}

function post(socketPath: string, agent: Agent, form: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath, agent, method: "POST", path: "/gh" }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("end", () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`pr view was ${response.statusCode}: ${Buffer.concat(chunks)}`));
      });
    });
    outgoing.once("error", reject);
    outgoing.end(form);
  });
}
