import { expect, test } from "vitest";
import { maxAgeSeconds } from "../../shared/cache-control.ts";

test.each<[string | undefined, number | undefined]>([
  [undefined, undefined],
  ["", undefined],
  ["public", undefined],
  ["max-stale", undefined],
  ["max-agent=5", undefined],
  ["max-age=5", 5],
  ["MAX-AGE=5", 5],
  ['max-age="5"', 5],
  ["max-age = 5", 5],
  ["private, max-age=5", 5],
  ["max-age=9, max-age=5", 5],
  ["max-age=999999999", 999_999_999],
  ["no-cache", 0],
  ["no-store", 0],
  ["max-age=5, no-cache", 0],
])("%s bounds the age to %s s", (header, seconds) => {
  expect(maxAgeSeconds(header)).toBe(seconds);
});

test.each(["max-age", "max-age=", "max-age=soon", "max-age=-1", "max-age=1.5", 'max-age="5', "max-age=9999999999"])(
  "%s is no number: GitHub is asked",
  (header) => {
    expect(maxAgeSeconds(header)).toBe(0);
  },
);
