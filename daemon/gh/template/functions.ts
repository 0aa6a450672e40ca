/** The functions of Go's text/template, except those that only its own types need. */
import { printValue, sprint, sprintf, sprintln } from "./format.ts";
import { native } from "./unsupported.ts";
import { Int, isList, isMap, isTrue, type TemplateValue } from "./values.ts";

export type TemplateFunction = (...args: readonly TemplateValue[]) => TemplateValue;

/** Those whose arguments are evaluated only as far as needed are `and` and `or`, in evaluate.ts. */
export const standardFunctions: Readonly<Record<string, TemplateFunction>> = {
  not: (value) => !isTrue(value),
  len: length,
  index,
  slice,
  print: (...values) => sprint(values),
  println: (...values) => sprintln(values),
  printf: (format, ...values) =>
    typeof format === "string" ? sprintf(format, values) : native("printf without a format"),
  html: (...values) => asText(values).replace(/[&<>"'\0]/g, (character) => htmlEscapes.get(character) ?? character),
  js: (...values) => escapeJs(asText(values)),
  urlquery: (...values) =>
    encodeURIComponent(asText(values))
      .replaceAll("%20", "+")
      .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`),
  eq: (first, ...others) => {
    if (others.length === 0) return native("eq with one value");
    // Go stops at the first that is equal; a later value that it would refuse is refused here too.
    return others.map((other) => equal(first, other)).includes(true);
  },
  ne: (a, b, ...rest) => (rest.length > 0 || b === undefined ? native("ne with these values") : !equal(a, b)),
  lt: (a, b) => compare(a, b) < 0,
  le: (a, b) => compare(a, b) <= 0,
  gt: (a, b) => compare(a, b) > 0,
  ge: (a, b) => compare(a, b) >= 0,
};

const htmlEscapes = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&#34;"],
  ["'", "&#39;"],
  ["\0", "\ufffd"],
]);

/** template.JSEscaper: the characters that could end a string or a script. */
function escapeJs(text: string): string {
  if (!/^[\0-\x7f\p{L}\p{M}\p{N}\p{P}\p{S}]*$/u.test(text)) return native("js of unprintable characters");
  return text.replace(/[\\'"<>&=\0-\x1f\x7f]/g, (character) => {
    const simple = jsEscapes.get(character);
    const code = character.charCodeAt(0);
    return simple ?? (code === 0x7f ? character : `\\u${code.toString(16).toUpperCase().padStart(4, "0")}`);
  });
}

const jsEscapes = new Map([
  ["\\", "\\\\"],
  ["'", "\\'"],
  ['"', '\\"'],
]);

/** A single string as it is, anything else as Sprint writes it. */
function asText(values: readonly TemplateValue[]): string {
  const [only] = values;
  if (values.length === 1 && (only === null || only === undefined)) return native("no value to escape");
  return values.length === 1 ? printValue(only) : sprint(values);
}

function length(value: TemplateValue, ...rest: readonly TemplateValue[]): TemplateValue {
  if (rest.length > 0) return native("len with several values");
  if (typeof value === "string") return new Int(Buffer.byteLength(value));
  if (isList(value)) return new Int(value.length);
  return isMap(value) ? new Int(Object.keys(value).length) : native("len of something without a length");
}

function index(value: TemplateValue, ...keys: readonly TemplateValue[]): TemplateValue {
  let found = value;
  for (const key of keys) {
    if (isList(found) && key instanceof Int && key.value >= 0 && key.value < found.length) found = found[key.value];
    else if (isMap(found) && typeof key === "string") found = Object.hasOwn(found, key) ? found[key] : null;
    else return native("index of these values");
  }
  return found;
}

function slice(value: TemplateValue, ...bounds: readonly TemplateValue[]): TemplateValue {
  if (!isList(value) && typeof value !== "string") return native("slice of something else than a list or text");
  if (typeof value === "string" && !/^[\0-\x7f]*$/.test(value)) return native("slice of text outside ASCII");
  const [from = 0, to = value.length, ...rest] = bounds.map((bound) =>
    bound instanceof Int ? bound.value : native("slice by something else than integers"),
  );
  if (rest.length > 0 || from < 0 || to > value.length || from > to) return native("slice beyond the end");
  return value.slice(from, to);
}

type Basic = "bool" | "float" | "int" | "string";

function basicKind(value: TemplateValue): Basic | undefined {
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return "float";
  if (value instanceof Int) return "int";
  return typeof value === "string" ? "string" : undefined;
}

function plain(value: TemplateValue): boolean | number | string {
  if (value instanceof Int) return value.value;
  if (typeof value === "boolean" || typeof value === "number" || typeof value === "string") return value;
  return native("a comparison of lists or objects");
}

function equal(a: TemplateValue, b: TemplateValue): boolean {
  const none = (value: TemplateValue) => value === null || value === undefined;
  if (none(a) || none(b)) {
    if (none(a) && none(b)) return true;
    return basicKind(none(a) ? b : a) === undefined ? native("a comparison of lists or objects") : false;
  }
  if (basicKind(a) !== basicKind(b)) return native("a comparison of different types");
  return plain(a) === plain(b);
}

function compare(a: TemplateValue, b: TemplateValue): number {
  const kind = basicKind(a);
  if (kind === undefined || kind === "bool" || kind !== basicKind(b)) return native("a comparison of these types");
  const [left, right] = [plain(a), plain(b)];
  if (typeof left === "string" && typeof right === "string")
    return Buffer.compare(Buffer.from(left), Buffer.from(right));
  return Number(left) - Number(right);
}
