/** `@csv` and the other formats. */
import { fail, inexact, isArray, isObject, toJsonText, toText, type Value } from "./values.ts";

const htmlEscapes = new Map([
  ["<", "&lt;"],
  [">", "&gt;"],
  ["&", "&amp;"],
  ["'", "&apos;"],
  ['"', "&quot;"],
]);

const tsvEscapes = new Map([
  ["\t", "\\t"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\\", "\\\\"],
]);

const cells = (value: Value, text: (value: string) => string, empty: string) => {
  if (!isArray(value)) return fail();
  return value.map((cell) => {
    if (cell === null) return empty;
    return isArray(cell) || isObject(cell) ? fail() : typeof cell === "string" ? text(cell) : toText(cell);
  });
};

const shell = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

function base64Text(value: Value): string {
  const text = toText(value).replace(/=+$/, "");
  if (!/^[A-Za-z0-9+/]*$/.test(text) || text.length % 4 === 1) return fail();
  const bytes = Buffer.from(text, "base64");
  // Go refuses bits that are left over.
  if (bytes.toString("base64").replace(/=+$/, "") !== text) return inexact("base64 with bits left over");
  const decoded = bytes.toString("utf8");
  return Buffer.from(decoded).equals(bytes) ? decoded : inexact("decoded bytes that are no text");
}

/** Encodes all but plain characters as `%XX`; a space is `+` in some versions. */
const uri = (value: Value): string => {
  const text = toText(value);
  if (text.includes(" ")) return inexact("a space in a URI");
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
};

const formats = new Map<string, (value: Value) => string>([
  ["@text", toText],
  ["@json", toJsonText],
  ["@html", (value) => toText(value).replace(/[<>&'"]/g, (character) => htmlEscapes.get(character) ?? character)],
  ["@uri", uri],
  ["@csv", (value) => cells(value, (text) => `"${text.replaceAll('"', '""')}"`, "").join(",")],
  [
    "@tsv",
    (value) =>
      cells(
        value,
        (text) => text.replace(/[\t\n\r\\]/g, (character) => tsvEscapes.get(character) ?? character),
        "",
      ).join("\t"),
  ],
  ["@sh", (value) => cells(isArray(value) ? value : [value], shell, "null").join(" ")],
  ["@base64", (value) => Buffer.from(toText(value)).toString("base64")],
  ["@base64d", base64Text],
]);

/** Applies a format; native where gh may not know it. */
export function format(name: string, value: Value): string {
  const apply = formats.get(name);
  return apply ? apply(value) : inexact(`the format ${name}`);
}
