/** The address that a request came from. */
import type { Context } from "hono";
import { settingsOf } from "../env.ts";
import type { AppEnv } from "./app-env.ts";

/**
 * The sender's address from Cloudflare. A relay on one machine has no proxy before it, so any sender could set the
 * header: all senders count as one.
 */
export function clientAddress(c: Context<AppEnv>): string {
  if (settingsOf(c.env).loopbackOnly) return "loopback";
  return c.req.header("cf-connecting-ip") ?? "unknown";
}
