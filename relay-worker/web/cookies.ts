/** The cookies of the pages: out of reach of scripts, and over https only, save on this machine. */
import type { Context } from "hono";
import { deleteCookie, setCookie } from "hono/cookie";
import type { CookieOptions } from "hono/utils/cookie";
import type { AppEnv } from "../http/app-env.ts";

export const sessionCookie = "octopool_session";
export const stateCookie = "octopool_oauth_state";

type CookieName = typeof sessionCookie | typeof stateCookie;
type PageContext = Context<AppEnv>;

/** Lax: the callback arrives by a link from GitHub, and must bring the state along. */
export function putCookie(c: PageContext, name: CookieName, value: string, seconds: number): void {
  setCookie(c, name, value, { ...attributes(c, name), maxAge: seconds });
}

export function dropCookie(c: PageContext, name: CookieName): void {
  deleteCookie(c, name, attributes(c, name));
}

/** Undefined, too, when several are sent: then another host of the same domain may have planted one. */
export function readCookie(c: PageContext, name: CookieName): string | undefined {
  const sent = `${isSecure(c) && name === stateCookie ? "__Host-" : ""}${name}=`;
  const values = (c.req.header("cookie") ?? "")
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(sent))
    .map((pair) => pair.slice(sent.length));
  return values.length === 1 ? values[0] || undefined : undefined;
}

/**
 * The prefix keeps other hosts of the domain from planting a state, which would sign a person in to an attacker's
 * account. The session's name is the contract's, and cannot have it.
 */
function attributes(c: PageContext, name: CookieName): CookieOptions {
  const usual = { httpOnly: true, sameSite: "Lax" } as const;
  if (!isSecure(c)) return { ...usual, path: name === stateCookie ? "/login/github" : "/" };
  return { ...usual, secure: true, path: "/", ...(name === stateCookie ? { prefix: "host" } : {}) };
}

/** Plain http reaches this far on the loopback address only. */
const isSecure = (c: PageContext): boolean => new URL(c.req.url).protocol === "https:";
