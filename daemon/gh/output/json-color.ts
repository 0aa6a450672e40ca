/** JSON on a terminal: indented and coloured as gh's pkg/jsoncolor writes it. */

import { NativeRequired } from "../../reader.ts";
import type { GhRelease } from "../versions.ts";

/** Of brackets, commas and colons: white, for which older versions of gh write a number that is no colour. */
function delimiterColor(gh: GhRelease): string {
  return gh.has("whiteDelimiters") ? "1;37" : "1;38";
}

const keyColor = "1;34"; // bright blue
const nullColor = "36"; // cyan
const stringColor = "32"; // green
const boolColor = "33"; // yellow

const paint = (color: string, text: string) => `\x1b[${color}m${text}\x1b[m`;

/** Colours one JSON text. Rejects with NativeRequired for a text that JSON.parse would change. */
export function colorJson(json: string, indent: string, gh: GhRelease): string {
  const value: unknown = JSON.parse(json, keepsItsForm);
  return `${write(value, { indent, delimiter: delimiterColor(gh) }, 0)}\n`;
}

/** Numbers keep their digits, and keys that look like array indices would lose their place. */
function keepsItsForm(this: unknown, key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const reshaped = typeof value === "number" && context?.source !== String(value);
  if (reshaped) throw new NativeRequired("a number in another form");
  if (!Array.isArray(this) && /^\d+$/.test(key)) throw new NativeRequired("numbers as keys");
  return value;
}

interface Style {
  readonly indent: string;
  readonly delimiter: string;
}

function write(value: unknown, style: Style, depth: number): string {
  if (Array.isArray(value)) {
    return block(
      "[",
      "]",
      value.map((item) => write(item, style, depth + 1)),
      style,
      depth,
    );
  }
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).map(
      ([key, member]) =>
        `${paint(keyColor, quote(key))}${paint(style.delimiter, ":")} ${write(member, style, depth + 1)}`,
    );
    return block("{", "}", members, style, depth);
  }
  if (typeof value === "string") return paint(stringColor, quote(value));
  if (typeof value === "boolean") return paint(boolColor, String(value));
  return value === null ? paint(nullColor, "null") : String(value);
}

function block(open: string, close: string, members: readonly string[], style: Style, depth: number): string {
  const start = paint(style.delimiter, open);
  const end = paint(style.delimiter, close);
  if (members.length === 0) return start + end;
  const inner = `\n${style.indent.repeat(depth + 1)}`;
  return `${start}${inner}${members.join(paint(style.delimiter, ",") + inner)}\n${style.indent.repeat(depth)}${end}`;
}

function quote(text: string): string {
  return JSON.stringify(text).replace(/[\u2028\u2029]/g, (c) => (c === "\u2028" ? "\\u2028" : "\\u2029"));
}
