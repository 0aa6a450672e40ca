/** Runs git for the engine: bounded in time, without prompts. */
import { execFile } from "node:child_process";
import { delimiter, isAbsolute } from "node:path";
import { gitEnvironment } from "../shared/protocol.ts";
import { GitFailure } from "./git-failure.ts";
import { NativeRequired } from "./reader.ts";

/** Longer than any local question to git takes, even on a cold disk. */
const patienceMs = 5_000;
const longestOutput = 4 * 1024 * 1024;

interface GitSurroundings {
  /** The caller's variables, as the call brought them; none of this process's own reaches git. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Milliseconds; {@link patienceMs} when absent. */
  readonly patience?: number;
}

/** The caller's variables that git is run with; with any other that could change its answer, git is not asked. */
const passed = ["HOME", "XDG_CONFIG_HOME", "GIT_DIR", "GIT_WORK_TREE"] as const;

/**
 * Asks git as the caller would: with its variables and its PATH.
 * @throws (rejects) NativeRequired where the caller's surroundings are not known exactly; Error where git fails.
 */
export function gitRunner({ env, signal, patience = patienceMs }: GitSurroundings) {
  const chosen = passed.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]));
  const options = {
    env: {
      ...Object.fromEntries(chosen),
      PATH: absolutePlaces(env.PATH ?? ""),
      GIT_TERMINAL_PROMPT: "0",
      GIT_OPTIONAL_LOCKS: "0",
      LC_ALL: "C",
    },
    timeout: patience,
    maxBuffer: longestOutput,
    signal,
  };
  return async (args: readonly string[], cwd: string): Promise<string> => {
    const doubt = doubtOf(env);
    if (doubt !== undefined) throw new NativeRequired(doubt);
    return new Promise((resolve, reject) => {
      execFile("git", [...args], { ...options, cwd }, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else if (typeof error.code === "number") reject(new GitFailure(args[0] ?? "", error.code, stderr));
        else reject(new Error(error.killed ? `git ${args[0]} took longer than ${patience / 1000} s` : error.message));
      });
    });
  };
}

/** Why git's answer to us might differ from its answer to the caller. */
function doubtOf(env: GitSurroundings["env"]): string | undefined {
  const set = gitEnvironment.find((name) => env[name] !== undefined);
  if (set !== undefined) return `${set} is set, which changes git's answers`;
  const empty = passed.find((name) => env[name] === "");
  if (empty !== undefined) return `${empty} is set and empty`;
  const missing = ["HOME", "PATH"].find((name) => env[name] === undefined);
  return missing && `git is needed, and the call names no ${missing}`;
}

/** A relative entry would be looked up where the caller is: gh runs no program from there. */
export function absolutePlaces(path: string): string {
  return path
    .split(delimiter)
    .filter((place) => isAbsolute(place))
    .join(delimiter);
}
