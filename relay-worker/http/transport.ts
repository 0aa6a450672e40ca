/** HTTPS everywhere but on this machine, and no caching of JSON answers. */
import { createMiddleware } from "hono/factory";
import { OctopoolError } from "../../shared/errors.ts";
import { isLoopback } from "../../shared/loopback.ts";
import { settingsOf } from "../env.ts";
import type { AppEnv } from "./app-env.ts";

const bare = "default-src 'none'; frame-ancestors 'none'";

export const secure = createMiddleware<AppEnv>(async (c, next) => {
  const url = new URL(c.req.url);
  if (settingsOf(c.env).loopbackOnly && !isLoopback(url.hostname)) {
    throw new OctopoolError("proxy_denied", "This relay is for its own machine and answers at no other host name.", {
      hint: "Use http://127.0.0.1 and its port. Pages at other host names may not use this relay.",
    });
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    url.protocol = "https:";
    return new Response(null, { status: 308, headers: { location: url.href, "cache-control": "no-store" } });
  }
  await next();
  // A WebSocket has no headers left to set.
  if (c.res.status === 101) return undefined;
  if (url.protocol === "https:") c.header("strict-transport-security", "max-age=31536000");
  c.header("x-content-type-options", "nosniff");
  // Pages set their own; any other answer may load nothing in a browser.
  if (!c.res.headers.has("content-security-policy")) c.header("content-security-policy", bare);
  if (!c.res.headers.has("cache-control")) c.header("cache-control", "no-store");
  return undefined;
});
