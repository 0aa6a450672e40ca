/** `POST /explain`: the same call as `POST /gh`, described instead of answered. */

import type { IncomingMessage, ServerResponse } from "node:http";
import { bearerToken } from "../../shared/bearer.ts";
import { OctopoolError } from "../../shared/errors.ts";
import { explainCall } from "../explain-call.ts";
import { parseCall } from "../parse-call.ts";
import type { ServerOptions } from "../server-options.ts";
import { bodyOf } from "./body.ts";

export async function handleExplain(
  request: IncomingMessage,
  response: ServerResponse,
  { world }: ServerOptions,
): Promise<void> {
  const { invocation, mounts } = parseCall(await bodyOf(request));
  if (mounts !== undefined && mounts !== world.mounts) {
    throw new OctopoolError("daemon_unavailable", "The daemon sees other files than this command (a container).", {
      hint: "Set OCTOPOOL_RUNTIME_DIR to a directory that the two do not share.",
    });
  }
  const token = bearerToken(request.headers.authorization);
  const body = `${JSON.stringify(await explainCall(world, invocation, token))}\n`;
  response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) }).end(body);
}
