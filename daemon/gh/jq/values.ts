/** Values as gojq has them: objects whose members come by sorted key, numbers as doubles. */
import { largestExact } from "./go-number.ts";

export type Value = null | boolean | number | string | readonly Value[] | Fields;
export type Fields = ReadonlyMap<string, Value>;

/** Only the real gh knows the result, so it runs the program. The program itself cannot catch this error. */
export class Inexact extends Error {}

/** An error of the program, which `try` catches. Of gojq's own messages only the existence is known. */
export class JqError extends Error {
  /** The argument of `error(…)`; undefined for an error of gojq itself. */
  readonly value: Value | undefined;

  constructor(value?: Value) {
    super("the jq expression ends in an error");
    this.value = value;
  }
}

export const fail = (): never => {
  throw new JqError();
};

export const inexact = (what: string): never => {
  throw new Inexact(what);
};

export function isObject(value: Value): value is Fields {
  return value instanceof Map;
}

export function isArray(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** A number that doubles and gojq's integers both hold exactly. Integers know no negative zero, doubles do. */
export function exact(value: number): number {
  const fits = Number.isFinite(value) && !Object.is(value, -0) && Math.abs(value) <= largestExact;
  return fits ? value : inexact("a number beyond 2^53");
}

/** Go compares text by its UTF-8 bytes, which is by code point; JavaScript by UTF-16 unit. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  if (!surrogate.test(a) && !surrogate.test(b)) return a < b ? -1 : 1;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

const surrogate = /[\ud800-\udfff]/;

export function sortedKeys(fields: Fields): readonly string[] {
  return [...fields.keys()].sort(compareText);
}

/** From the result of JSON.parse. */
export function fromJson(value: unknown): Value {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "number") return Object.is(value, -0) ? inexact("a negative zero") : value;
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(fromJson);
  return new Map(Object.entries(Object(value)).map(([key, member]) => [key.toWellFormed(), fromJson(member)]));
}

/** The values that the printers accept. */
export function toPlain(value: Value): unknown {
  if (isArray(value)) return value.map(toPlain);
  if (isObject(value)) return Object.fromEntries([...value].map(([key, member]) => [key, toPlain(member)]));
  return value;
}

export function typeOf(value: Value): string {
  if (value === null) return "null";
  if (isArray(value)) return "array";
  return isObject(value) ? "object" : typeof value;
}

/** Everything but `null` and `false`. */
export function isTrue(value: Value): boolean {
  return value !== null && value !== false;
}

const order = ["null", "false", "true", "number", "string", "array", "object"];

function rank(value: Value): number {
  return order.indexOf(typeof value === "boolean" ? String(value) : typeOf(value));
}

/** jq's order of all values. */
export function compare(a: Value, b: Value): number {
  const difference = rank(a) - rank(b);
  if (difference !== 0) return difference;
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "string" && typeof b === "string") return compareText(a, b);
  if (isArray(a) && isArray(b)) return compareLists(a, b);
  if (isObject(a) && isObject(b)) {
    const [left, right] = [sortedKeys(a), sortedKeys(b)];
    return (
      compareLists(left, right) ||
      compareLists(
        left.map((key) => a.get(key) ?? null),
        right.map((key) => b.get(key) ?? null),
      )
    );
  }
  return 0;
}

function compareLists(a: readonly Value[], b: readonly Value[]): number {
  for (const [at, value] of a.entries()) {
    const other = b[at];
    if (other === undefined) return 1;
    const difference = compare(value, other);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

const escaped = new Map([
  ["\b", "\\b"],
  ["\f", "\\f"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
  ['"', '\\"'],
  ["\\", "\\\\"],
  ["\x7f", "\\u007f"],
]);

/** JSON as gojq's own encoder writes it. */
export function toJsonText(value: Value): string {
  if (typeof value === "number") return String(exact(value));
  if (typeof value === "string") return quoted(value);
  if (isArray(value)) return `[${value.map(toJsonText).join(",")}]`;
  if (!isObject(value)) return String(value);
  return `{${sortedKeys(value)
    .map((key) => `${quoted(key)}:${toJsonText(value.get(key) ?? null)}`)
    .join(",")}}`;
}

function quoted(text: string): string {
  return `"${text.replace(/[\u0000-\u001f"\\\u007f]/g, (character) => escaped.get(character) ?? unicodeEscape(character))}"`;
}

const unicodeEscape = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** Text unchanged, every other value as JSON. */
export function toText(value: Value): string {
  return typeof value === "string" ? value : toJsonText(value);
}
