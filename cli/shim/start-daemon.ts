/**
 * Starts the daemon when no process listens. Many clients may do so at once: one starts it and reads from a pipe
 * whether it is ready or why not; the others wait until a daemon listens. The daemon's own lock, not this code, ensures
 * that there is never more than one.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { OctopoolError } from "../../shared/errors.ts";
import { inheritedFrom } from "../../shared/inherited.ts";
import { messageOf } from "../../shared/message-of.ts";
import { shutdownPath } from "../../shared/protocol.ts";
import type { RuntimePaths, RuntimePlace } from "../../shared/runtime-directory.ts";
import { ensureSafeDirectory } from "../../shared/safe-directory.ts";
import { ask, isListening } from "../daemon-socket.ts";
import { type StartToken, takeStartToken } from "./start-token.ts";

interface DaemonStart {
  readonly paths: RuntimePaths;
  readonly uid: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The program and its first arguments that run the daemon. */
  readonly command: readonly [string, ...string[]];
}

/** Longer than any start-up on a loaded machine, shorter than a user's patience. */
const patienceMs = 20_000;
/** How long the exit code of a daemon that reported nothing may take to arrive. */
const exitPatienceMs = 1000;
/** A daemon that holds the lock is about to listen or about to leave; both take milliseconds. */
const busyPatienceMs = 5_000;
/** How soon a waiting client looks again: a tenth of its wait so far, so that hundreds leave the daemon its time. */
const lookEveryMs = { least: 10, most: 500 };

/**
 * Resolves when a daemon listens.
 * @throws OctopoolError `socket_unsafe`, `daemon_unavailable` with the daemon's own message.
 */
export async function startDaemon(start: DaemonStart): Promise<void> {
  ensureSafeDirectory(start.paths.directory, start.uid);
  const { socket, directory } = start.paths;
  const began = Date.now();
  let deadline = began + patienceMs;
  while (Date.now() < deadline) {
    const token = takeToken(`${directory}/starting`);
    if (token !== "taken") {
      try {
        if (await someoneListens(socket)) return;
        if ((await launch(start)) === "ready") return;
      } finally {
        token.release();
      }
      // Another daemon holds the lock.
      deadline = Math.min(deadline, Date.now() + busyPatienceMs);
    }
    if (await someoneListens(socket)) return;
    await later(Math.min(Math.max((Date.now() - began) / 10, lookEveryMs.least), lookEveryMs.most));
  }
  throw unavailable(`No daemon answered within ${patienceMs / 1000} s`);
}

function takeToken(path: string): StartToken {
  try {
    return takeStartToken(path, process.pid, patienceMs);
  } catch (error) {
    throw unavailable(`Nothing can be written in the runtime directory: ${messageOf(error)}`, error);
  }
}

function unavailable(message: string, cause?: unknown): OctopoolError {
  return new OctopoolError("daemon_unavailable", `${message}.`, { hint: "See `octopool daemon logs`.", cause });
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
    const fail = (message: string, cause?: unknown) => {
      clearTimeout(limit);
      reject(unavailable(`The daemon did not start: ${message}`, cause));
    };
    const limit = setTimeout(() => {
      child.kill("SIGKILL");
      fail(`it said nothing for ${patienceMs / 1000} s`);
    }, patienceMs);
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
      clearTimeout(limit);
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

/** It closed its channel without a message: it exits soon, or never. */
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
  return isListening(socketPath).catch((error: unknown) => {
    throw unavailable(`This process may not connect to a unix socket: ${messageOf(error)}`, error);
  });
}

/**
 * Asks the daemon to finish its calls and exit; returns whether one ran. Its socket is gone with its answer, so that a
 * successor may start.
 * @throws NoAnswer when it hangs
 */
export async function requestShutdown(place: RuntimePlace): Promise<boolean> {
  const answer = await ask(place, "POST", shutdownPath);
  return answer !== undefined && answer.status < 300;
}

function later(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
