/** Forms that change something: only those that we showed, to this session, from this host. */
import type { Context } from "hono";
import { OctopoolError } from "../../shared/errors.ts";
import type { AppEnv } from "../http/app-env.ts";
import { readText } from "../http/body.ts";
import type { WebSession } from "./sessions.ts";
import { isSigned, sign } from "./signing.ts";

/** Name of the field that carries the form's token. */
export const formField = "form_token";
const purpose = "form";
const maxFormBytes = 16_384;

/** Bound to the session: it cannot be made without the session's cookie. */
export function formToken(session: WebSession): Promise<string> {
  return sign(session.token, purpose, session.callerId);
}

/** @throws OctopoolError unsupported_media_type, payload_too_large */
export async function readForm(c: Context<AppEnv>): Promise<URLSearchParams> {
  const type = c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/x-www-form-urlencoded") {
    throw new OctopoolError("unsupported_media_type", "A form must be application/x-www-form-urlencoded.");
  }
  return new URLSearchParams(await readText(c.req.raw, maxFormBytes));
}

/** @throws OctopoolError csrf_denied */
export async function requireForm(c: Context<AppEnv>, session: WebSession, form: URLSearchParams): Promise<void> {
  const origin = c.req.header("origin");
  const elsewhere = origin !== undefined && origin !== new URL(c.req.url).origin;
  const site = c.req.header("sec-fetch-site");
  const foreign = elsewhere || (site !== undefined && site !== "same-origin");
  if (!foreign && (await isSigned(session.token, purpose, session.callerId, form.get(formField) ?? ""))) return;
  throw new OctopoolError("csrf_denied", "The form did not come from this page, or the session behind it has ended.", {
    hint: "Go back, reload the page and send it again.",
  });
}
