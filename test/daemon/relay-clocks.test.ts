/** How far a relay's clock is ahead, from its answers. */
import { expect, test } from "vitest";
import { RelayClocks } from "../../daemon/cache/relay-clocks.ts";
import type { RelayAnswer } from "../../daemon/relay/client.ts";

/** Requests that take a while there and back; the relay is so much ahead. */
function setUp() {
  let time = 1_000_000;
  const clocks = new RelayClocks(() => time);
  const answered = (ahead: number, there: number, back: number, events = true) => {
    const began = time;
    time += there;
    const relayNow = time + ahead;
    time += back;
    const relay = { answered_at: "x", ...(events && { events: true }) };
    clocks.heard("1", { head: { relay }, relayNow } as Pick<RelayAnswer, "head" | "relayNow">, began);
    return clocks.ahead("1");
  };
  const pass = (ms: number) => {
    time += ms;
  };
  return { clocks, answered, pass };
}

test("it is never taken for less than it is: the quickest way there is the best measure", () => {
  const { answered } = setUp();
  expect(answered(5_000, 300, 20)).toBe(5_300);
  expect(answered(5_000, 10, 400)).toBe(5_010);
  expect(answered(5_000, 100, 1)).toBe(5_010);
});

test("a clock that was set is noticed by the next answer", () => {
  const { answered } = setUp();
  expect(answered(5_000, 10, 10)).toBe(5_010);
  expect(answered(9_000, 50, 10)).toBe(9_050);
  expect(answered(-2_000, 20, 10)).toBe(-1_980);
});

test("a clock difference that was found ten minutes ago, or at another relay, does not count", () => {
  const { clocks, answered, pass } = setUp();
  expect(clocks.ahead("1")).toBeUndefined();
  answered(5_000, 10, 10);
  expect(clocks.ahead("2")).toBeUndefined();
  pass(600_000);
  expect(clocks.ahead("1")).toBeUndefined();
});

test("a relay that tells of no events may not know of moments", () => {
  expect(setUp().answered(5_000, 10, 10, false)).toBeUndefined();
});
