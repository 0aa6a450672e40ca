/** How wide text is on a terminal, as gh measures it: the sum of its characters, without ANSI sequences. */
import { once } from "../../../shared/once.ts";
import { doubleWidth, zeroWidth } from "./width-table.ts";

/** Starts of the ranges, ascending, with their ends (exclusive). */
interface Ranges {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

function parseRanges(text: string): Ranges {
  const pairs = text.split(" ").map((pair) => pair.split(",").map((number) => Number.parseInt(number, 36)));
  return {
    starts: pairs.map(([start = 0]) => start),
    ends: pairs.map(([start = 0, length = 0]) => start + length),
  };
}

const zero = parseRanges(zeroWidth);
const double = parseRanges(doubleWidth);

function inside({ starts, ends }: Ranges, code: number): boolean {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= code) low = middle + 1;
    else high = middle;
  }
  return low > 0 && code < (ends[low - 1] ?? 0);
}

function characterWidth(code: number): number {
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return 0;
  if (code < 0xa0) return 1;
  if (inside(zero, code)) return 0;
  return inside(double, code) ? 2 : 1;
}

const escapeCode = 0x1b;
const endsSequence = (code: number) => (code >= 0x40 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);

/** How many columns a text takes. */
export type Measure = (text: string) => number;

// Made with the first text that needs it: it loads the tables of all characters (20 ms in a fresh process).
const clusters = once(() => new Intl.Segmenter("en", { granularity: "grapheme" }));
const sequences = /\x1b[^A-Za-z]*[A-Za-z]/g;
/** Shows the character before it as a picture, two columns wide. */
const pictured = "\ufe0f";

/** Of one character, to later versions: a mark takes no room. */
const laterWidth: Measure = (character) =>
  /[\p{Mn}\p{Me}]/u.test(character) ? 0 : characterWidth(character.codePointAt(0) ?? 0);

/** Columns that a text takes to later versions: joined characters are as wide as the first of them. */
export const joinedWidth: Measure = (text) => {
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = 0;
  for (const { segment } of clusters().segment(text.replace(sequences, ""))) {
    const [first = ""] = segment;
    const isPicture = segment.startsWith(pictured, first.length);
    if (isPicture || /\p{RI}/u.test(first)) width += 2;
    else if (!/\p{Cf}/u.test(first)) width += laterWidth(first);
  }
  return width;
};

/** Columns that a text takes, as the sum of its characters. */
export function displayWidth(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = 0;
  let sequence = false;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code === escapeCode) sequence = true;
    else if (sequence) sequence = !endsSequence(code);
    else width += characterWidth(code);
  }
  return width;
}

const oneWidth: Measure = (character) => characterWidth(character.codePointAt(0) ?? 0);

const ellipsis = "...";

/** Shortens a text to at most `columns`; with room for it, an ellipsis marks the cut (go-gh's text.Truncate). */
export function truncate(columns: number, text: string, measure: Measure = displayWidth): string {
  if (measure(text) <= columns) return text;
  const tail = columns >= ellipsis.length + 2 ? ellipsis : "";
  const cut = cutAt(columns - tail.length, text, tail, measure === joinedWidth ? laterWidth : oneWidth);
  return measure(cut) < columns ? `${cut} ` : cut;
}

/** Escape sequences take no room; a colour that the cut leaves on is ended after the tail (muesli/reflow's truncate). */
function cutAt(room: number, text: string, tail: string, widthOf: Measure): string {
  let kept = "";
  let width = 0;
  let sequence: string | undefined;
  let colored = false;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code === escapeCode || sequence !== undefined) {
      sequence = code === escapeCode ? (sequence ?? "") + character : sequence + character;
      if (code !== escapeCode && endsSequence(code)) {
        if (character === "m") colored = !sequence.endsWith("[0m");
        kept += sequence;
        sequence = undefined;
      }
      continue;
    }
    width += widthOf(character);
    if (width > room) return kept + tail + (colored ? "\x1b[0m" : "");
    kept += character;
  }
  return kept;
}

/** Spaces added on the right up to a width. */
export function padRight(columns: number, text: string, measure: Measure = displayWidth): string {
  return text + " ".repeat(Math.max(0, columns - measure(text)));
}

/** `1 minute`, `2 minutes`. */
export function pluralize(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}
