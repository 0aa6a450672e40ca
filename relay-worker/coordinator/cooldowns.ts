/**
 * Cooldowns: the identity, budget owner, route or bucket that must not be used before a time, and the reason. They only
 * grow, in any order of arrival; a success never shortens them.
 */
import { anonymousOwner, type CooldownScope, type Observation } from "./contract.ts";

type CooldownCause =
  | "misconfigured"
  | "unauthorized"
  | "secondary_limit"
  | "exhausted"
  | "retry_after"
  | "forbidden"
  | "rate_limited";

export interface Cooldown {
  /** The identity, or the budget owner for the scopes `owner` and `bucket`. */
  readonly subject: string;
  readonly scope: CooldownScope;
  /** The route key or the bucket; empty for the other scopes. */
  readonly target: string;
  /** ms since the epoch. */
  readonly until: number;
  readonly cause: string;
  /** How often in a row a secondary limit was hit. */
  readonly strikes: number;
}

/** The cooldown that one response requires; `ms` counts from now. */
interface CooldownVerdict {
  readonly scope: CooldownScope;
  readonly cause: CooldownCause;
  readonly ms: number;
}

/** The identity, rate limit and route that a selection is about to use. */
interface IdentityUse {
  readonly identityId: string;
  readonly budgetOwner: string;
  readonly bucket: string;
  readonly routeKey: string;
}

/** Two minutes when GitHub sends no Retry-After. */
export const defaultMs = 120_000;
/** GitHub asks for at least a minute after a secondary limit, growing on repeats. */
const secondaryMs = 60_000;
const secondaryMaxMs = 3_600_000;
/** A header beyond a day is a mistake that must not bar an identity for good. */
const longestMs = 24 * 3_600_000;
/** A secondary limit this long after the last one ended is a first one again. */
export const strikeMemory = 3_600_000;

/** The cooldowns that one response calls for, by the rules of GitHub's "best practices" for its REST API. */
function verdictsOf(seen: Observation, now: number): readonly CooldownVerdict[] {
  const retryMs = seen.retryAfter !== undefined && seen.retryAfter > 0 ? seen.retryAfter * 1000 : undefined;
  if (seen.misconfigured) return [{ scope: "identity", cause: "misconfigured", ms: defaultMs }];
  if (seen.status === 401) return [{ scope: "identity", cause: "unauthorized", ms: retryMs ?? defaultMs }];

  const refused = seen.status === 403 || seen.status === 429;
  const verdicts: CooldownVerdict[] = [];
  if (refused && seen.remaining === 0) {
    const ms = seen.reset === undefined ? defaultMs : Math.max(seen.reset * 1000 - now, 1000);
    verdicts.push({ scope: "bucket", cause: "exhausted", ms });
  }
  // A user's other tokens share the throttle, and GitHub bans integrations that go on with those.
  if (seen.secondary) {
    const ms = Math.max(retryMs ?? 0, secondaryMs);
    verdicts.push(
      { scope: "identity", cause: "secondary_limit", ms },
      { scope: "owner", cause: "secondary_limit", ms },
    );
  } else if (refused && retryMs !== undefined) {
    verdicts.push({ scope: "identity", cause: "retry_after", ms: retryMs });
    verdicts.push({ scope: "owner", cause: "retry_after", ms: retryMs });
  }
  if (verdicts.length > 0 || !refused) return verdicts;
  // A permission problem concerns one route; the identity is fine elsewhere.
  if (seen.status === 403) return [{ scope: "route", cause: "forbidden", ms: defaultMs }];
  return [{ scope: "bucket", cause: "rate_limited", ms: defaultMs }];
}

const keyOf = (subject: string, scope: CooldownScope, target: string): string => `${scope} ${subject} ${target}`;

function growing(verdict: CooldownVerdict, strikes: number): number {
  if (verdict.cause !== "secondary_limit") return verdict.ms;
  return Math.max(verdict.ms, Math.min(secondaryMs * 2 ** (strikes - 1), secondaryMaxMs));
}

/** All cooldowns of a pool, mirrored in memory; `save` is called for each change. */
export class Cooldowns {
  readonly #known = new Map<string, Cooldown>();
  readonly #save: (cooldown: Cooldown) => void;

  constructor(stored: readonly Cooldown[], save: (cooldown: Cooldown) => void) {
    for (const row of stored) this.#known.set(keyOf(row.subject, row.scope, row.target), row);
    this.#save = save;
  }

  observe(seen: Observation, now: number): void {
    for (const verdict of verdictsOf(seen, now)) this.#apply(seen, verdict, now);
  }

  /** The longest of the cooldowns that bar this use now. */
  barring(use: IdentityUse, now: number): Cooldown | undefined {
    const keys = [
      keyOf(use.identityId, "identity", ""),
      keyOf(use.budgetOwner, "owner", ""),
      keyOf(use.identityId, "route", use.routeKey),
      keyOf(use.budgetOwner, "bucket", use.bucket),
    ];
    let longest: Cooldown | undefined;
    for (const key of keys) {
      const row = this.#known.get(key);
      if (row !== undefined && row.until > Math.max(now, longest?.until ?? 0)) longest = row;
    }
    return longest;
  }

  running(now: number): Cooldown[] {
    return [...this.#known.values()].filter((row) => row.until > now);
  }

  prune(now: number): void {
    for (const [key, row] of this.#known) if (row.until <= now - strikeMemory) this.#known.delete(key);
  }

  #apply(seen: Observation, verdict: CooldownVerdict, now: number): void {
    const { scope, cause } = verdict;
    const subject = scope === "owner" || scope === "bucket" ? seen.budgetOwner : (seen.identityId ?? anonymousOwner);
    const target = scope === "route" ? seen.routeKey : scope === "bucket" ? seen.bucket : "";
    const known = this.#known.get(keyOf(subject, scope, target));
    const strikes = cause === "secondary_limit" ? nextStrike(known, now) : (known?.strikes ?? 0);
    const until = now + Math.min(growing(verdict, strikes), longestMs);
    if (known !== undefined && until <= known.until && strikes <= known.strikes) return;
    const longer = known === undefined || until > known.until;
    const row: Cooldown = longer ? { subject, scope, target, until, cause, strikes } : { ...known, strikes };
    this.#known.set(keyOf(subject, scope, target), row);
    this.#save(row);
  }
}

/** Answers to one burst arrive together and count once; only a hit after the cooldown ended is a repeat. */
function nextStrike(known: Cooldown | undefined, now: number): number {
  if (known === undefined || known.until <= now - strikeMemory) return 1;
  if (known.until > now) return Math.max(known.strikes, 1);
  return known.strikes + 1;
}
