/**
 * `POST /v1/hooks/github`: takes GitHub's events. An event only ends the use of cached answers: nothing of its payload
 * becomes an answer, and it causes no request to GitHub. Of a repository that is not public nothing is kept but, where
 * it was public until now, that it is not.
 */
import * as z from "zod";
import { OctopoolError } from "../../shared/errors.ts";
import { familyOf } from "../../shared/events/families.ts";
import { type GuardNews, meaningOf } from "../../shared/events/marks.ts";
import { parseEvent } from "../../shared/events/payload.ts";
import { parseJson } from "../../shared/parse-json.ts";
import type { RelayContext } from "../context.ts";
import { settingsOf } from "../env.ts";
import { readBytes } from "../http/body.ts";
import { logTrouble } from "../log.ts";
import { eventsOf } from "../marks/client.ts";
import type { TakenEvent } from "../marks/contract.ts";
import { applyGuardNews } from "./guard-news.ts";
import { isSigned } from "./signature.ts";

/** GitHub sends no larger payload. */
const maxPayloadBytes = 25 * 1024 * 1024;

const headersSchema = z.object({
  event: z.string().regex(/^[a-z_]{1,64}$/),
  guid: z.string().regex(/^[\w-]{1,64}$/),
  signature: z.string().default(""),
});

/** @throws OctopoolError hooks_unconfigured, unsupported_media_type, payload_too_large, invalid_auth, invalid_request */
export async function takeDelivery(context: RelayContext, request: Request): Promise<Response> {
  const { deps, env } = context;
  const secrets = settingsOf(env).webhookSecrets;
  const events = eventsOf(env);
  if (secrets.length === 0 || !events) {
    throw new OctopoolError(
      "hooks_unconfigured",
      "This relay takes no webhooks: it has no secret to check them with.",
      {
        hint: "An operator sets OCTOPOOL_WEBHOOK_SECRET, the secret of the App's webhook.",
      },
    );
  }
  if (!/^application\/json(;|$)/i.test(request.headers.get("content-type") ?? "")) {
    throw new OctopoolError("unsupported_media_type", "The webhook's content type must be application/json.");
  }
  const body = await readBytes(request, maxPayloadBytes);
  const headers = headersSchema.safeParse({
    event: request.headers.get("x-github-event"),
    guid: request.headers.get("x-github-delivery"),
    signature: request.headers.get("x-hub-signature-256") ?? "",
  }).data;
  if (!headers || !(await isSigned(deps.memory, { signature: headers.signature, body, secrets }))) {
    throw new OctopoolError("invalid_auth", "The delivery is not signed with this relay's webhook secret.");
  }
  const payload = parseEvent(parseJson(new TextDecoder().decode(body)));
  if (!payload) throw new OctopoolError("invalid_request", "The payload is no event.");
  const { mark, guard, uncovered } = meaningOf(headers.event, payload);
  if (guard) await applyGuardNews(context, guard);
  await takeOrFail(events, {
    guid: headers.guid,
    family: familyOf(headers.event),
    ...(mark && { mark }),
    ...(uncovered && { uncovered }),
    ...hiddenBy(guard),
  });
  return new Response(null, { status: 204 });
}

function hiddenBy(guard: GuardNews | undefined): Pick<TakenEvent, "hidden"> {
  return guard && guard.news !== "forget" ? { hidden: guard.repository } : {};
}

/** GitHub records the failure, and the delivery can be sent again. */
async function takeOrFail(events: NonNullable<ReturnType<typeof eventsOf>>, taken: TakenEvent): Promise<void> {
  try {
    await events.take(taken);
  } catch (cause) {
    logTrouble("an event was not kept", cause);
    throw new OctopoolError("relay_overloaded", "The event could not be kept; deliver it again.");
  }
}
