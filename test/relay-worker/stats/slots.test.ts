import { expect, test } from "vitest";
import { slotSeconds, slotStarts } from "../../../relay-worker/stats/slots.ts";
import { refreshSeconds } from "../../../shared/dashboard.ts";

const hour = 3600;
const day = 24 * hour;

test.each([
  [30 * 60, 60],
  [hour, 120],
  [4 * hour, 600],
  [5 * hour, hour],
  [day, hour],
  [2 * day, 3 * hour],
  [7 * day, 6 * hour],
  [30 * day, day],
])("a window of %i s has slots of %i s", (window, length) => {
  expect(slotSeconds(window)).toBe(length);
});

test("slots begin at round times, are at most 48, and hold the whole window", () => {
  const until = Date.parse("2026-03-01T12:34:56.789Z");
  for (let minutes = 1; minutes <= 30 * 24 * 60; minutes += 7) {
    const [window, slotMs] = [minutes * 60_000, slotSeconds(minutes * 60) * 1000];
    const starts = slotStarts(until - window, until, slotMs);
    expect(starts.length, `${minutes} minutes`).toBeLessThanOrEqual(48);
    expect(starts.every((start) => start % slotMs === 0 && (24 * hour * 1000) % slotMs === 0)).toBe(true);
    expect(starts[0]).toBeLessThanOrEqual(until - window);
    expect((starts.at(-1) ?? 0) + slotMs).toBeGreaterThan(until);
  }
});

test.each([
  [60, 10],
  [hour, 10],
  [hour + 1, 30],
  [day, 30],
  [7 * day, 120],
  [30 * day, 600],
])("a page of a window of %i s asks again every %i s", (window, every) => {
  expect(refreshSeconds(window)).toBe(every);
});
