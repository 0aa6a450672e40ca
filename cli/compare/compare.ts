/** `octopool prove gh …`: runs the real gh, makes Octopool's own answer to the same command, and compares the two. */
import { execa } from "execa";
import { type EngineAnswer, engineAnswerSchema } from "../../shared/comparison.ts";
import { OctopoolError } from "../../shared/errors.ts";
import { findRealGh } from "../../shared/find-gh.ts";
import { comparePath } from "../../shared/protocol.ts";
import { askDaemon } from "../ask-daemon.ts";
import type { CommandContext } from "../command.ts";
import { placeOf } from "../daemon-socket.ts";
import { ghArguments } from "../gh-arguments.ts";
import type { Io } from "../io.ts";
import { printJson } from "../output/json.ts";
import { withProgress } from "../output/progress.ts";
import { githubTokens } from "../shim/call.ts";
import { Seen, sendComparison } from "../shim/compare.ts";
import { decide } from "../shim/decide.ts";
import { surroundingsOf } from "../shim/surroundings.ts";
import { surroundingsOf as decisionSurroundings } from "../shim/surroundings-of-decision.ts";
import { type CommandAnswer, type Difference, firstDifference } from "./difference.ts";

/** A command that prints nothing for this long is ended, in milliseconds. */
const longestMs = 120_000;

type Verdict =
  | { readonly result: "equal" }
  | { readonly result: "different"; readonly difference: Difference }
  | { readonly result: "native"; readonly reason: string };

/** Exit codes: 0 equal, 1 different, 3 the command is left to gh anyway. */
const exitCodes = { equal: 0, different: 1, native: 3 } as const;

export async function compare({ io, input }: CommandContext): Promise<number> {
  const args = ghArguments("prove", input.rest);
  const gh = findRealGh(io);
  const decision = decide(args, decisionSurroundings(io.env, io.cwd));
  if (decision.kind === "native" && decision.write)
    throw new OctopoolError("usage", "This command may change something on GitHub; only reads are compared.", {
      hint: "`octopool explain gh …` shows how a command is answered.",
    });
  const verdict: Verdict =
    decision.kind === "native"
      ? { result: "native", reason: "only gh has this command" }
      : await withProgress(io, "Comparing with the real gh", () => compareTwice(io, gh, args));
  const command = ["gh", ...args];
  if (input.flag("json")) await printJson(io.stdout, { command, gh, ...verdict });
  else await io.stdout.write(`${told(verdict)}\n`);
  return exitCodes[verdict.result];
}

/** GitHub's data may change between the two runs: only a difference that repeats counts. */
async function compareTwice(io: Io, gh: string, args: readonly string[]): Promise<Verdict> {
  const first = await compareOnce(io, gh, args);
  return first.result === "different" ? compareOnce(io, gh, args) : first;
}

async function compareOnce(io: Io, gh: string, args: readonly string[]): Promise<Verdict> {
  const surroundings = await surroundingsOf(args, io.env);
  const tty = { stdin: false, stdout: false, stderr: false };
  const ours = await askDaemon<EngineAnswer>(io, {
    path: comparePath,
    surroundings: { ...surroundings, tty, columns: undefined },
    schema: engineAnswerSchema,
    headers: githubTokens(io.env),
  });
  if (ours.outcome === "native") return { result: "native", reason: ours.reason };
  const real = await answerOf(io, gh, args);
  if (ours.id !== null) await sendComparison(placeOf(io.env), { id: ours.id, ...reportOf(real) });
  const own = { exitCode: ours.exitCode, stdout: Buffer.from(ours.stdout, "base64"), stderr: ours.stderr };
  const difference = firstDifference(real, own);
  return difference === undefined ? { result: "equal" } : { result: "different", difference };
}

/** The part of gh's answer that the daemon needs. */
function reportOf({ exitCode, stdout, stderr }: CommandAnswer) {
  const seen = (bytes: Buffer) => {
    const stream = new Seen();
    stream.add(bytes);
    return stream.report;
  };
  return { exitCode, stdout: seen(stdout), stderr: seen(Buffer.from(stderr)) };
}

async function answerOf(io: Io, gh: string, args: readonly string[]): Promise<CommandAnswer> {
  const { stdout, stderr, exitCode, failed } = await execa(gh, args, {
    env: io.processEnv,
    extendEnv: false,
    argv0: "gh",
    stdin: "ignore",
    encoding: "buffer",
    stripFinalNewline: false,
    reject: false,
    timeout: longestMs,
    cancelSignal: io.signal,
  });
  if (failed && exitCode === undefined)
    throw new OctopoolError("real_gh_not_found", `${gh} could not be run to its end.`, {
      hint: "Run the command by itself; set OCTOPOOL_GH_PATH if this is another gh.",
    });
  return { exitCode: exitCode ?? 0, stdout: Buffer.from(stdout), stderr: Buffer.from(stderr).toString() };
}

function told(verdict: Verdict): string {
  if (verdict.result === "equal") return "Equal: the same output, messages and exit code.";
  if (verdict.result === "native") return `Nothing to compare: Octopool leaves this command to gh: ${verdict.reason}.`;
  const { what, line, gh, octopool } = verdict.difference;
  const place = line === undefined ? what : `${what}, line ${line}`;
  return [`Different: ${place}`, `  gh        ${gh}`, `  Octopool  ${octopool}`].join("\n");
}
