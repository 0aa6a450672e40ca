import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { NoTurn, type TurnLimits, Turns } from "../../../daemon/relay/turns.ts";

const never = 3_600_000;
const limits: TurnLimits = { quick: 1, most: 1, slowAfterMs: never, patienceMs: never, longestWaitMs: never };
const { signal } = new AbortController();

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
afterEach(() => void vi.useRealTimers());

/** Expects that a wait for a turn ends without one in this time, and no sooner. */
async function expectNoTurn(turns: Turns, withinMs: number): Promise<void> {
  const ended = vi.fn();
  const refused = expect(turns.take(signal).finally(ended)).rejects.toBeInstanceOf(NoTurn);
  await vi.advanceTimersByTimeAsync(withinMs - 1);
  expect(ended).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  await refused;
}

test("turns are given in the order of coming, and none to callers that went away", async () => {
  const turns = new Turns(limits);
  const gone = new AbortController();
  const first = await turns.take(signal);
  const order: string[] = [];
  const second = turns.take(gone.signal);
  const third = turns.take(signal).then((giveBack) => {
    order.push("third");
    return giveBack;
  });
  gone.abort(new Error("gone"));
  await expect(second).rejects.toThrow("gone");
  first();
  first();
  (await third)();
  const again = await turns.take(signal);
  again();
  expect(order).toEqual(["third"]);
});

test("a turn that takes long makes room for another, up to the bound of all", async () => {
  const turns = new Turns({ ...limits, quick: 1, most: 2, slowAfterMs: 5, patienceMs: 30 });
  const slow = await turns.take(signal);
  // Waits only until the first one has been found slow, which it never gives back meanwhile.
  const waiting = turns.take(signal);
  await vi.advanceTimersByTimeAsync(5);
  const other = await waiting;
  await expectNoTurn(turns, 30);
  slow();
  (await turns.take(signal))();
  other();
});

test("the wait for a turn ends when none is given back, and goes on while others are", async () => {
  const turns = new Turns({ ...limits, patienceMs: 600 });
  let current = await turns.take(signal);
  const waiting = Array.from({ length: 6 }, () => turns.take(signal));
  for (const next of waiting) {
    await vi.advanceTimersByTimeAsync(599);
    current();
    current = await next;
  }
  await expectNoTurn(turns, 600);
});

test("the wait has an end however fast turns are given back", async () => {
  const turns = new Turns({ ...limits, longestWaitMs: 20 });
  const giveBack = await turns.take(signal);
  await expectNoTurn(turns, 20);
  giveBack();
});
