import { describe, expect, test } from "vitest";
import type { Observation } from "../../../relay-worker/coordinator/contract.ts";
import { type Cooldown, Cooldowns } from "../../../relay-worker/coordinator/cooldowns.ts";
import { saw, seconds, start } from "./support.ts";

const s = 1000;
const use = { identityId: "a", budgetOwner: "user:a", bucket: "core", routeKey: "r" };
const inTenMinutes = seconds(start) + 600;

function fresh(): Cooldowns {
  return new Cooldowns([], () => {});
}

/** Seconds for which the use is barred after one observation. */
function barred(more: Partial<Observation>, of: Partial<typeof use> = {}): number {
  const cooldowns = fresh();
  cooldowns.observe(saw("a", more), start);
  const row = cooldowns.barring({ ...use, ...of }, start);
  return row === undefined ? 0 : (row.until - start) / s;
}

const otherRoute = { routeKey: "other" };
const otherBucket = { bucket: "search" };
const sibling = { identityId: "a2" };
const stranger = { identityId: "b", budgetOwner: "user:b" };

describe("the cooldowns of one response, in seconds", () => {
  test.each<[string, Partial<Observation>, Record<"here" | "route" | "bucket" | "sibling", number>]>([
    ["200", { status: 200 }, { here: 0, route: 0, bucket: 0, sibling: 0 }],
    ["304", { status: 304 }, { here: 0, route: 0, bucket: 0, sibling: 0 }],
    ["404", { status: 404 }, { here: 0, route: 0, bucket: 0, sibling: 0 }],
    ["500", { status: 500, retryAfter: 9 }, { here: 0, route: 0, bucket: 0, sibling: 0 }],
    ["a success that used up the budget", { status: 200, remaining: 0 }, { here: 0, route: 0, bucket: 0, sibling: 0 }],
    ["401", { status: 401 }, { here: 120, route: 120, bucket: 120, sibling: 0 }],
    ["401 with Retry-After", { status: 401, retryAfter: 7 }, { here: 7, route: 7, bucket: 7, sibling: 0 }],
    ["403 with Retry-After", { status: 403, retryAfter: 30 }, { here: 30, route: 30, bucket: 30, sibling: 30 }],
    ["429 with Retry-After", { status: 429, retryAfter: 30 }, { here: 30, route: 30, bucket: 30, sibling: 30 }],
    ["403 without", { status: 403 }, { here: 120, route: 0, bucket: 0, sibling: 0 }],
    ["403 with budget left", { status: 403, remaining: 10 }, { here: 120, route: 0, bucket: 0, sibling: 0 }],
    ["429 without", { status: 429 }, { here: 120, route: 120, bucket: 0, sibling: 120 }],
    ["Retry-After of zero", { status: 429, retryAfter: 0 }, { here: 120, route: 120, bucket: 0, sibling: 120 }],
    [
      "403 with nothing left",
      { status: 403, remaining: 0, reset: inTenMinutes },
      { here: 600, route: 600, bucket: 0, sibling: 600 },
    ],
    [
      "429 with nothing left",
      { status: 429, remaining: 0, reset: inTenMinutes },
      { here: 600, route: 600, bucket: 0, sibling: 600 },
    ],
    [
      "nothing left, and Retry-After",
      { status: 403, remaining: 0, reset: inTenMinutes, retryAfter: 30 },
      { here: 600, route: 600, bucket: 30, sibling: 600 },
    ],
    ["nothing left, reset unknown", { status: 403, remaining: 0 }, { here: 120, route: 120, bucket: 0, sibling: 120 }],
    ["secondary limit", { status: 403, secondary: true }, { here: 60, route: 60, bucket: 60, sibling: 60 }],
    [
      "secondary limit, short Retry-After",
      { status: 429, secondary: true, retryAfter: 5 },
      { here: 60, route: 60, bucket: 60, sibling: 60 },
    ],
    [
      "secondary limit, long Retry-After",
      { status: 429, secondary: true, retryAfter: 300 },
      { here: 300, route: 300, bucket: 300, sibling: 300 },
    ],
    [
      "secondary limit in a GraphQL 200",
      { status: 200, secondary: true },
      { here: 60, route: 60, bucket: 60, sibling: 60 },
    ],
    ["no usable secret", { status: 0, misconfigured: true }, { here: 120, route: 120, bucket: 120, sibling: 0 }],
  ])("%s", (_, seen, expected) => {
    expect({
      here: barred(seen),
      route: barred(seen, otherRoute),
      bucket: barred(seen, { ...otherBucket, ...otherRoute }),
      sibling: barred(seen, sibling),
    }).toEqual(expected);
    expect(barred(seen, stranger)).toBe(0);
  });

  test("a refusal that arrives after its window was reset bars for a second, not for two minutes", () => {
    const cooldowns = fresh();
    cooldowns.observe(saw("a", { status: 403, remaining: 0, reset: seconds(start) - 5 }), start);
    expect(cooldowns.running(start)).toMatchObject([{ scope: "bucket", cause: "exhausted", until: start + s }]);
  });
  test("a Retry-After of years bars for a day", () => {
    expect(barred({ status: 403, retryAfter: 1e9 })).toBe(86_400);
  });
});

describe("cooldowns only grow", () => {
  test("a success, or a shorter refusal, that arrives late shortens nothing", () => {
    const cooldowns = fresh();
    cooldowns.observe(saw("a", { status: 401, retryAfter: 300 }), start);
    cooldowns.observe(saw("a", { status: 200 }), start + s);
    cooldowns.observe(saw("a", { status: 401, retryAfter: 1 }), start + s);
    expect(cooldowns.barring(use, start + 2 * s)).toMatchObject({ until: start + 300 * s, cause: "unauthorized" });
  });
  test("a longer one extends it and names its cause", () => {
    const cooldowns = fresh();
    cooldowns.observe(saw("a", { status: 401 }), start);
    cooldowns.observe(saw("a", { status: 403, retryAfter: 600 }), start);
    expect(cooldowns.barring(use, start)).toMatchObject({ until: start + 600 * s, cause: "retry_after" });
  });
  test("it ends to the millisecond", () => {
    const cooldowns = fresh();
    cooldowns.observe(saw("a", { status: 401 }), start);
    expect(cooldowns.barring(use, start + 120 * s - 1)).toBeDefined();
    expect(cooldowns.barring(use, start + 120 * s)).toBeUndefined();
  });
});

describe("a secondary limit that is hit again", () => {
  const hit = saw("a", { status: 403, secondary: true });
  const left = (cooldowns: Cooldowns, now: number): number => ((cooldowns.barring(use, now)?.until ?? now) - now) / s;

  test("bars twice as long each time, up to an hour", () => {
    const cooldowns = fresh();
    const waits: number[] = [];
    let now = start;
    for (let turn = 0; turn < 9; turn += 1) {
      cooldowns.observe(hit, now);
      waits.push(left(cooldowns, now));
      now += left(cooldowns, now) * s + 1;
    }
    expect(waits).toEqual([60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]);
  });
  test("counts once for all answers of one burst", () => {
    const cooldowns = fresh();
    for (let at = 0; at < 50; at += 1) cooldowns.observe(hit, start);
    expect(left(cooldowns, start)).toBe(60);
  });
  test("is a first one again after a quiet hour, even when pruned in between", () => {
    const cooldowns = fresh();
    cooldowns.observe(hit, start);
    cooldowns.prune(start + 61 * s);
    cooldowns.observe(hit, start + 61 * s);
    expect(left(cooldowns, start + 61 * s)).toBe(120);
    const later = start + (61 + 120 + 3600) * s;
    cooldowns.prune(later);
    cooldowns.observe(hit, later);
    expect(left(cooldowns, later)).toBe(60);
  });
});

test("every change is written, and a pool woken from it knows the same", () => {
  const rows = new Map<string, Cooldown>();
  const cooldowns = new Cooldowns([], (row) => rows.set(`${row.scope} ${row.subject} ${row.target}`, row));
  cooldowns.observe(saw("a", { status: 403, secondary: true }), start);
  cooldowns.observe(saw("a", { status: 429, bucket: "search" }), start);
  const woken = new Cooldowns([...rows.values()], () => {});
  expect(woken.running(start)).toEqual(cooldowns.running(start));
  expect(woken.running(start)).toHaveLength(3);
});
