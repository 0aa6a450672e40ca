/** `octopool daemon start|stop|restart|status`. */
import { dirname } from "node:path";
import * as z from "zod";
import { daemonStatusSchema } from "../../shared/daemon-status.ts";
import { directoryProblem } from "../../shared/directory-problem.ts";
import { OctopoolError } from "../../shared/errors.ts";
import { shutdownPath, statusPath } from "../../shared/protocol.ts";
import { runtimePaths } from "../../shared/runtime-directory.ts";
import type { CommandContext } from "../command.ts";
import type { Io } from "../io.ts";
import { printJson } from "../output/json.ts";
import { selfCommand } from "../self.ts";
import { forgive } from "../shim/avoid.ts";
import { ask, type ControlAnswer, NoAnswer } from "../shim/control.ts";
import { startDaemon } from "../shim/start-daemon.ts";
import { statusLines } from "./status.ts";

function placeOf({ env }: Io) {
  const uid = process.getuid?.() ?? 0;
  return { uid, paths: runtimePaths({ env, platform: process.platform, uid }) };
}

/** Undefined when no daemon listens, and where the socket may belong to another user. */
async function askDaemon(io: Io, method: "GET" | "POST", path: string): Promise<ControlAnswer | undefined> {
  const { paths, uid } = placeOf(io);
  if (directoryProblem(dirname(paths.socket), uid) !== undefined) return undefined;
  try {
    return await ask(paths.socket, method, path);
  } catch (error) {
    if (!(error instanceof NoAnswer)) return undefined;
    throw new OctopoolError("daemon_unavailable", `A daemon listens at ${paths.socket} and does not answer.`, {
      hint: "It hangs, or was stopped. End it with `pkill -KILL -f 'octopool.* daemon run'`; the next read starts another.",
    });
  }
}

/** The daemon's own status; undefined when none listens. */
async function readStatus(io: Io): Promise<string | undefined> {
  const answer = await askDaemon(io, "GET", statusPath);
  return answer?.status === 200 ? answer.body : undefined;
}

function processIdOf(status: string): number {
  return z.object({ pid: z.number().int().positive() }).parse(JSON.parse(status)).pid;
}

export async function start({ io }: CommandContext): Promise<number> {
  const running = await readStatus(io);
  if (running !== undefined) {
    await io.stderr.write(`The daemon runs already (process ${processIdOf(running)}).\n`);
    return 0;
  }
  await launch(io);
  return 0;
}

async function launch(io: Io): Promise<void> {
  const { uid, paths } = placeOf(io);
  forgive(paths.directory);
  await startDaemon({ paths, uid, env: io.env, command: [...selfCommand(), "daemon", "run", "--channel"] });
  const status = await readStatus(io);
  const which = status === undefined ? "" : ` (process ${processIdOf(status)})`;
  await io.stderr.write(`The daemon runs${which} at ${paths.socket}.\n`);
}

export async function stop({ io }: CommandContext): Promise<number> {
  const said = await requestStop(io);
  await io.stderr.write(said ? "Stopping the daemon: running commands finish first.\n" : "No daemon runs.\n");
  return 0;
}

/** It answers once it has the request; its socket is gone with the answer, so that a successor may start. */
async function requestStop(io: Io): Promise<boolean> {
  const answer = await askDaemon(io, "POST", shutdownPath);
  return answer !== undefined && answer.status < 300;
}

export async function restart({ io }: CommandContext): Promise<number> {
  await requestStop(io);
  await launch(io);
  return 0;
}

/** Exit code 1 when none runs. */
export async function status({ io, input }: CommandContext): Promise<number> {
  const body = await readStatus(io);
  const { socket } = placeOf(io).paths;
  if (input.flag("json")) {
    const said = body === undefined ? { state: "absent" } : z.looseObject({}).parse(JSON.parse(body));
    await printJson(io.stdout, { ...said, socket });
    return body === undefined ? 1 : 0;
  }
  if (body === undefined) {
    await io.stdout.write("No daemon runs. It starts with the first read, or by `octopool daemon start`.\n");
    return 1;
  }
  const lines = statusLines(daemonStatusSchema.parse(JSON.parse(body)), socket, io.now());
  await io.stdout.write(`${lines.join("\n")}\n`);
  return 0;
}
