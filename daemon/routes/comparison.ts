/** `POST /proof`: the real gh's output, for the comparison that the daemon asked for. */
import type { IncomingMessage, ServerResponse } from "node:http";
import * as z from "zod";
import { OctopoolError } from "../../shared/errors.ts";
import { parseJson } from "../../shared/parse-json.ts";
import type { DaemonWorld } from "../world.ts";
import { bodyOf } from "./body.ts";
import { sendJson } from "./send-json.ts";

const stream = z.object({ sha256: z.string().length(64), start: z.string() });
const reportSchema = z.object({ id: z.string(), stdout: stream, stderr: stream, exitCode: z.int() });

export async function handleComparison(
  request: IncomingMessage,
  response: ServerResponse,
  world: DaemonWorld,
): Promise<void> {
  const report = reportSchema.safeParse(parseJson(await bodyOf(request)));
  if (!report.success) throw new OctopoolError("invalid_request", "A comparison needs gh's output.");
  const { id, ...real } = report.data;
  sendJson(response, 200, { result: await (await world.comparisons.get()).settle(id, real) });
}
