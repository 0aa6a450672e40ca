import { expect, test } from "vitest";
import { NoTurn, type TurnLimits, Turns } from "../../../daemon/relay/turns.ts";

const never = 3_600_000;
const limits: TurnLimits = { quick: 1, most: 1, slowAfterMs: never, patienceMs: never, longestWaitMs: never };
const { signal } = new AbortController();

test("turns are given in the order of coming, and none to those who went away", async () => {
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
  const other = await turns.take(signal);
  await expect(turns.take(signal)).rejects.toBeInstanceOf(NoTurn);
  slow();
  (await turns.take(signal))();
  other();
});

test("the wait for a turn ends when none is given back, and goes on while others are", async () => {
  const turns = new Turns({ ...limits, patienceMs: 600 });
  let current = await turns.take(signal);
  const waiting = Array.from({ length: 6 }, () => turns.take(signal));
  for (const next of waiting) {
    await new Promise((resolve) => setTimeout(resolve, 150));
    current();
    current = await next;
  }
  await expect(turns.take(signal)).rejects.toBeInstanceOf(NoTurn);
});

test("the wait has an end however fast turns are given back", async () => {
  const turns = new Turns({ ...limits, longestWaitMs: 20 });
  const giveBack = await turns.take(signal);
  await expect(turns.take(signal)).rejects.toBeInstanceOf(NoTurn);
  giveBack();
});
