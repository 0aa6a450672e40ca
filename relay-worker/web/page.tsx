/** The frame of every page, and the headers under which a browser runs only code from this host. */
import type { Context } from "hono";
import type { Child } from "hono/jsx";
import { type Settings, settingsOf } from "../env.ts";
import type { AppEnv } from "../http/app-env.ts";
import { assetPath } from "./assets/routes.ts";

/** A form whose session has ended is led to GitHub to sign in: browsers hold every step of that against `form-action`. */
function policyOf({ githubWeb, oauthCallbackOrigin }: Settings): string {
  const signIn = [new URL(githubWeb).origin, oauthCallbackOrigin].filter(Boolean).join(" ");
  return [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    `form-action 'self' ${signIn}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

const headers: Readonly<Record<string, string>> = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
  // Not "no-referrer": under that, browsers send forms with the origin "null".
  "referrer-policy": "same-origin",
  "x-frame-options": "DENY",
};

interface PageProps {
  readonly title: string;
  readonly children?: Child;
  /** Right of the name: the signed-in account. */
  readonly aside?: Child;
  /** How often the script that keeps the page current asks for it again, seconds; none without. */
  readonly live?: number | undefined;
  /** Uses the width of the window. */
  readonly wide?: boolean;
}

export function Page({ title, children, aside, live, wide }: PageProps) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title} · Octopool`}</title>
        <link rel="icon" href={assetPath("icon.svg")} type="image/svg+xml" />
        <link rel="stylesheet" href={assetPath("style.css")} />
        {live ? <script src={assetPath("live.js")} defer></script> : null}
      </head>
      <body class={wide ? "wide" : undefined} data-refresh-seconds={live}>
        <a class="skip" href="#content">
          Skip to the content
        </a>
        <header class="top">
          <a class="brand" href="/">
            <img src={assetPath("icon.svg")} alt="" width="26" height="26" />
            Octopool
          </a>
          {aside}
        </header>
        <main id="content" tabindex={-1}>
          {children}
        </main>
      </body>
    </html>
  );
}

/** Answers with a page, rendered for each request and not cached. */
export function sendPage(
  c: Context<AppEnv>,
  page: Child,
  status = 200,
  more: Record<string, string> = {},
): Response | Promise<Response> {
  const sent = {
    ...headers,
    "content-security-policy": policyOf(settingsOf(c.env)),
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    ...more,
  };
  return c.body(`<!doctype html>${String(page)}`, new Response(null, { status, headers: sent }));
}

/** A browser that came for a page; programs and the API get JSON. */
export function wantsPage(c: Context<AppEnv>): boolean {
  const { pathname } = new URL(c.req.url);
  if (pathname.startsWith("/v1/") || pathname.startsWith("/.well-known/")) return false;
  return (c.req.header("accept") ?? "").includes("text/html");
}
