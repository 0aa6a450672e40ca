/** The cookies of the pages: out of reach of scripts, and over https only, save on this machine. */
import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { AppEnv } from "../http/app-env.ts";

export const sessionCookie = "octopool_session";
export const stateCookie = "octopool_oauth_state";
/** The state belongs to the login alone; other paths never see it. */
const paths: Readonly<Record<string, string>> = { [sessionCookie]: "/", [stateCookie]: "/login/github" };

type PageContext = Context<AppEnv>;

/** Lax: the callback arrives by a link from GitHub, and must bring the state along. */
export function putCookie(c: PageContext, name: string, value: string, seconds: number): void {
  setCookie(c, name, value, { ...attributes(c, name), maxAge: seconds });
}

export function dropCookie(c: PageContext, name: string): void {
  deleteCookie(c, name, attributes(c, name));
}

export function readCookie(c: PageContext, name: string): string | undefined {
  return getCookie(c, name) || undefined;
}

function attributes(c: PageContext, name: string) {
  // Plain http reaches this far on the loopback address only.
  const secure = new URL(c.req.url).protocol === "https:";
  return { path: paths[name] ?? "/", httpOnly: true, secure, sameSite: "Lax" } as const;
}
