import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Health, pick, refusal, Shares } from "../../../relay-worker/coordinator/selection.ts";
import { candidate, start } from "./support.ts";

function health(id: string, more: Partial<Health> & { weight?: number } = {}): Health {
  const { weight = 1, ...rest } = more;
  return {
    candidate: candidate(id, { weight }),
    spendable: 5000,
    depletedUntil: 0,
    coolingUntil: 0,
    exhausted: false,
    misconfigured: false,
    ...rest,
  };
}
const cooling = { coolingUntil: start + 60_000 };
const depleted = { spendable: 0, depletedUntil: start + 90_000 };
const first = { retry: false };

/** How often each identity is picked in `turns` turns. */
function tally(healths: readonly Health[], turns: number): Record<string, number> {
  const shares = new Shares();
  const counts: Record<string, number> = {};
  for (let turn = 0; turn < turns; turn += 1) {
    const id = pick(healths, first, shares)?.identityId ?? "none";
    counts[id] = (counts[id] ?? 0) + 1;
  }
  return counts;
}

describe("the identity that is picked", () => {
  test("has the most left", () => {
    const healths = [health("a", { spendable: 10 }), health("b", { spendable: 4000 })];
    expect(pick(healths, first, new Shares())).toEqual({ identityId: "b", reason: "highest_remaining" });
  });
  test("the holder of the lease comes before the one whose ETag is held, that one before all others", () => {
    const healths = [health("a"), health("b"), health("c")];
    const wish = { holder: "b", preferred: "c", retry: false };
    expect(pick(healths, wish, new Shares())).toEqual({ identityId: "b", reason: "sticky" });
    expect(pick(healths, { ...wish, holder: undefined }, new Shares())).toEqual({ identityId: "c", reason: "sticky" });
  });
  test.each([
    ["cooling", cooling],
    ["out of budget", depleted],
  ])("a lease or an ETag does not help an identity that is %s", (_, state) => {
    const healths = [health("a", state), health("b")];
    const wish = { holder: "a", preferred: "a", retry: false };
    expect(pick(healths, wish, new Shares())).toEqual({ identityId: "b", reason: "highest_remaining" });
  });
  test("after a failed try the reason is fallback", () => {
    expect(pick([health("a")], { retry: true }, new Shares())?.reason).toBe("fallback");
  });
  test("is none when all are cooling or out of budget", () => {
    expect(pick([health("a", cooling), health("b", depleted)], first, new Shares())).toBeUndefined();
  });
});

describe("weights are real shares", () => {
  test("three to one is 300 of 400", () => {
    expect(tally([health("a", { weight: 3 }), health("b")], 400)).toEqual({ a: 300, b: 100 });
  });
  test("turns are mixed, not in blocks", () => {
    const shares = new Shares();
    const healths = [health("a", { weight: 3 }), health("b")];
    const order = Array.from({ length: 8 }, () => pick(healths, first, shares)?.identityId).join("");
    expect(order).toBe("aabaaaba");
  });
  test("no identity is ever a whole turn away from its share, for any weights", () => {
    const weights = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 500 }), (all, turns) => {
        const total = all.reduce((sum, weight) => sum + weight, 0);
        const counts = tally(
          all.map((weight, at) => health(`i${at}`, { weight })),
          turns,
        );
        for (const [at, weight] of all.entries()) {
          const due = (turns * weight) / total;
          expect(Math.abs((counts[`i${at}`] ?? 0) - due)).toBeLessThan(all.length);
          if (turns === total) expect(counts[`i${at}`]).toBe(weight);
        }
      }),
    );
  });
  test("an identity that its owner uses elsewhere is spared in proportion", () => {
    expect(tally([health("a", { spendable: 1000 }), health("b", { spendable: 3000 })], 400)).toEqual({
      a: 100,
      b: 300,
    });
  });
  test("weight 0 serves only when no other can", () => {
    expect(tally([health("a", { weight: 0 }), health("b")], 50)).toEqual({ b: 50 });
    expect(tally([health("a", { weight: 0 }), health("b", cooling)], 50)).toEqual({ a: 50 });
  });
});

describe("why no identity is picked", () => {
  test("no candidates at all", () => {
    expect(refusal([])).toEqual({ reason: "no_identity", retryAt: null });
  });
  test("all out of budget: depleted, until the first window ends", () => {
    const later = { ...depleted, depletedUntil: start + 500_000 };
    expect(refusal([health("a", later), health("b", depleted)])).toEqual({
      reason: "identity_pool_depleted",
      retryAt: start + 90_000,
    });
  });
  test("a cooldown for an exhausted budget is depletion too", () => {
    const spent = { ...cooling, exhausted: true };
    expect(refusal([health("a", spent), health("b", depleted)]).reason).toBe("identity_pool_depleted");
  });
  test("one that only cools down: cooling, until it may be used again", () => {
    expect(refusal([health("a", cooling), health("b", depleted)])).toEqual({
      reason: "identities_cooling_down",
      retryAt: start + 60_000,
    });
  });
  test("every secret missing or broken: said, for no fallback hides that; one that is not stands for the others", () => {
    const broken = { ...cooling, misconfigured: true };
    expect(refusal([health("a", broken), health("b", broken)])).toMatchObject({ misconfigured: true });
    expect(refusal([health("a", broken), health("b", cooling)])).not.toHaveProperty("misconfigured");
  });
  test("cooling and out of budget: both must pass", () => {
    expect(refusal([health("a", { ...cooling, ...depleted })]).retryAt).toBe(start + 90_000);
  });
  test("a budget that is all reserved, its window unknown: no promise when", () => {
    expect(refusal([health("a", { spendable: 0, depletedUntil: Number.POSITIVE_INFINITY })]).retryAt).toBeNull();
  });
});
