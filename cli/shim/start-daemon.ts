/**
 * Starting the daemon when nobody listens. Many clients may find that out at once: one of them starts it and hears by
 * a pipe whether it is ready or why not; the others wait until somebody listens. That there is never more than one
 * daemon is the daemon's own lock, not this.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { OctopoolError } from "../../shared/errors.ts";
import { inheritedFrom } from "../../shared/inherited.ts";
import type { RuntimePaths } from "../../shared/runtime-directory.ts";
import { ensureSafeDirectory } from "../../shared/safe-directory.ts";

export interface DaemonStart {
  readonly paths: RuntimePaths;
  readonly uid: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The program and its first arguments that run the daemon. */
  readonly command: readonly [string, ...string[]];
}

/** Longer than any start-up on a loaded machine, shorter than anybody waits. */
const patienceMs = 20_000;
/** How long the exit code of a daemon that said nothing may take to arrive. */
const exitPatienceMs = 1000;
/** How often a waiting client looks; a look costs a tenth of a millisecond. */
const lookEveryMs = 10;

/**
 * Resolves when a daemon listens.
 * @throws OctopoolError `socket_unsafe`, `daemon_unavailable` with the daemon's own words.
 */
export async function startDaemon(start: DaemonStart): Promise<void> {
  ensureSafeDirectory(start.paths.directory, start.uid);
  const deadline = Date.now() + patienceMs;
  const token = `${start.paths.directory}/starting`;
  while (Date.now() < deadline) {
    if (!takeStart(token)) {
      if (await someoneListens(start.paths.socket)) return;
      await later(lookEveryMs);
      continue;
    }
    try {
      if (await someoneListens(start.paths.socket)) return;
      if ((await launch(start)) === "ready") return;
    } finally {
      rmSync(token, { force: true });
    }
    // Another daemon holds the lock: it is about to listen, or about to leave.
    await later(lookEveryMs);
  }
  throw new OctopoolError("daemon_unavailable", `No daemon answered within ${patienceMs / 1000} s.`, {
    hint: "See `octopool daemon logs`.",
  });
}

/** Whoever makes the file starts the daemon; it appears with its content, so a reader never sees half of it. */
function takeStart(token: string): boolean {
  const draft = `${token}.${process.pid}`;
  try {
    writeFileSync(draft, String(process.pid), { mode: 0o600 });
    linkSync(draft, token);
    return true;
  } catch {
    if (starterIsGone(token)) rmSync(token, { force: true });
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** It has ended, or its id is another process's by now: nobody starts a daemon for that long. */
function starterIsGone(token: string): boolean {
  try {
    if (Date.now() - statSync(token).mtimeMs > patienceMs) return true;
    process.kill(Number(readFileSync(token, "utf8")), 0);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
}

/**
 * Answers come and go in buffers of all sizes. glibc, left alone, takes ever larger ones from its heap, which does not
 * shrink; with fixed thresholds each goes back to the system with its last byte. They are a little above the 64 KiB
 * that every read of a socket takes, which stay on the heap. Elsewhere these mean nothing.
 */
const allocator = { MALLOC_MMAP_THRESHOLD_: "69632", MALLOC_TRIM_THRESHOLD_: "69632", MALLOC_ARENA_MAX: "1" };

/** Young objects are few here, and collected often: the room that V8 would give them stays unused. */
export const nodeFlags = ["--max-semi-space-size=2"] as const;

/** The daemon outlives this call and serves others: it gets no more of this environment than shared/inherited.ts names. */
export function daemonEnvironment(env: DaemonStart["env"], directory: string): NodeJS.ProcessEnv {
  return { ...allocator, ...inheritedFrom(env), OCTOPOOL_RUNTIME_DIR: directory };
}

function launch({ command, env, paths }: DaemonStart): Promise<"ready" | "busy"> {
  const [program, ...args] = command;
  // A single-file program takes no flags of Node's.
  const flags = args[0] === "daemon" ? [] : nodeFlags;
  return new Promise((resolve, reject) => {
    // Its working directory is its own: one that is in use cannot be unmounted or removed.
    const child = spawn(program, [...flags, ...args], {
      detached: true,
      cwd: paths.directory,
      env: daemonEnvironment(env, paths.directory),
      stdio: ["ignore", "ignore", "ignore", "pipe"],
    });
    const channel = child.stdio[3];
    let said = "";
    const fail = (message: string, cause?: unknown) =>
      reject(new OctopoolError("daemon_unavailable", `The daemon did not start: ${message}.`, { cause }));
    let code: number | null = null;
    child.once("exit", (exitCode) => {
      code = exitCode;
    });
    child.once("error", (cause) => fail(cause.message, cause));
    if (!channel || !("setEncoding" in channel)) return fail("it has no start-up channel");
    channel.setEncoding("utf8");
    channel.on("data", (text: string) => {
      said += text;
    });
    channel.once("close", async () => {
      if (said === "" && child.exitCode === null && child.signalCode === null) await gone(child);
      child.unref();
      if (said.startsWith("ready")) resolve("ready");
      else if (said.startsWith("busy")) resolve("busy");
      else
        fail(
          said.replace(/^error /, "").trim() ||
            `it exited before it was ready (exit code ${code ?? "unknown"}); its log is ${paths.directory}/daemon.log`,
        );
    });
  });
}

/** It closed its channel without a word: its end follows, or never comes. */
function gone(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    const limit = setTimeout(resolve, exitPatienceMs);
    child.once("exit", () => {
      clearTimeout(limit);
      resolve();
    });
  });
}

function someoneListens(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    const settle = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.once("connect", () => settle(true));
    socket.once("error", () => settle(false));
  });
}

function later(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
