/** `POST /explain`: the same call as `POST /gh`, described instead of answered. */

import type { IncomingMessage, ServerResponse } from "node:http";
import { bearerToken } from "../../shared/bearer.ts";
import { explainCall } from "../explain-call.ts";
import { parseCall } from "../parse-call.ts";
import type { ServerOptions } from "../server-options.ts";
import { bodyOf } from "./body.ts";
import { githubTokensOf } from "./call.ts";
import { requireSameSight } from "./difference-seen.ts";
import { sendJson } from "./send-json.ts";

export async function handleExplain(
  request: IncomingMessage,
  response: ServerResponse,
  { world }: ServerOptions,
): Promise<void> {
  const parsed = parseCall(await bodyOf(request));
  const { invocation } = parsed;
  requireSameSight(parsed, world);
  const token = bearerToken(request.headers.authorization);
  sendJson(response, 200, await explainCall(world, invocation, { token, githubTokens: githubTokensOf(request) }));
}
