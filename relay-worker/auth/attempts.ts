/** Login attempts are limited for each address: the exchange is an oracle for stolen GitHub tokens. */
import { sql } from "drizzle-orm";
import { OctopoolError } from "../../shared/errors.ts";
import { database } from "../db/client.ts";
import { loginAttempts } from "../db/schema.ts";
import type { RelayContext } from "../relay/context.ts";
import { sha256Hex } from "./tokens.ts";

export const attemptWindowMs = 10 * 60_000;
export const maxAttempts = 20;

/** @throws OctopoolError login_rate_limited with `retry_after_seconds` */
export async function countAttempt({ deps, env }: RelayContext, address: string): Promise<void> {
  const now = deps.clock();
  const over = sql`${loginAttempts.windowStart} <= ${now - attemptWindowMs}`;
  const counted = await database(env)
    .insert(loginAttempts)
    .values({ address: await sha256Hex(address), windowStart: now, attempts: 1 })
    .onConflictDoUpdate({
      target: loginAttempts.address,
      set: {
        attempts: sql`case when ${over} then 1 else ${loginAttempts.attempts} + 1 end`,
        windowStart: sql`case when ${over} then ${now} else ${loginAttempts.windowStart} end`,
      },
    })
    .returning()
    .get();
  if (counted.attempts <= maxAttempts) return;
  const seconds = Math.max(1, Math.ceil((counted.windowStart + attemptWindowMs - now) / 1000));
  throw new OctopoolError("login_rate_limited", "Too many logins from this address.", {
    hint: `Try again in ${seconds} seconds.`,
    details: { retry_after_seconds: seconds },
  });
}
