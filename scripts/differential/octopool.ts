import type { GhFilter } from "../../daemon/filter/index.ts";
import type { EngineDependencies, Outcome } from "../../daemon/gh/engine.ts";
import { engine } from "../../daemon/gh/index.ts";
import { GitFailure } from "../../daemon/git-failure.ts";
import { readGhSettings } from "../../daemon/personal/gh-settings.ts";
import type { GitHubReader } from "../../daemon/reader.ts";
import { sentVariables } from "../../shared/protocol.ts";
import { readIfRegular } from "../../shared/regular-file.ts";
import { type ProcessOutput, run } from "./run.ts";

/** One command as Octopool gets it. */
export interface OctopoolCall {
  args: readonly string[];
  cwd: string;
  env: Readonly<Record<string, string>>;
  stdin?: string | undefined;
  /** Of the gh that would run otherwise. */
  ghVersion: string;
  /** Runs filters by that gh. */
  filter?: Pick<GhFilter, "run"> | undefined;
  watched?: WatchedCall | undefined;
}

/** Events on GitHub while a watch goes on. */
export interface WatchedCall {
  onStdout(chunk: Uint8Array): void;
  /** It waits for its next look. */
  onWait(): void;
}

/** `native`: why the real gh answers; on a path with real processes, its output is there as well. */
export type OctopoolAnswer = { native: string; answer?: ProcessOutput } | { native?: undefined; answer: ProcessOutput };

const commandTimeoutMs = 60_000;

/** The result of a jq program on an overloaded machine: it is no statement about the engine. */
const outOfTime = /^jq (?:is busy|took too long)/;
const attempts = 4;

/** Runs the engine in this process, as the daemon does. */
export async function askEngine(
  call: OctopoolCall,
  reader: GitHubReader,
  now: () => number = Date.now,
): Promise<OctopoolAnswer> {
  for (let attempt = 1; ; attempt++) {
    const answer = await askOnce(call, reader, now);
    if (attempt === attempts || answer.native === undefined || !outOfTime.test(answer.native)) return answer;
  }
}

async function askOnce(call: OctopoolCall, reader: GitHubReader, now: () => number): Promise<OctopoolAnswer> {
  const emitted: { stdout: Buffer[]; stderr: string[] } = { stdout: [], stderr: [] };
  const env = Object.fromEntries(sentVariables(call.env));
  const dependencies: EngineDependencies = {
    reader,
    now,
    git: async (args, cwd) => {
      const { stdout, stderr, exitCode } = await askGit(args, cwd, call.env);
      if (exitCode !== 0) throw new GitFailure(args[0] ?? "", exitCode, stderr);
      return stdout.toString();
    },
    ghVersion: async () => call.ghVersion,
    readText: readIfRegular,
    ghHosts: () => readGhSettings(call.env).hosts,
    sshHost: async (name) => name,
    ...(call.filter && {
      filter: async (filter) =>
        call.filter?.run(filter, {
          env: { ...env, OCTOPOOL_GH_PATH: call.env.OCTOPOOL_GH_PATH ?? "" },
          tty: { stdin: false, stdout: false, stderr: false },
        }),
    }),
    sleep: virtualSleep(call.watched?.onWait),
    signal: AbortSignal.timeout(commandTimeoutMs),
    emit: (stream, chunk) => {
      if (stream === "stdout") {
        emitted.stdout.push(bytes(chunk));
        call.watched?.onStdout(bytes(chunk));
      } else emitted.stderr.push(bytes(chunk).toString());
    },
  };
  const tty = { stdin: false, stdout: false, stderr: false };
  const { args, cwd, stdin } = call;
  const outcome: Outcome = await engine({ args, cwd, env, tty, ...(stdin !== undefined && { stdin }) }, dependencies);
  if (outcome.kind === "native") return { native: outcome.reason };
  return {
    answer: {
      stdout: Buffer.concat([...emitted.stdout, bytes(outcome.stdout)]),
      stderr: emitted.stderr.join("") + outcome.stderr,
      exitCode: outcome.exitCode,
    },
  };
}

const gitAnswers = new Map<string, Promise<ProcessOutput>>();

/**
 * Git's answer in a checkout. No case changes one, and most cases ask the same: to start git for each took more of the
 * processor than all else.
 */
function askGit(args: readonly string[], cwd: string, env: OctopoolCall["env"]): Promise<ProcessOutput> {
  const key = JSON.stringify([args, cwd, env]);
  const answer = gitAnswers.get(key) ?? run("git", args, { cwd, env, timeout: commandTimeoutMs });
  gitAnswers.set(key, answer);
  return answer;
}

/** A watch that has waited longer than this, in milliseconds of its own time, will not end. */
const longestWatchMs = 3_600_000;

/** Waits take no time, but timers and aborts get their turn in each. */
function virtualSleep(onWait: () => void = () => undefined): EngineDependencies["sleep"] {
  let slept = 0;
  return async (milliseconds, signal) => {
    slept += milliseconds;
    onWait();
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
    if (slept > longestWatchMs) throw new Error("the watch does not end");
  };
}

function bytes(chunk: string | Uint8Array): Buffer {
  return typeof chunk === "string" ? Buffer.from(chunk) : Buffer.from(chunk);
}
