/** Asks the daemon about one gh command, and starts the daemon where none runs: a first read would do the same. */
import { dirname } from "node:path";
import * as z from "zod";
import { OctopoolError } from "../shared/errors.ts";
import { parseJson } from "../shared/parse-json.ts";
import { runtimePaths } from "../shared/runtime-directory.ts";
import { ensureSafeDirectory } from "../shared/safe-directory.ts";
import { environmentFlag } from "../shared/settings/environment.ts";
import { ask, NoAnswer, placeOf } from "./daemon-socket.ts";
import type { Io } from "./io.ts";
import { selfCommand } from "./self.ts";
import { type CallSurroundings, callerToken, encodeCall } from "./shim/call.ts";
import { startDaemon } from "./shim/start-daemon.ts";

interface DaemonQuestion<Answer> {
  readonly path: string;
  readonly surroundings: CallSurroundings;
  readonly schema: z.ZodType<Answer>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The command uses answers from memory, or reads, and may ask git. In milliseconds. */
const patienceMs = 60_000;

/**
 * @throws OctopoolError `daemon_protocol` for an answer in another form: a daemon of another version;
 * `daemon_unavailable` when it cannot be started, or does not answer
 */
export async function askDaemon<Answer>(io: Io, question: DaemonQuestion<Answer>): Promise<Answer> {
  const { env } = io;
  const place = placeOf(env);
  const { uid } = place;
  const paths = runtimePaths(place);
  // The call may carry a token, which must not reach another user's socket.
  ensureSafeDirectory(dirname(paths.socket), uid);
  const first = await post(env, question);
  if (first !== undefined) return first.answer;
  if (environmentFlag(env, "OCTOPOOL_NO_SPAWN"))
    throw new OctopoolError("daemon_unavailable", "No daemon runs, and OCTOPOOL_NO_SPAWN is set.", {
      hint: "Unset it, or run `octopool daemon start`.",
    });
  await startDaemon({ paths, uid, env, command: [...selfCommand(), "daemon", "run", "--channel"] });
  const second = await post(env, question);
  if (second !== undefined) return second.answer;
  throw new OctopoolError("daemon_unavailable", "The daemon ended before it could answer.", {
    hint: "See `octopool daemon logs`.",
  });
}

/** `undefined` when no daemon listens. */
async function post<Answer>(
  env: Io["env"],
  { path, surroundings, schema, headers = {} }: DaemonQuestion<Answer>,
): Promise<{ readonly answer: Answer } | undefined> {
  const options = { headers: { ...headers, ...callerToken(env) }, body: encodeCall(surroundings), patienceMs };
  const said = await ask(placeOf(env), "POST", path, options).catch((error: unknown) => {
    if (!(error instanceof NoAnswer)) throw error;
    throw new OctopoolError("daemon_unavailable", "The daemon does not answer.", {
      hint: "Run `octopool daemon restart`, and see `octopool daemon logs`.",
    });
  });
  return said && { answer: parse(said.body, schema) };
}

const refusalSchema = z.object({ error: z.object({ message: z.string(), hint: z.string().optional() }) });

function parse<Answer>(text: string, schema: z.ZodType<Answer>): Answer {
  const value = parseJson(text);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const refusal = refusalSchema.safeParse(value);
  const message = refusal.success
    ? refusal.data.error.message
    : "The daemon answered in a form this version does not know.";
  const hint = (refusal.success && refusal.data.error.hint) || "Run `octopool daemon stop`, and try again.";
  throw new OctopoolError("daemon_protocol", message, { hint });
}
