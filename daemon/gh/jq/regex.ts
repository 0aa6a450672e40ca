/** gojq's `match`, and the functions based on it. */
import { type Compiled, translate } from "./regex-syntax.ts";
import { fail, inexact, type Value } from "./values.ts";

/** A group of a match, counted in characters; -1 and null for one without a match. */
interface Capture {
  readonly offset: number;
  readonly length: number;
  readonly string: string | null;
  readonly name: string | null;
}

interface Match {
  readonly offset: number;
  readonly length: number;
  readonly string: string;
  readonly captures: readonly Capture[];
}

/** The matches of an expression in a text: the first, or with `g` among the flags all. */
export function matchesIn(text: Value, pattern: Value, flags: Value): readonly Match[] {
  if (typeof text !== "string" || typeof pattern !== "string") return fail();
  const given = flags === null ? "" : typeof flags === "string" ? flags : fail();
  if (!/^[gi]*$/.test(given)) return inexact(`the flags ${given}`);
  const { regex, names } =
    translate(pattern, given.includes("i")) ?? inexact(`the regular expression ${JSON.stringify(pattern)}`);
  // Go folds these two into ASCII letters; its word boundaries know neither.
  if (regex.ignoreCase && /[\u017f\u212a]/.test(text)) return inexact("letters that fold into ASCII");
  const count = characterCounter(text);
  const found: Match[] = [];
  let end = -1;
  for (const match of text.matchAll(regex)) {
    // Go leaves out an empty match right after another.
    if (match[0] === "" && match.index === end) continue;
    end = match.index + match[0].length;
    found.push({ ...place(match.index, match[0], count), string: match[0], captures: capturesOf(match, names, count) });
    if (!given.includes("g")) break;
  }
  return found;
}

type Counter = (index: number) => number;

function capturesOf(match: RegExpExecArray, names: Compiled["names"], count: Counter): readonly Capture[] {
  return names.map((name, at) => {
    const string: string | undefined = match[at + 1];
    const start = match.indices?.[at + 1]?.[0];
    if (string === undefined || start === undefined) return { offset: -1, length: 0, string: null, name };
    return { ...place(start, string, count), string, name };
  });
}

function place(index: number, text: string, count: Counter): { offset: number; length: number } {
  const offset = count(index);
  return { offset, length: count(index + text.length) - offset };
}

/** How many characters come before an index of the text. */
function characterCounter(text: string): Counter {
  if (!/[\ud800-\udfff]/.test(text)) return (index) => index;
  return (index) => [...text.slice(0, index)].length;
}

/** A match as programs see it. */
export function matchValue({ captures, ...match }: Match): Value {
  return new Map<string, Value>([
    ...Object.entries(match),
    ["captures", captures.map((capture) => new Map<string, Value>(Object.entries(capture)))],
  ]);
}

/** The text between the matches. At empty ones gojq's versions split in different ways. */
export function splitByMatches(text: string, matches: readonly Match[]): readonly string[] {
  if (matches.some(({ length }) => length === 0)) return inexact("a split where nothing stands");
  const characters = [...text];
  const parts: string[] = [];
  let from = 0;
  for (const { offset, length } of matches) {
    parts.push(characters.slice(from, offset).join(""));
    from = offset + length;
  }
  return [...parts, characters.slice(from).join("")];
}
