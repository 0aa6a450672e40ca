/**
 * Asks the daemon; starts it where none runs, and once more where it ended; runs the engine in this process where none
 * is allowed.
 */

import { messageOf } from "../../shared/message-of.ts";
import { leavingStatus, otherMountsStatus, upgradeStatus } from "../../shared/protocol.ts";
import { runtimePaths } from "../../shared/runtime-directory.ts";
import { ownSocket } from "../daemon-socket.ts";
import { avoid, isAvoided } from "./avoid.ts";
import { type CallResult, type CallSurroundings, call } from "./call.ts";
import type { PrintedOutput } from "./print.ts";
import { printLine } from "./print.ts";
import type { ShimProcess } from "./process.ts";
import { isOn } from "./switch.ts";

/** A start that failed within this time, in milliseconds, was refused; a longer one was waited for in vain. */
const quickMs = 3_000;

/** The answer's frames go to `output`, whole or in part; the result shows whether they are complete. */
export async function ask(
  shim: ShimProcess,
  surroundings: CallSurroundings,
  output: PrintedOutput,
): Promise<CallResult> {
  if (isOn(shim.env.OCTOPOOL_NO_DAEMON)) return embedded(shim, surroundings, output);
  const paths = runtimePaths(shim);
  if (isAvoided(paths.directory)) return embedded(shim, surroundings, output);
  let result = await guardedCall(shim, surroundings, output);
  if (result.kind === "refused" && result.status === otherMountsStatus) return embedded(shim, surroundings, output);
  if (isOn(shim.env.OCTOPOOL_NO_SPAWN)) return result;
  for (let restarts = result.kind === "absent" ? 2 : 1; restarts > 0 && worthAnother(result, output); restarts--) {
    output.drop();
    const { hasFailedToStart, rememberFailedStart, situation } = await import("./failed-start.ts");
    const here = situation(shim.env);
    if (hasFailedToStart(paths.directory, here)) return embedded(shim, surroundings, output);
    const began = performance.now();
    try {
      const { requestShutdown, startDaemon } = await import("./start-daemon.ts");
      if (result.kind === "refused" && result.status === upgradeStatus)
        await requestShutdown(shim).catch(() => undefined);
      const command = [...shim.self(), "daemon", "run", "--channel"] as const;
      await startDaemon({ paths, uid: shim.uid, env: shim.env, command });
    } catch (error) {
      // An immediate failure may come from this shell's own limits, and another shell loses little time by trying.
      const others = performance.now() - began > quickMs;
      const remember = (why: string) =>
        others ? avoid(paths.directory, why) : rememberFailedStart(paths.directory, here, why);
      return unstartable(shim, surroundings, output, { remember, error });
    }
    result = await guardedCall(shim, surroundings, output);
  }
  if (output.printed || (result.kind !== "denied" && result.kind !== "silent")) return result;
  if (result.kind === "silent") avoid(paths.directory, "it does not answer");
  output.drop();
  return embedded(shim, surroundings, output);
}

/** Absent, closed without an answer, leaving, or older than this client. */
function worthAnother(result: CallResult, output: PrintedOutput): boolean {
  if (result.kind === "refused") return result.status === leavingStatus || result.status === upgradeStatus;
  return result.kind === "absent" || (result.kind === "lost" && !output.printed);
}

/** A directory that others can write may hold another user's socket: it is not used. */
async function guardedCall(
  shim: ShimProcess,
  surroundings: CallSurroundings,
  output: PrintedOutput,
): Promise<CallResult> {
  const socket = ownSocket(shim);
  if (socket === undefined) return { kind: "absent" };
  return call(socket, surroundings, (stream, chunk) => output.add(stream, chunk));
}

/**
 * Without a place for a socket (a read-only home, a foreign directory), or where no daemon can be started, the same
 * engine runs here. The reason is printed once; the next commands do not try again for a while.
 */
async function unstartable(
  shim: ShimProcess,
  surroundings: CallSurroundings,
  output: PrintedOutput,
  { remember, error }: { readonly remember: (why: string) => boolean; readonly error: unknown },
): Promise<CallResult> {
  const message = messageOf(error);
  const remembered = remember(message);
  const result = await embedded(shim, surroundings, output);
  if (isOn(shim.env.OCTOPOOL_VERBOSE)) printLine(`octopool: ${message}`);
  else if (remembered && result.kind === "native" && result.notice === "")
    return { ...result, notice: `octopool: ${message}` };
  return result;
}

async function embedded(shim: ShimProcess, surroundings: CallSurroundings, output: PrintedOutput): Promise<CallResult> {
  const { runEmbedded } = await import("../../daemon/embedded.ts");
  const { directory } = runtimePaths(shim);
  return runEmbedded({ ...surroundings, directory }, (stream, chunk) => output.add(stream, chunk));
}
