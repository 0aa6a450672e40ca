/** Stops work whose caller has gone. */
import type { ServerResponse } from "node:http";
import { OctopoolError } from "../../shared/errors.ts";

/** Aborts with `cancelled` when the client closes its connection. */
export function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once("close", () => abortAsGone(gone));
  return gone.signal;
}

export function abortAsGone(gone: AbortController): void {
  gone.abort(new OctopoolError("cancelled", "The client went away."));
}
