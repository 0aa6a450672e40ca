/** What may be tried only so often: logins from one address, since the exchange is an oracle for stolen GitHub tokens. */
import { sql } from "drizzle-orm";
import { OctopoolError } from "../../shared/errors.ts";
import type { RelayContext } from "../context.ts";
import { database } from "../db/client.ts";
import { loginAttempts } from "../db/schema.ts";
import { sha256Hex } from "./tokens.ts";

export const attemptWindowMs = 10 * 60_000;
export const maxAttempts = 20;

/** @throws OctopoolError login_rate_limited with `retry_after_seconds` */
export async function countAttempt(context: RelayContext, address: string): Promise<void> {
  const { attempts, windowStart } = await count(context, networkOf(address));
  if (attempts <= maxAttempts) return;
  const seconds = Math.max(1, Math.ceil((windowStart + attemptWindowMs - context.deps.clock()) / 1000));
  throw new OctopoolError("login_rate_limited", "Too many logins from this address.", {
    hint: `Try again in ${seconds} seconds.`,
    details: { retry_after_seconds: seconds },
  });
}

/** Whether something that is good for one use, and for no longer than {@link attemptWindowMs}, is used for the first time. */
export async function isFirstUse(context: RelayContext, what: string): Promise<boolean> {
  return (await count(context, what)).attempts === 1;
}

/** One IPv6 client usually has all 2^64 addresses of its network. */
export function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.toLowerCase().split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail ? tail.split(":") : [];
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array<string>(zeros).fill("0"), ...after];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":")}::/64`;
}

async function count({ deps, env }: RelayContext, what: string): Promise<typeof loginAttempts.$inferSelect> {
  const now = deps.clock();
  const over = sql`${loginAttempts.windowStart} <= ${now - attemptWindowMs}`;
  return database(env)
    .insert(loginAttempts)
    .values({ address: await sha256Hex(what), windowStart: now, attempts: 1 })
    .onConflictDoUpdate({
      target: loginAttempts.address,
      set: {
        attempts: sql`case when ${over} then 1 else ${loginAttempts.attempts} + 1 end`,
        windowStart: sql`case when ${over} then ${now} else ${loginAttempts.windowStart} end`,
      },
    })
    .returning()
    .get();
}
