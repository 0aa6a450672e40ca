/**
 * Limits of attempts from one address: logins, since the exchange is an oracle for stolen GitHub tokens,
 * and the operator's token.
 */
import { eq, sql } from "drizzle-orm";
import { bounded } from "../../shared/bounded.ts";
import { OctopoolError } from "../../shared/errors.ts";
import type { RelayContext } from "../context.ts";
import { database } from "../db/client.ts";
import { loginAttempts } from "../db/schema.ts";
import { memoryPart } from "../memory.ts";
import { sha256Hex } from "./tokens.ts";

export const attemptWindowMs = 10 * 60_000;
export const maxAttempts = 20;

/** @throws OctopoolError login_rate_limited with `retry_after_seconds` */
export async function countAttempt(context: RelayContext, address: string): Promise<void> {
  const { attempts, windowStart } = await count(context, networkOf(address));
  if (attempts > maxAttempts) throw limited(context, "login", windowStart);
}

/**
 * Counts a wrong operator's token. Each counted one costs D1 a row; those beyond the limit cost an isolate nothing.
 * @throws OctopoolError admin_rate_limited with `retry_after_seconds`
 */
export async function countGuess(context: RelayContext, address: string): Promise<void> {
  const { attempts, windowStart } = await count(context, guesserKey(address));
  if (attempts <= maxAttempts) return;
  limitedGuessers(context.deps.memory).set(networkOf(address), windowStart);
  throw limited(context, "admin", windowStart);
}

/**
 * Refuses an address that has guessed too often, even with the right token.
 * @throws OctopoolError admin_rate_limited with `retry_after_seconds`
 */
export async function refuseGuesser(context: RelayContext, address: string): Promise<void> {
  const { deps, env } = context;
  const known = limitedGuessers(deps.memory);
  const network = networkOf(address);
  const isOver = (windowStart: number) => windowStart <= deps.clock() - attemptWindowMs;
  const remembered = known.get(network);
  if (remembered !== undefined && !isOver(remembered)) throw limited(context, "admin", remembered);
  const key = await sha256Hex(guesserKey(address));
  const row = await database(env).select().from(loginAttempts).where(eq(loginAttempts.address, key)).get();
  if (!row || row.attempts < maxAttempts || isOver(row.windowStart)) return;
  known.set(network, row.windowStart);
  throw limited(context, "admin", row.windowStart);
}

/** Distinguishes guessers in the audit trail, which holds no addresses. */
export async function guesserName(address: string): Promise<string> {
  return `address ${(await sha256Hex(guesserKey(address))).slice(0, 12)}`;
}

/** Networks that have guessed the operator's token too often, and when their window began (ms since the epoch). */
const limitedGuessers = memoryPart(() => bounded<number>(1000));

const guesserKey = (address: string): string => `operator's token, from ${networkOf(address)}`;

const limits = {
  login: { code: "login_rate_limited", message: "Too many logins from this address." },
  admin: { code: "admin_rate_limited", message: "Too many wrong operator's tokens came from this address." },
} as const;

function limited({ deps }: RelayContext, kind: keyof typeof limits, windowStart: number): OctopoolError {
  const { code, message } = limits[kind];
  const seconds = Math.max(1, Math.ceil((windowStart + attemptWindowMs - deps.clock()) / 1000));
  return new OctopoolError(code, message, {
    hint: `Try again in ${seconds} seconds.`,
    details: { retry_after_seconds: seconds },
  });
}

/**
 * Whether something that is good for one use, and for no longer than {@link attemptWindowMs}, is used for the first
 * time.
 */
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
