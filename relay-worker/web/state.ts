/**
 * The state of a login in progress: signed, valid for one try within ten minutes, and only in the browser whose cookie
 * mirrors it. It carries where to go afterwards, so that no other site can choose it.
 */
import * as z from "zod";
import { parseJson } from "../../shared/parse-json.ts";
import { base64url, fromBase64url, isSigned, randomText, sign } from "./signing.ts";

export const stateSeconds = 600;
const purpose = "oauth state";

const stateSchema = z.object({ nonce: z.string().min(16), next: z.string(), at: z.number() });
type LoginState = z.infer<typeof stateSchema>;

export async function makeState(secret: string, next: string, now: number): Promise<string> {
  const state: LoginState = { nonce: randomText(16), next: safeNext(next), at: now };
  const text = base64url(new TextEncoder().encode(JSON.stringify(state)));
  return `${text}.${await sign(secret, purpose, text)}`;
}

/** Undefined for a state that we did not sign, or that is too old. */
export async function readState(secret: string, state: string, now: number): Promise<LoginState | undefined> {
  const [text = "", signature = "", ...rest] = state.split(".");
  if (rest.length > 0 || !(await isSigned(secret, purpose, text, signature))) return undefined;
  const read = stateSchema.safeParse(parseJson(fromBase64url(text) ?? "")).data;
  return read && now - read.at < stateSeconds * 1000 ? read : undefined;
}

/** Proves that the same browser began the login and redeems GitHub's code; it never leaves the relay. */
export function codeVerifier(secret: string, state: string): Promise<string> {
  return sign(secret, "oauth verifier", state);
}

export const home = "/dashboard";

/** The state travels in a cookie, and browsers silently drop cookies over 4 KiB. */
const longestNext = 1024;

/** A path on this host, else the dashboard: `//host`, `/\host` and the like lead elsewhere. */
export function safeNext(next: string | undefined): string {
  if (!next?.startsWith("/") || next.length > longestNext || /^\/[/\\]|[\\\p{Cc}]/u.test(next)) return home;
  const url = URL.parse(next, "https://relay.invalid");
  return url?.origin === "https://relay.invalid" && !url.pathname.startsWith("//") ? url.pathname + url.search : home;
}
