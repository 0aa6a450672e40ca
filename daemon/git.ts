/** git, for the engine: bounded in time, and never asking anybody anything. */
import { execFile } from "node:child_process";

/** Longer than any local question to git takes, even on a cold disk. */
const patienceMs = 5_000;
const longestOutput = 4 * 1024 * 1024;

export interface GitSurroundings {
  /** The daemon's own environment: PATH, and whatever git needs. */
  readonly base: Readonly<Record<string, string | undefined>>;
  /** The caller's. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Milliseconds; {@link patienceMs} when absent. */
  readonly patience?: number;
}

/** The caller's variables that change what git says. */
const passed = ["HOME", "XDG_CONFIG_HOME", "GIT_DIR", "GIT_WORK_TREE"] as const;

export function gitRunner({ base, env, signal, patience = patienceMs }: GitSurroundings) {
  const chosen = passed.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]));
  const { GIT_DIR, GIT_WORK_TREE, ...rest } = base;
  const environment = { ...rest, GIT_TERMINAL_PROMPT: "0", GIT_OPTIONAL_LOCKS: "0", LC_ALL: "C" };
  const options = {
    env: { ...environment, ...Object.fromEntries(chosen) },
    timeout: patience,
    maxBuffer: longestOutput,
    signal,
  };
  return (args: readonly string[], cwd: string): Promise<string> =>
    new Promise((resolve, reject) => {
      execFile("git", [...args], { ...options, cwd }, (error, stdout) => {
        if (error === null) resolve(stdout);
        else reject(new Error(error.killed ? `git ${args[0]} took longer than ${patience / 1000} s` : error.message));
      });
    });
}
