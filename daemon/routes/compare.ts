/** `POST /prove`: the call of `POST /gh`, answered for a comparison whether or not it may be given. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { bearerToken } from "../../shared/bearer.ts";
import type { EngineAnswer } from "../../shared/comparison.ts";
import { answerToCompare } from "../answer-call.ts";
import { parseCall } from "../parse-call.ts";
import type { ServerOptions } from "../server-options.ts";
import { bodyOf } from "./body.ts";
import { githubTokensOf } from "./call.ts";
import { requireSameSight } from "./difference-seen.ts";
import { goneSignal } from "./gone.ts";
import { sendJson } from "./send-json.ts";

export async function handleCompare(
  request: IncomingMessage,
  response: ServerResponse,
  { world }: ServerOptions,
): Promise<void> {
  const parsed = parseCall(await bodyOf(request));
  requireSameSight(parsed, world);
  const { outcome, id } = await answerToCompare(world, {
    invocation: parsed.invocation,
    token: bearerToken(request.headers.authorization),
    githubTokens: githubTokensOf(request),
    signal: goneSignal(response),
  });
  const answer: EngineAnswer =
    outcome.kind === "native"
      ? { outcome: "native", reason: outcome.reason }
      : {
          outcome: "answer",
          exitCode: outcome.exitCode,
          stdout: Buffer.from(outcome.stdout).toString("base64"),
          stderr: outcome.stderr,
          id: id ?? null,
        };
  sendJson(response, 200, answer);
}
