/** `POST /proof`: what the real gh printed, for the comparison that the client was asked to make. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { OctopoolError } from "../../shared/errors.ts";
import type { World } from "../world.ts";
import { bodyOf } from "./body.ts";

const stream = z.object({ sha256: z.string().length(64), start: z.string() });
const reportSchema = z.object({ id: z.string(), stdout: stream, stderr: stream, exitCode: z.int() });

export async function handleProof(request: IncomingMessage, response: ServerResponse, world: World): Promise<void> {
  const report = reportSchema.safeParse(parseJson(await bodyOf(request)));
  if (!report.success) throw new OctopoolError("invalid_request", "A comparison needs what gh printed.");
  const { id, ...real } = report.data;
  const body = `${JSON.stringify({ result: await world.proofs.settle(id, real) })}\n`;
  response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) }).end(body);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
