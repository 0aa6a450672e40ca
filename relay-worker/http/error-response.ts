/** Every refusal in the one shape that clients know. */
import type { ErrorBody } from "../../shared/envelope.ts";
import { OctopoolError } from "../../shared/errors.ts";
import { logUnexpected } from "../log.ts";

export function errorResponse(error: unknown, requestId: string): Response {
  const known = asKnown(error);
  const { code, message, hint, details, httpStatus } = known;
  const shown = { ...details, ...(hint ? { hint } : {}) };
  const body: ErrorBody = {
    error: { code, message, request_id: requestId, ...(Object.keys(shown).length > 0 ? { details: shown } : {}) },
  };
  const headers = new Headers({ "content-type": "application/json; charset=utf-8", "cache-control": "no-store" });
  const retryAfter = details?.retry_after_seconds;
  if (typeof retryAfter === "number") headers.set("retry-after", String(retryAfter));
  return new Response(JSON.stringify(body), { status: httpStatus, headers });
}

/** An error that may be shown. */
export function asKnown(error: unknown): OctopoolError {
  return error instanceof OctopoolError ? error : unexpected(error);
}

/** The message of an unexpected exception could hold anything: the answer has none of it, the log no values. */
function unexpected(error: unknown): OctopoolError {
  logUnexpected(error);
  if (isStorageTrouble(error)) return new OctopoolError("relay_overloaded", "The relay is overloaded. Try again soon.");
  return new OctopoolError("internal_error", "The relay failed unexpectedly.");
}

/** D1 and Durable Objects report overload and resets only by message. */
function isStorageTrouble(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const text = `${error.message} ${error.cause instanceof Error ? error.cause.message : ""}`;
  return /D1_ERROR|D1 DB|overloaded|storage operation exceeded timeout|Network connection lost|durable object reset/i.test(
    text,
  );
}
