/** `octopool explain gh …`: what would happen to this command and why, without doing it. */
import { dirname } from "node:path";
import { z } from "zod";
import { OctopoolError } from "../../shared/errors.ts";
import { type Explanation, explainPath, readStates } from "../../shared/explanation.ts";
import { runtimePaths } from "../../shared/runtime-directory.ts";
import { ensureSafeDirectory } from "../../shared/safe-directory.ts";
import { environmentFlag, environmentText } from "../../shared/settings/environment.ts";
import type { CommandContext } from "../command.ts";
import type { Io } from "../io.ts";
import { printJson } from "../output/json.ts";
import { withProgress } from "../output/progress.ts";
import { humanText } from "../output/text.ts";
import { realGhIfAny } from "../real-gh.ts";
import { selfCommand } from "../self.ts";
import { encodeCall } from "../shim/call.ts";
import { ask, NoAnswer } from "../shim/control.ts";
import { decide } from "../shim/decide.ts";
import { startDaemon } from "../shim/start-daemon.ts";
import { surroundingsOf } from "../shim/surroundings.ts";
import { surroundingsOf as decisionSurroundings } from "../shim/surroundings-of-decision.ts";
import { ghCommands, isGhCommand } from "../words/gh.ts";
import { nearest } from "../words/nearest.ts";
import { type ExplainedCommand, renderExplanation } from "./render.ts";

const explanationSchema = z.object({
  outcome: z.enum(["read", "native"]),
  reason: z.string(),
  reads: z.array(
    z.object({
      path: z.string(),
      query: z.string(),
      kind: z.string().nullable(),
      state: z.enum(readStates),
      age: z.number().nullable(),
      freshFor: z.number().nullable(),
      reason: z.string().nullable(),
    }),
  ),
  complete: z.boolean(),
}) satisfies z.ZodType<Explanation>;

export async function explain({ io, input }: CommandContext): Promise<undefined> {
  const args = input.rest[0] === "gh" ? input.rest.slice(1) : input.rest;
  if (input.rest.length === 0)
    throw new OctopoolError("usage", "Which command?", {
      hint: "For example: octopool explain gh pr view 7 -R cli/cli",
    });
  if (args[0]?.includes(" ") === true)
    throw new OctopoolError("usage", "The command is one quoted word.", {
      hint: `Write its words apart: octopool explain gh ${humanText(args[0].replace(/^\s*gh\s+/, "").trim())}`,
    });
  const explained = await explainArguments(io, args);
  if (input.flag("json")) await printJson(io.stdout, explained);
  else await io.stdout.write(`${renderExplanation(explained, io.stdout).join("\n")}\n`);
}

async function explainArguments(io: Io, args: readonly string[]): Promise<ExplainedCommand> {
  const decision = decide(args, decisionSurroundings(io.env, io.cwd));
  const about = { command: ["gh", ...args], realGh: realGhIfAny(io) ?? null };
  if (decision.kind === "native") {
    const reason = isGhCommand(args) ? reasonOf(decision.write) : unknownCommand(args);
    return { ...about, write: decision.write, outcome: "native", reason, reads: [], complete: true };
  }
  const explanation = await withProgress(io, "Asking the daemon", () => askDaemon(io, args));
  return { ...about, write: false, ...explanation };
}

function reasonOf(write: boolean): string {
  return write ? "it may change something on GitHub" : "it is a command of gh alone";
}

/** An alias, an extension, or a typing mistake: gh finds out which. */
function unknownCommand([group = "", subcommand = ""]: readonly string[]): string {
  const subcommands = ghCommands[group];
  const [close] =
    subcommands === undefined ? nearest(group, Object.keys(ghCommands)) : nearest(subcommand, subcommands);
  const meant =
    close === undefined ? "" : `; did you mean \`gh ${subcommands === undefined ? close : `${group} ${close}`}\`?`;
  return `Octopool does not know this command: an alias, an extension, or a typing mistake${meant}`;
}

/** The daemon is started where none runs: a first read would do the same, and its memory is what is explained. */
async function askDaemon(io: Io, args: readonly string[]): Promise<Explanation> {
  const { env } = io;
  const uid = process.getuid?.() ?? 0;
  const paths = runtimePaths({ env, platform: process.platform, uid });
  // The call may carry a token, which must not reach another user's socket.
  ensureSafeDirectory(dirname(paths.socket), uid);
  const body = encodeCall(await surroundingsOf(args, env));
  const first = await post(paths.socket, body, env);
  if (first !== undefined) return first;
  if (environmentFlag(env, "OCTOPOOL_NO_SPAWN"))
    throw new OctopoolError("daemon_unavailable", "No daemon runs, and OCTOPOOL_NO_SPAWN is set.", {
      hint: "Unset it, or run `octopool daemon start`.",
    });
  await startDaemon({ paths, uid, env, command: [...selfCommand(), "daemon", "run", "--channel"] });
  const second = await post(paths.socket, body, env);
  if (second !== undefined) return second;
  throw new OctopoolError("daemon_unavailable", "The daemon ended before it could answer.", {
    hint: "See `octopool daemon logs`.",
  });
}

/**
 * `undefined` when no daemon listens.
 * @throws OctopoolError `daemon_protocol` for an answer in another form: a daemon of another version;
 * `daemon_unavailable` when it does not answer
 */
async function post(socketPath: string, body: string, env: Io["env"]): Promise<Explanation | undefined> {
  const token = environmentText(env, "OCTOPOOL_TOKEN");
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const answer = await ask(socketPath, "POST", explainPath, { headers, body, patienceMs: explainPatienceMs }).catch(
    (error: unknown) => {
      if (!(error instanceof NoAnswer)) return undefined;
      throw new OctopoolError("daemon_unavailable", "The daemon does not answer.", {
        hint: "Run `octopool daemon restart`, and see `octopool daemon logs`.",
      });
    },
  );
  if (answer === undefined) return undefined;
  const explanation = parse(answer.body);
  if (explanation instanceof OctopoolError) throw explanation;
  return explanation;
}

/** An explanation runs the command on what is in memory, and may ask git. */
const explainPatienceMs = 30_000;

const refusalSchema = z.object({ error: z.object({ message: z.string(), hint: z.string().optional() }) });

function parse(text: string): Explanation | OctopoolError {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const parsed = explanationSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const refusal = refusalSchema.safeParse(value);
  const message = refusal.success
    ? refusal.data.error.message
    : "The daemon answered in a form this version does not know.";
  const hint = (refusal.success && refusal.data.error.hint) || "Run `octopool daemon stop`, and try again.";
  return new OctopoolError("daemon_protocol", message, { hint });
}
