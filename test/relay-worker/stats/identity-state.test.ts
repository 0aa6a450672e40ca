import { expect, test } from "vitest";
import type { PoolSnapshot } from "../../../relay-worker/coordinator/contract.ts";
import { isHealthy, stateOf } from "../../../relay-worker/stats/identity-state.ts";
import type { IdentityState } from "../../../shared/dashboard.ts";

const now = 1_000_000;
const bot = { id: "bot", kind: "pat", login: "Bot", installationId: null, disabled: false } as const;
const owner = "user:bot";

type Budget = PoolSnapshot["budgets"][number];
type Cooldown = PoolSnapshot["cooldowns"][number];

const budget = (more: Partial<Budget>): Budget => ({
  owner,
  bucket: "core",
  limit: 5000,
  remaining: 5000,
  reset: now + 1,
  reserved: 0,
  ...more,
});
const cooldown = (more: Partial<Cooldown>): Cooldown => ({
  identityId: "bot",
  scope: "identity",
  target: "",
  until: now + 1,
  cause: "unauthorized",
  ...more,
});

const cases: [string, IdentityState, Partial<PoolSnapshot>][] = [
  ["of which nothing is known", "ready", {}],
  ["with budget beyond its owner's tenth", "ready", { budgets: [budget({ remaining: 501 })] }],
  ["down to its owner's tenth", "exhausted", { budgets: [budget({ remaining: 500 })] }],
  ["whose rest is promised to reads in progress", "exhausted", { budgets: [budget({ remaining: 510, reserved: 10 })] }],
  ["whose window is over", "ready", { budgets: [budget({ remaining: 0, reset: now })] }],
  [
    "whose owner's budget belongs to another account",
    "ready",
    { budgets: [budget({ owner: "user:x", remaining: 0 })] },
  ],
  ["without budget for searches", "limited", { budgets: [budget({ bucket: "search", limit: 30, remaining: 3 })] }],
  ["that GitHub rejects", "cooling", { cooldowns: [cooldown({})] }],
  ["that has cooled down", "ready", { cooldowns: [cooldown({ until: now })] }],
  ["whose owner is throttled", "cooling", { cooldowns: [cooldown({ identityId: owner, scope: "owner" })] }],
  ["barred from one route", "limited", { cooldowns: [cooldown({ scope: "route", target: "acme/x" })] }],
  [
    "whose searches cool",
    "limited",
    { cooldowns: [cooldown({ identityId: owner, scope: "bucket", target: "search" })] },
  ],
  [
    "whose core budget is limited for no known reason",
    "cooling",
    { cooldowns: [cooldown({ identityId: owner, scope: "bucket", target: "core", cause: "rate_limited" })] },
  ],
  [
    "whose core budget is used up",
    "exhausted",
    { cooldowns: [cooldown({ identityId: owner, scope: "bucket", target: "core", cause: "exhausted" })] },
  ],
  ["beside another that cools", "ready", { cooldowns: [cooldown({ identityId: "other" })] }],
];

test.each(cases)("an identity %s is %s", (_name, state, more) => {
  const snapshot = { now, budgets: [], cooldowns: [], leases: [], fills: [], ...more };
  expect(stateOf(bot, snapshot, 0.1)).toBe(state);
  expect(stateOf({ ...bot, disabled: true }, snapshot, 0.1)).toBe("disabled");
});

test("an identity that can serve plain reads is healthy", () => {
  const healthy = (["ready", "limited", "exhausted", "cooling", "disabled"] as const).filter(isHealthy);
  expect(healthy).toEqual(["ready", "limited"]);
});
