/** `octopool explain gh …`: shows how this command would be answered and why, without running it. */
import { explanationSchema } from "../../shared/explanation.ts";
import { explainPath } from "../../shared/protocol.ts";
import { askDaemon } from "../ask-daemon.ts";
import type { CommandContext } from "../command.ts";
import { ghArguments } from "../gh-arguments.ts";
import type { Io } from "../io.ts";
import { printJson } from "../output/json.ts";
import { withProgress } from "../output/progress.ts";
import { realGhIfAny } from "../real-gh.ts";
import { githubTokens } from "../shim/call.ts";
import { decide } from "../shim/decide.ts";
import { surroundingsOf } from "../shim/surroundings.ts";
import { surroundingsOf as decisionSurroundings } from "../shim/surroundings-of-decision.ts";
import { whyNotAsked } from "../words/why-not-asked.ts";
import { type ExplainedCommand, renderExplanation } from "./render.ts";

export async function explain({ io, input }: CommandContext): Promise<undefined> {
  const args = ghArguments("explain", input.rest);
  const explained = await explainArguments(io, args);
  if (input.flag("json")) await printJson(io.stdout, explained);
  else await io.stdout.write(`${renderExplanation(explained, io.stdout).join("\n")}\n`);
}

async function explainArguments(io: Io, args: readonly string[]): Promise<ExplainedCommand> {
  const decision = decide(args, decisionSurroundings(io.env, io.cwd));
  const about = { command: ["gh", ...args], realGh: realGhIfAny(io) ?? null };
  if (decision.kind === "native") {
    const { write } = decision;
    const reason = whyNotAsked(args, write);
    return { ...about, write, outcome: "native", reason, reads: [], complete: true, cost: null };
  }
  const surroundings = await surroundingsOf(args, io.env);
  const explanation = await withProgress(io, "Asking the daemon", () =>
    askDaemon(io, { path: explainPath, surroundings, schema: explanationSchema, headers: githubTokens(io.env) }),
  );
  return { ...about, write: false, ...explanation };
}
