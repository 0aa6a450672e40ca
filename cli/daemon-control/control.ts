/** `octopool daemon start|stop|restart|status`. */
import * as z from "zod";
import { daemonStatusSchema } from "../../shared/daemon-status.ts";
import { OctopoolError } from "../../shared/errors.ts";
import { statusPath } from "../../shared/protocol.ts";
import { runtimePaths } from "../../shared/runtime-directory.ts";
import type { CommandContext } from "../command.ts";
import { ask, NoAnswer, placeOf } from "../daemon-socket.ts";
import type { Io } from "../io.ts";
import { printJson } from "../output/json.ts";
import { selfCommand } from "../self.ts";
import { forgive } from "../shim/avoid.ts";
import { requestShutdown, startDaemon } from "../shim/start-daemon.ts";
import { statusLines } from "./status.ts";

const pathsOf = ({ env }: Io) => runtimePaths(placeOf(env));

/** The daemon's answer. @throws OctopoolError `daemon_unavailable` when the daemon hangs */
async function answerOf<Answer>(io: Io, asking: Promise<Answer>): Promise<Answer> {
  try {
    return await asking;
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    throw new OctopoolError("daemon_unavailable", `A daemon listens at ${pathsOf(io).socket} and does not answer.`, {
      hint: "It hangs, or was stopped. End it with `pkill -KILL -f 'octopool.* daemon run'`; the next read starts another.",
    });
  }
}

/** The daemon's own status; undefined when none listens. */
async function readStatus(io: Io): Promise<string | undefined> {
  const answer = await answerOf(io, ask(placeOf(io.env), "GET", statusPath));
  return answer?.status === 200 ? answer.body : undefined;
}

function processIdOf(status: string): number {
  return daemonStatusSchema.pick({ pid: true }).parse(JSON.parse(status)).pid;
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
  const paths = pathsOf(io);
  forgive(paths.directory);
  await startDaemon({
    paths,
    uid: placeOf(io.env).uid,
    env: io.env,
    command: [...selfCommand(), "daemon", "run", "--channel"],
  });
  const status = await readStatus(io);
  const which = status === undefined ? "" : ` (process ${processIdOf(status)})`;
  await io.stderr.write(`The daemon runs${which} at ${paths.socket}.\n`);
}

export async function stop({ io }: CommandContext): Promise<number> {
  const said = await answerOf(io, requestShutdown(placeOf(io.env)));
  await io.stderr.write(said ? "Stopping the daemon: running commands finish first.\n" : "No daemon runs.\n");
  return 0;
}

export async function restart({ io }: CommandContext): Promise<number> {
  await answerOf(io, requestShutdown(placeOf(io.env)));
  await launch(io);
  return 0;
}

/** Exit code 1 when none runs. */
export async function status({ io, input }: CommandContext): Promise<number> {
  const body = await readStatus(io);
  const { socket } = pathsOf(io);
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
