/** Results as gh prints them: scalars raw, objects and arrays as Go's json.Marshal writes them, keys sorted. */
import { scalarNumber } from "./go-number.ts";
import { compareText, exact } from "./values.ts";

export interface PrintStyle {
  /** On a terminal gh indents objects and arrays. */
  readonly indent: string;
  readonly color: boolean;
}

/** The lines for one result. */
export function printResult(value: unknown, style: PrintStyle): string {
  if (value === null) return "\n";
  if (typeof value === "string") return `${value}\n`;
  if (typeof value === "boolean") return `${value}\n`;
  if (typeof value === "number") return `${scalarNumber(exact(value))}\n`;
  return `${write(value, style, 0)}\n`;
}

const paint = (style: PrintStyle, color: string, text: string) => (style.color ? `\x1b[${color}m${text}\x1b[m` : text);
const delimiter = "1;38";

function write(value: unknown, style: PrintStyle, depth: number): string {
  if (value === null) return paint(style, "36", "null");
  if (typeof value === "string") return paint(style, "32", quote(value, !style.color));
  if (typeof value === "boolean") return paint(style, "33", String(value));
  if (typeof value === "number") return String(exact(value));
  if (Array.isArray(value)) {
    return block(
      "[",
      "]",
      value.map((item) => write(item, style, depth + 1)),
      style,
      depth,
    );
  }
  const members = Object.entries(Object(value))
    .sort(([a], [b]) => compareText(a, b))
    .map(([key, member]) => {
      const colon = paint(style, delimiter, ":") + (broken(style) ? " " : "");
      return paint(style, "1;34", quote(key, !style.color)) + colon + write(member, style, depth + 1);
    });
  return block("{", "}", members, style, depth);
}

/** The writer in colour breaks lines with any indentation. */
const broken = (style: PrintStyle) => style.color || style.indent !== "";

function block(open: string, close: string, members: readonly string[], style: PrintStyle, depth: number): string {
  const start = paint(style, delimiter, open);
  const end = paint(style, delimiter, close);
  if (members.length === 0) return start + end;
  const comma = paint(style, delimiter, ",");
  if (!broken(style)) return start + members.join(comma) + end;
  const inner = `\n${style.indent.repeat(depth + 1)}`;
  return `${start}${inner}${members.join(comma + inner)}\n${style.indent.repeat(depth)}${end}`;
}

const escapes = new Map([
  ["<", "\\u003c"],
  [">", "\\u003e"],
  ["&", "\\u0026"],
  ["\u2028", "\\u2028"],
  ["\u2029", "\\u2029"],
]);

/** A JSON string as Go writes it; with `html`, `<`, `>` and `&` are escaped. */
function quote(text: string, html: boolean): string {
  const pattern = html ? /[<>&\u2028\u2029]/g : /[\u2028\u2029]/g;
  return JSON.stringify(text.toWellFormed()).replace(pattern, (character) => escapes.get(character) ?? character);
}
