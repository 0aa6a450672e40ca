/** The relay's API as commands use it: one request, a parsed answer, or an error with its remedy. */

import type * as z from "zod";
import { OctopoolError } from "../../shared/errors.ts";
import { parseJson } from "../../shared/parse-json.ts";
import { version } from "../../shared/version.ts";
import type { Fetched } from "../fetch-direct.ts";
import type { Io } from "../io.ts";
import { relayFailure, unreachable } from "./refusal.ts";

export interface RelayCall {
  /** Origin of the relay. */
  readonly server: string;
  /** Path with its query. */
  readonly path: string;
  readonly method?: "GET" | "POST" | "PATCH" | "DELETE";
  /** Sent as a bearer token; never followed through a redirect. */
  readonly token?: string | undefined;
  readonly body?: unknown;
  /** Milliseconds. */
  readonly timeoutMs?: number;
}

/** Longer than the relay's own 15 s, so that its answer about a slow GitHub arrives. */
const relayTimeoutMs = 20_000;

/**
 * The answer as bytes, for any status.
 * @throws OctopoolError `relay_unreachable`, `relay_timeout`, `cancelled`.
 */
export async function send(
  io: Pick<Io, "fetch" | "signal">,
  call: RelayCall,
): Promise<{ response: Fetched; text: string }> {
  const timeout = AbortSignal.timeout(call.timeoutMs ?? relayTimeoutMs);
  try {
    const response = await io.fetch(new URL(call.path, call.server), {
      method: call.method ?? "GET",
      headers: headersOf(call),
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      redirect: "manual",
      signal: AbortSignal.any([timeout, io.signal]),
    });
    return { response, text: await response.text() };
  } catch (error) {
    if (io.signal.aborted) throw new OctopoolError("cancelled", "Cancelled.");
    throw unreachable(call.server, error, timeout.aborted);
  }
}

/**
 * The parsed answer of a successful request.
 * @throws OctopoolError the relay's own code with a hint, or `relay_answer_invalid`.
 */
export async function request<Schema extends z.ZodType>(
  io: Pick<Io, "fetch" | "signal">,
  call: RelayCall,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const { response, text } = await send(io, call);
  if (!response.ok) throw relayFailure(call.server, response, text);
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new OctopoolError(
    "relay_answer_invalid",
    `${call.server} answered ${call.path} in a form this version does not know.`,
    {
      hint: "Update octopool, or check that the address is a relay's.",
      details: { issues: parsed.error.issues.slice(0, 5) },
    },
  );
}

function headersOf(call: RelayCall): Record<string, string> {
  return {
    accept: "application/json",
    "user-agent": `octopool/${version}`,
    ...(call.token === undefined ? {} : { authorization: `Bearer ${call.token}` }),
    ...(call.body === undefined ? {} : { "content-type": "application/json" }),
  };
}
