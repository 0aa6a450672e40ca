/**
 * `gh …`, from the decision to the exit code. What a warm read does not need is imported where it is needed, so that
 * the bundle loads it only then.
 */

import { OctopoolError } from "../../shared/errors.ts";
import { leavingStatus, otherMountsStatus, upgradeStatus } from "../../shared/protocol.ts";
import { type RuntimePaths, runtimePaths } from "../../shared/runtime-directory.ts";
import { directoryProblem } from "../../shared/safe-directory.ts";
import type { CallResult, Surroundings } from "./call.ts";
import { decide } from "./decide.ts";
import { BrokenPipe, dieOfBrokenPipe, printAll } from "./print.ts";

/** The process, as far as the shim touches it. */
export interface ShimProcess {
  /** Without `gh` itself. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly uid: number;
  readonly platform: string;
  readonly pid: number;
  /** Program and first arguments that run this very Octopool; asked for only when it must run again, or not run. */
  readonly self: () => readonly [string, ...string[]];
}

/** Runs one command and resolves with its exit code; the real gh may replace this process before. */
export async function runShim(shim: ShimProcess): Promise<number> {
  const decision = decide(shim.args);
  if (decision.kind === "native") return native(shim, { write: decision.write });
  const { surroundingsOf } = await import("./surroundings.ts");
  const surroundings = await surroundingsOf(shim.args, shim.env);
  const result = await answer(shim, surroundings);
  if (result.kind === "exit") return result.code;
  if (result.kind === "lost" && result.printed) {
    printLine("octopool: the daemon ended in the middle of its answer; run the command again.");
    return 1;
  }
  if (result.kind === "native") return native(shim, { reason: result.reason, notice: result.notice });
  return native(shim, { reason: reasonOf(result) });
}

function reasonOf(result: CallResult): string {
  if (result.kind === "refused") return `the daemon refused (${result.status}): ${result.message.trim()}`;
  return result.kind === "absent" ? "no daemon runs" : "the daemon ended during this command";
}

/** Asks the daemon; starts it where none runs, and once more where it went away; in-process where none may be. */
async function answer(shim: ShimProcess, surroundings: Surroundings): Promise<CallResult> {
  if (isOn(shim.env.OCTOPOOL_NO_DAEMON)) return embedded(shim, surroundings);
  const paths = runtimePaths(shim);
  let result = await guardedCall(shim, paths, surroundings);
  if (result.kind === "refused" && result.status === otherMountsStatus) return embedded(shim, surroundings);
  if (isOn(shim.env.OCTOPOOL_NO_SPAWN)) return result;
  for (let restarts = result.kind === "absent" ? 2 : 1; restarts > 0 && worthAnother(result); restarts--) {
    try {
      const { startDaemon } = await import("./start-daemon.ts");
      if (result.kind === "refused" && result.status === upgradeStatus) await requestShutdown(paths.socket);
      await startDaemon({
        paths,
        uid: shim.uid,
        env: shim.env,
        command: [...shim.self(), "daemon", "run", "--channel"],
      });
    } catch (error) {
      return unstartable(shim, surroundings, error);
    }
    result = await guardedCall(shim, paths, surroundings);
  }
  return result;
}

/** Absent, gone without a word, leaving, or older than we are. */
function worthAnother(result: CallResult): boolean {
  if (result.kind === "refused") return result.status === leavingStatus || result.status === upgradeStatus;
  return result.kind === "absent" || (result.kind === "lost" && !result.printed);
}

/** A directory that others can write may hold another user's socket: it is not spoken to. */
async function guardedCall(shim: ShimProcess, paths: RuntimePaths, surroundings: Surroundings): Promise<CallResult> {
  const problem = directoryProblem(paths.socket.slice(0, paths.socket.lastIndexOf("/")), shim.uid);
  if (problem !== undefined) return { kind: "absent" };
  const { call } = await import("./call.ts");
  return call(paths.socket, surroundings, print);
}

async function requestShutdown(socketPath: string): Promise<void> {
  const { shutdown } = await import("./control.ts");
  await shutdown(socketPath);
}

/** Without a place for a socket (a read-only home, a foreign directory) the same engine runs here. */
async function unstartable(shim: ShimProcess, surroundings: Surroundings, error: unknown): Promise<CallResult> {
  if (error instanceof OctopoolError && error.code === "socket_unsafe") {
    if (isOn(shim.env.OCTOPOOL_VERBOSE)) printLine(`octopool: ${error.message} ${error.hint ?? ""}`);
    return embedded(shim, surroundings);
  }
  const reason = error instanceof Error ? error.message : String(error);
  return { kind: "native", reason, notice: `octopool: ${reason}` };
}

async function embedded(shim: ShimProcess, surroundings: Surroundings): Promise<CallResult> {
  const { runEmbedded } = await import("../../daemon/embedded.ts");
  return runEmbedded({ ...surroundings, directory: runtimePaths(shim).directory }, print);
}

interface NativeOptions {
  readonly write?: boolean;
  readonly reason?: string | undefined;
  readonly notice?: string;
}

async function native(shim: ShimProcess, { write = false, reason, notice }: NativeOptions): Promise<number> {
  const { findRealGh } = await import("../../shared/find-gh.ts");
  const { handOver } = await import("./hand-over.ts");
  const gh = await findRealGhFor({ write, reason }, () => findRealGh({ env: shim.env, ourselves: shim.self() }));
  if (write) {
    const { markWrite } = await import("./mark-write.ts");
    const { directory } = runtimePaths(shim);
    markWrite({ directory, uid: shim.uid, pid: shim.pid, args: shim.args, cwd: process.cwd(), env: shim.env });
  }
  if (reason && isOn(shim.env.OCTOPOOL_VERBOSE)) {
    const { reasonLine } = await import("./gh-needed.ts");
    printLine(reasonLine(reason));
  }
  const afterwards = notice ? () => printLine(notice) : undefined;
  return handOver({ gh, args: shim.args, env: shim.env, afterwards });
}

/** Without a real gh, why it was needed is what helps: the repository is private, nobody is logged in, … */
async function findRealGhFor({ write, reason }: NativeOptions, find: () => string): Promise<string> {
  try {
    return find();
  } catch (error) {
    if (!(error instanceof OctopoolError) || error.code !== "real_gh_not_found") throw error;
    const { ghNeeded } = await import("./gh-needed.ts");
    throw ghNeeded(error, { write, reason });
  }
}

/** As the settings read a switch; anything unclear counts as on, because it was meant to change something. */
function isOn(value: string | undefined): boolean {
  return !/^\s*(0|false|no|off)?\s*$/i.test(value ?? "");
}

function print(stream: "stdout" | "stderr", chunk: Uint8Array): void {
  try {
    printAll(stream, chunk);
  } catch (error) {
    if (error instanceof BrokenPipe) dieOfBrokenPipe();
    process.exitCode = 1;
    printLine(`octopool: the output could not be written: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  }
}

function printLine(text: string): void {
  try {
    printAll("stderr", Buffer.from(`${text}\n`));
  } catch {
    // Nobody listens on stderr: there is nowhere left to say it.
  }
}
