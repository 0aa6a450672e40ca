/** gojq's functions of values. gh runs functions whose results differ between its versions. */
import { operate, splitText } from "./arithmetic.ts";
import { brokenDown, epochSeconds, formatted, parsed } from "./dates.ts";
import { deletePaths, positionsIn, setPath } from "./indexing.ts";
import { matchesIn, matchValue, splitByMatches } from "./regex.ts";
import {
  compare,
  exact,
  fail,
  fromJson,
  inexact,
  isArray,
  isObject,
  isTrue,
  sortedKeys,
  toJsonText,
  toText,
  typeOf,
  type Value,
} from "./values.ts";

type Native = (input: Value, ...args: Value[]) => Value;

const text = (value: Value | undefined): string => (typeof value === "string" ? value : fail());
const list = (value: Value | undefined): readonly Value[] => (value !== undefined && isArray(value) ? value : fail());
const number = (value: Value | undefined): number => (typeof value === "number" ? value : fail());

/** Of a list, or of an object by sorted key. */
const members = (value: Value): readonly Value[] => {
  if (isArray(value)) return value;
  return isObject(value) ? sortedKeys(value).map((key) => value.get(key) ?? null) : fail();
};

const ofNumber =
  (compute: (value: number) => number): Native =>
  (input) =>
    exact(compute(number(input)));

/** Half away from zero. */
const round = (value: number) => Math.sign(value) * Math.round(Math.abs(value)) + 0;

const length: Native = (input) => {
  if (input === null) return 0;
  if (typeof input === "number") return exact(Math.abs(input));
  if (typeof input === "string") return [...input].length;
  return isArray(input) ? input.length : isObject(input) ? input.size : fail();
};

const keys: Native = (input) => (isArray(input) ? [...input.keys()] : isObject(input) ? sortedKeys(input) : fail());

const has: Native = (input, key = null) => {
  if (isObject(input) && typeof key === "string") return input.has(key);
  return isArray(input) && typeof key === "number" ? key >= 0 && Math.trunc(key) < input.length : fail();
};

function contains(value: Value, part: Value): boolean {
  if (isObject(value) && isObject(part)) {
    return [...part].every(([key, member]) => value.has(key) && contains(value.get(key) ?? null, member));
  }
  if (isArray(value) && isArray(part)) return part.every((item) => value.some((other) => contains(other, item)));
  if (typeof value === "string" && typeof part === "string") return value.includes(part);
  if (typeof value === "number" && typeof part === "number") return value === part;
  return value === part || fail();
}

const plainNumber = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,10})?$/;

const toNumber: Native = (input) => {
  if (typeof input === "number") return input;
  const written = text(input);
  if (plainNumber.test(written)) return exact(Number(written));
  // Text without digits is no number, except the words for infinity and not-a-number.
  return /^[^\dnNiI]+$/.test(written)
    ? fail()
    : /^[^\d.+\-\snNiI]/.test(written)
      ? fail()
      : inexact("an unusual number");
};

const parseJson: Native = (input) => {
  const source = text(input);
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    return /nan|infinity/i.test(source) || source.trim() === "" ? inexact("JSON with words for no number") : fail();
  }
  return fromJson(value);
};

const changeCase =
  (from: RegExp, change: (letter: string) => string): Native =>
  (input) =>
    text(input).replace(from, change);

const implode: Native = (input) =>
  list(input)
    .map((code) => {
      const point = number(code);
      const valid = Number.isInteger(point) && point >= 0 && point <= 0x10ffff && !(point >= 0xd800 && point < 0xe000);
      return valid ? String.fromCodePoint(point) : inexact("a code point that is none");
    })
    .join("");

/** Of something else than text gojq's versions give it back or fail. */
const trimmed =
  (fits: (input: string, part: string) => boolean, cut: (input: string, part: string) => string): Native =>
  (input, part = null) => {
    if (typeof input !== "string" || typeof part !== "string") return inexact("ltrimstr or rtrimstr of no text");
    return fits(input, part) ? cut(input, part) : input;
  };

const join: Native = (input, separator = null) => {
  if (typeof separator !== "string") return inexact("join by something else than text");
  const shown = (item: Value) => (item === null ? "" : isArray(item) || isObject(item) ? fail() : toText(item));
  return members(input).map(shown).join(separator);
};

function flatten(items: readonly Value[], depth: number): readonly Value[] {
  return items.flatMap((item) => (isArray(item) && depth > 0 ? flatten(item, depth - 1) : [item]));
}

const flattened: Native = (input, depth = Number.POSITIVE_INFINITY) => {
  return number(depth) < 0 ? fail() : flatten(members(input), number(depth));
};

/** The position of one text in another, counted in characters. */
function positionsOf(whole: string, part: string): Value {
  if (part === "") return null;
  const found: number[] = [];
  for (let at = whole.indexOf(part); at >= 0; at = whole.indexOf(part, at + 1)) {
    // Half of a character is not one.
    if (!/^[\udc00-\udfff]/.test(part)) found.push([...whole.slice(0, at)].length);
  }
  return found;
}

const indices: Native = (input, wanted = null) => {
  if (input === null) return null;
  if (typeof input === "string" && typeof wanted === "string") return positionsOf(input, wanted);
  return isArray(input) ? positionsIn(input, isArray(wanted) ? wanted : [wanted]) : inexact("indices of no list");
};

const oneOfIndices =
  (at: number): Native =>
  (input, wanted = null) => {
    const found = indices(input, wanted);
    return found !== null && isArray(found) ? (found.at(at) ?? null) : null;
  };

const sum: Native = (input) => {
  return members(input).reduce((total, item) => operate("+", total, item), null);
};

interface Keyed {
  readonly item: Value;
  readonly key: Value;
}

const keyed = (input: Value, by: Value): readonly Keyed[] => {
  const names = list(by);
  return list(input).map((item, at) => ({ item, key: names[at] ?? null }));
};

const sortedBy = (input: Value, by: Value) => keyed(input, by).toSorted((a, b) => compare(a.key, b.key));

const groups = (input: Value, by: Value): readonly (readonly Keyed[])[] => {
  const found: Keyed[][] = [];
  for (const each of sortedBy(input, by)) {
    const last = found.at(-1);
    const before = last?.[0];
    if (last && before && compare(before.key, each.key) === 0) last.push(each);
    else found.push([each]);
  }
  return found;
};

/** The first of the least, the last of the greatest. */
const extreme =
  (sign: 1 | -1): ((input: Value, by: Value) => Value) =>
  (input, by) => {
    let best: Keyed | undefined;
    for (const each of keyed(input, by)) {
      const difference = best ? compare(each.key, best.key) * sign : 1;
      if (difference > 0 || (difference === 0 && sign === 1)) best = each;
    }
    return best?.item ?? null;
  };

const items = (each: readonly Keyed[]) => each.map(({ item }) => item);

const toEntries: Native = (input) => {
  if (isArray(input)) return input.map((value, key) => entry(key, value));
  if (!isObject(input)) return fail();
  return sortedKeys(input).map((key) => entry(key, input.get(key) ?? null));
};

const entry = (key: Value, value: Value): Value =>
  new Map([
    ["key", key],
    ["value", value],
  ]);

/** `key` or `name`, and `value`; the other spellings, and keys that are no text, are read in different ways. */
const fromEntries: Native = (input) =>
  new Map(
    list(input).map((entry) => {
      if (!isObject(entry)) return fail();
      const key = [entry.get("key"), entry.get("name")].find((name) => name !== undefined && isTrue(name));
      const value = entry.get("value");
      if (typeof key !== "string" || value === undefined) return inexact("unusual entries");
      return [key, value] as const;
    }),
  );

const transpose: Native = (input) => {
  const rows = list(input).map(list);
  const width = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: width }, (_, at) => rows.map((row) => row[at] ?? null));
};

const power: Native = (input, base = null, exponent = null) => {
  void input;
  const result = number(base) ** number(exponent);
  return Number.isSafeInteger(result) ? exact(result) : inexact("a power that is no whole number");
};

export const natives: ReadonlyMap<string, Native> = new Map<string, Native>([
  ["length/0", length],
  ["utf8bytelength/0", (input) => Buffer.byteLength(text(input))],
  ["keys/0", keys],
  ["has/1", has],
  ["contains/1", (input, part = null) => contains(input, part)],
  ["type/0", (input) => typeOf(input)],
  ["tostring/0", (input) => toText(input)],
  ["tonumber/0", toNumber],
  ["tojson/0", (input) => toJsonText(input)],
  ["fromjson/0", parseJson],
  ["ascii_downcase/0", changeCase(/[A-Z]/g, (letter) => letter.toLowerCase())],
  ["ascii_upcase/0", changeCase(/[a-z]/g, (letter) => letter.toUpperCase())],
  ["explode/0", (input) => [...text(input)].map((character) => character.codePointAt(0) ?? 0)],
  ["implode/0", implode],
  ["startswith/1", (input, part) => text(input).startsWith(text(part))],
  ["endswith/1", (input, part) => text(input).endsWith(text(part))],
  [
    "ltrimstr/1",
    trimmed(
      (input, part) => input.startsWith(part),
      (input, part) => input.slice(part.length),
    ),
  ],
  [
    "rtrimstr/1",
    trimmed(
      (input, part) => input.endsWith(part),
      (input, part) => input.slice(0, input.length - part.length),
    ),
  ],
  ["split/1", (input, separator) => splitText(text(input), text(separator))],
  [
    "split/2",
    (input, pattern = null, flags = null) =>
      splitByMatches(text(input), matchesIn(input, pattern, `g${flags === null ? "" : text(flags)}`)),
  ],
  ["join/1", join],
  ["flatten/0", (input) => flattened(input)],
  ["flatten/1", flattened],
  ["indices/1", indices],
  ["index/1", oneOfIndices(0)],
  ["rindex/1", oneOfIndices(-1)],
  ["reverse/0", (input) => (isArray(input) ? input.toReversed() : inexact("reverse of something else than a list"))],
  ["add/0", sum],
  ["floor/0", ofNumber((value) => Math.floor(value) + 0)],
  ["ceil/0", ofNumber((value) => Math.ceil(value) + 0)],
  ["round/0", ofNumber(round)],
  ["fabs/0", ofNumber(Math.abs)],
  ["sqrt/0", ofNumber(Math.sqrt)],
  ["pow/2", power],
  ["sort/0", (input) => items(sortedBy(input, input))],
  ["min/0", (input) => extreme(-1)(input, input)],
  ["max/0", (input) => extreme(1)(input, input)],
  ["unique/0", (input) => groups(input, input).flatMap((group) => items(group.slice(0, 1)))],
  ["_sort_by/1", (input, by = null) => items(sortedBy(input, by))],
  ["_group_by/1", (input, by = null) => groups(input, by).map(items)],
  ["_unique_by/1", (input, by = null) => groups(input, by).flatMap((group) => items(group.slice(0, 1)))],
  ["_min_by/1", (input, by = null) => extreme(-1)(input, by)],
  ["_max_by/1", (input, by = null) => extreme(1)(input, by)],
  ["to_entries/0", toEntries],
  ["from_entries/0", fromEntries],
  ["transpose/0", transpose],
  ["setpath/2", (input, path, value = null) => setPath(input, list(path), value)],
  ["delpaths/1", (input, paths) => deletePaths(input, list(paths).map(list))],
  ["_matches/2", (input, pattern = null, flags = null) => matchesIn(input, pattern, flags).map(matchValue)],
  ["mktime/0", (input) => epochSeconds(input)],
  ["gmtime/0", (input) => brokenDown(input)],
  ["strptime/1", (input, layout = null) => parsed(input, layout)],
  ["strftime/1", (input, layout = null) => formatted(input, layout)],
]);
