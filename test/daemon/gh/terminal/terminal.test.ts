import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ansiColor, colorScheme, colorSupport } from "../../../../daemon/gh/terminal/colors.ts";
import { type Row, renderColumns, renderTsv } from "../../../../daemon/gh/terminal/table.ts";
import { goDuration, relativeTime, timeAgo } from "../../../../daemon/gh/terminal/times.ts";
import { displayWidth, padRight, truncate } from "../../../../daemon/gh/terminal/width.ts";
import { GhRelease } from "../../../../daemon/gh/versions.ts";

describe("text width", () => {
  test.each([
    ["plain", 5],
    ["", 0],
    ["héllo", 5],
    ["e\u0301", 1],
    ["日本", 4],
    ["👍", 2],
    ["👨‍👩‍👧", 6],
    ["ﾊ", 1],
    ["a\tb\n", 2],
    ["\x1b[0;31mred\x1b[0m", 3],
    ["\u200b", 0],
  ])("%j takes %i columns", (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  test.each([
    [5, "hello", "hello"],
    [5, "hello world", "he..."],
    [4, "hello", "hell"],
    [0, "hello", ""],
    [7, "日本語テキスト", "日本..."],
    [6, "日本語テキスト", "日... "],
    [3, "日本語", "日 "],
  ])("in %i columns %j is %j", (columns, text, shown) => {
    expect(truncate(columns, text)).toBe(shown);
  });

  test("a shortened text fits, and one that fits is left alone", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.nat(40), (text, columns) => {
        const shown = truncate(columns, text);
        expect(displayWidth(shown)).toBeLessThanOrEqual(columns);
        if (displayWidth(text) <= columns) expect(shown).toBe(text);
        expect(displayWidth(padRight(columns, shown))).toBe(columns);
      }),
    );
  });
});

describe("times", () => {
  const minute = 60_000;
  const hour = 60 * minute;
  const day = 24 * hour;
  test.each([
    [59_999, "less than a minute ago", "just now"],
    [minute, "about 1 minute ago", "1 minute ago"],
    [2 * hour, "about 2 hours ago", "2 hours ago"],
    [day, "about 1 day ago", "1 day ago"],
    [30 * day, "about 1 month ago", "1 month ago"],
    [364 * day, "about 12 months ago", "12 months ago"],
    [365 * day, "about 1 year ago", "1 year ago"],
    [-day, "less than a minute ago", "just now"],
  ])("%i ms", (age, long, short) => {
    expect(relativeTime(age, 0)).toBe(long);
    expect(timeAgo(age)).toBe(short);
  });

  test.each([
    [0, "0s"],
    [65_000, "1m5s"],
    [3_600_000, "1h0m0s"],
    [-1_500, "-1.5s"],
    [250, "250ms"],
    [0.5, "500µs"],
    [90_061_001, "25h1m1.001s"],
  ])("a duration of %d ms is %s", (milliseconds, text) => {
    expect(goDuration(milliseconds)).toBe(text);
  });
});

describe("tables", () => {
  const rows = (...lines: readonly (readonly string[])[]): Row[] => lines.map((line) => line.map((text) => ({ text })));

  test("away from a terminal cells are separated by tabs and left whole", () => {
    expect(renderTsv(rows(["a", "", "long text"], ["b", "c", "d"]))).toBe("a\t\tlong text\nb\tc\td\n");
  });

  test("columns line up, and the last is not padded", () => {
    expect(renderColumns(rows(["a", "bb"], ["日本", "c"]), 80)).toBe("a     bb\n日本  c\n");
  });

  test("a long cell is shortened to the space that the others leave", () => {
    expect(renderColumns(rows(["short", "a very long title indeed", "x"]), 24)).toBe("short  a very long...  x\n");
  });

  test("a cell that may not be shortened keeps its width", () => {
    const row: Row = [{ text: "an-untouchable-name", truncate: null }, { text: "some long text" }];
    expect(renderColumns([row], 30)).toBe("an-untouchable-name  some l...\n");
  });

  test("colours come after the padding", () => {
    const row: Row = [{ text: "a", color: (text) => `<${text}>` }, { text: "b" }];
    expect(renderColumns([row, [{ text: "ccc" }, { text: "d" }]], 80)).toBe("<a  >  b\nccc  d\n");
  });

  test("no line is wider than the terminal", () => {
    const cell = fc.string({ unit: "grapheme-ascii", maxLength: 40 });
    const table = fc
      .integer({ min: 1, max: 5 })
      .chain((columns) =>
        fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 5 }),
      );
    fc.assert(
      fc.property(table, fc.integer({ min: 40, max: 120 }), (lines, width) => {
        for (const line of renderColumns(rows(...lines), width).split("\n")) {
          expect(displayWidth(line)).toBeLessThanOrEqual(width);
        }
      }),
    );
  });
});

describe("colours", () => {
  const old = new GhRelease("2.46.0");

  test("styles are written as mgutz/ansi writes them", () => {
    expect(ansiColor("x", "red")).toBe("\x1b[0;31mx\x1b[0m");
    expect(ansiColor("x", "default+b")).toBe("\x1b[0;1;39mx\x1b[0m");
    expect(ansiColor("x", "208")).toBe("\x1b[0;38;5;208mx\x1b[0m");
    expect(ansiColor("x", "")).toBe("x");
  });

  test("without colours every paint leaves the text alone", () => {
    const colors = colorScheme(colorSupport(false, { TERM: "xterm-256color", COLORTERM: "truecolor" }), old);
    const { hex, ...paints } = colors;
    expect(Object.values(paints).map((paint) => paint("x"))).toEqual(Object.values(paints).map(() => "x"));
    expect(hex("ff0000", "x")).toBe("x");
  });

  test("a grey text ends as that gh ends it, and is native where it is not certain which", () => {
    const support = colorSupport(true, { TERM: "xterm-256color" });
    expect(colorScheme(support, new GhRelease("2.103.3")).gray("x")).toBe("\x1b[38;5;242mx\x1b[0m");
    expect(() => colorScheme(support, new GhRelease("2.80.0")).gray("x")).toThrow("the end of a grey text");
    expect(() => colorScheme(support, new GhRelease(undefined)).gray("x")).toThrow("not certain");
  });

  test("grey is a real grey where the terminal has 256 colours", () => {
    expect(colorScheme(colorSupport(true, { TERM: "xterm-256color" }), old).gray("x")).toBe("\x1b[38;5;242mx\x1b[m");
    expect(colorScheme(colorSupport(true, { TERM: "xterm" }), old).gray("x")).toBe("\x1b[0;90mx\x1b[0m");
  });
});
