/**
 * Characters whose width is another for later versions of gh, which measure the visible width instead of the sum of
 * characters.
 */
import type { GhRelease } from "../versions.ts";
import { displayWidth, joinedWidth, type Measure } from "./width.ts";

/** Marks, joiners, flags and skin tones. */
const joined = /[\p{M}\p{Cf}\p{RI}\p{Emoji_Modifier}]/u;

/**
 * Hangul letters that join, unassigned characters, and those that are new or became wide in the latest versions of
 * Unicode.
 */
const unknownRanges: readonly (readonly [number, number])[] = [
  [0x897, 0x897],
  [0xcf3, 0xcf3],
  [0x1100, 0x11ff],
  [0x1acf, 0x1aeb],
  [0x10d69, 0x10d6d],
  [0x10efa, 0x10efc],
  [0x113bb, 0x113e2],
  [0x1171e, 0x1171e],
  [0x11b60, 0x11b66],
  [0x11f5a, 0x11f5a],
  [0x1611e, 0x1612f],
  [0x16fe0, 0x16fff],
  [0x187f8, 0x187ff],
  [0x18d00, 0x18dff],
  [0x1d165, 0x1d172],
  [0x1e5ee, 0x1e5ef],
  [0x1e6e3, 0x1e6f5],
  [0x1f6d8, 0x1f6d8],
  [0x1fa8a, 0x1fa8e],
  [0x1fac8, 0x1facd],
  [0x1faea, 0x1faef],
];

function isUnknown(text: string): boolean {
  if (/^[ -~]*$/.test(text)) return false;
  return (
    /\p{Cn}/u.test(text) ||
    [...text].some((character) => {
      const code = character.codePointAt(0) ?? 0;
      return unknownRanges.some(([first, last]) => first <= code && code <= last);
    })
  );
}

/** How this gh measures such texts. Native where its tables are not known. */
export function measureFor(text: string, gh: GhRelease): Measure {
  if (isUnknown(text) && gh.has("joinedCharacters")) gh.native("the width of seldom used characters");
  const measure = joined.test(text) && gh.has("joinedCharacters") ? joinedWidth : displayWidth;
  return (each) => {
    // Later versions take the longest line.
    if (each.includes("\n") && gh.has("joinedCharacters")) gh.native("the width of several lines");
    return measure(each);
  };
}
