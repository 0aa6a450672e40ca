/** `GET /v1/events`: a machine receives, by WebSocket, the changes of the repositories that it holds answers of. */
import { bearerToken } from "../../shared/bearer.ts";
import { OctopoolError } from "../../shared/errors.ts";
import { requireMember } from "../auth/caller.ts";
import { sha256Hex } from "../auth/tokens.ts";
import type { RelayContext } from "../context.ts";
import { takesEvents } from "../env.ts";
import { eventsOf } from "../marks/client.ts";
import { type Listener, listenerHeader } from "../marks/contract.ts";
import { policyOf } from "../pools/definition.ts";
import { lookUp } from "../read/known/lookup.ts";

/** @throws OctopoolError not_found where no events arrive, and as a read does for a caller that may not read */
export async function listenToEvents(context: RelayContext, request: Request, pool: string): Promise<Response> {
  const { deps, env } = context;
  const events = takesEvents(env) ? eventsOf(env) : undefined;
  if (!events) {
    throw new OctopoolError("not_found", "This relay sends no events.");
  }
  const token = bearerToken(request.headers.get("authorization") ?? undefined);
  if (!token) throw new OctopoolError("missing_auth", "This needs a caller token.", { hint: "Run: octopool login" });
  const known = await lookUp(deps, env, await sha256Hex(token), pool);
  const caller = await requireMember(context, known.caller);
  if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") {
    throw new OctopoolError("invalid_request", "This path is a WebSocket.");
  }
  const { allow_public_repos, allowed_owners } = policyOf(known.pool);
  const all = allow_public_repos || allowed_owners.includes("*");
  const listener: Listener = {
    callerId: caller.callerId,
    owners: all ? null : allowed_owners.map((owner) => owner.toLowerCase()),
  };
  const headers = { upgrade: "websocket", [listenerHeader]: JSON.stringify(listener) };
  return events.fetch("https://events.octopool.invalid/", { headers });
}
