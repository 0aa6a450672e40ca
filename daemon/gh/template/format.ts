/** Go's fmt: how values print, and Printf's verbs. */
import { longestMeasured } from "./budget.ts";
import { native } from "./unsupported.ts";
import { Int, isList, isMap, sortedKeys, type TemplateValue } from "./values.ts";

/** strconv.FormatFloat with 'g' and the shortest digits: %v of a float64. */
function formatFloat(value: number): string {
  if (Object.is(value, -0)) return "-0";
  if (value === 0) return "0";
  const [mantissa = "", power = "0"] = value.toExponential().split("e");
  const exponent = Number(power);
  // In this range JavaScript writes the shortest digits without an exponent too.
  if (exponent >= -4 && exponent < 6) return String(value);
  const size = String(Math.abs(exponent)).padStart(2, "0");
  return `${mantissa}e${exponent < 0 ? "-" : "+"}${size}`;
}

/** %v, as Print and actions write a value. */
export function printValue(value: TemplateValue): string {
  if (value === null || value === undefined) return "<no value>";
  return inner(value);
}

function inner(value: TemplateValue): string {
  if (value === null || value === undefined) return "<nil>";
  if (typeof value === "number") return formatFloat(value);
  if (value instanceof Int) return String(value.value);
  if (isList(value)) return `[${value.map(inner).join(" ")}]`;
  if (isMap(value))
    return `map[${sortedKeys(value)
      .map((key) => `${key}:${inner(value[key])}`)
      .join(" ")}]`;
  return String(value);
}

/** fmt.Sprint: a space between two operands when neither is a string. */
export function sprint(values: readonly TemplateValue[]): string {
  return values
    .map((value, index) => {
      const before = values[index - 1];
      const space = index > 0 && typeof value !== "string" && typeof before !== "string";
      return (space ? " " : "") + inner(value);
    })
    .join("");
}

/** fmt.Sprintln. */
export function sprintln(values: readonly TemplateValue[]): string {
  return `${values.map(inner).join(" ")}\n`;
}

const directive = /%([-+ 0#]*)(\d*)(?:\.(\d*))?(.|$)/gsu;

/** fmt.Sprintf, for the verbs whose outcome is certain; Go's `%!` complaints and rarer verbs are native. */
export function sprintf(format: string, values: readonly TemplateValue[]): string {
  let used = 0;
  const text = format.replace(
    directive,
    (_all, flags: string, width: string, precision: string | undefined, verb: string) => {
      if (verb === "%") return "%";
      if (used >= values.length) return native("printf with too few values");
      const value = values[used++];
      return pad(
        formatVerb(verb, value, flags, precision),
        flags,
        width,
        typeof value === "number" || value instanceof Int,
      );
    },
  );
  return used < values.length ? native("printf with too many values") : text;
}

function formatVerb(verb: string, value: TemplateValue, flags: string, precision: string | undefined): string {
  if (/[ #]/.test(flags)) return native(`printf's flags ${flags}`);
  const plus = flags.includes("+");
  if (plus && verb !== "d" && verb !== "f") return native("printf's + flag");
  switch (verb) {
    case "v":
      return precision === undefined ? inner(value) : native("printf's %v with a precision");
    case "s":
      return typeof value === "string" ? cut(value, precision) : native("printf's %s of something else than text");
    case "q":
      return typeof value === "string" && precision === undefined ? quote(value) : native("printf's %q");
    case "T":
      return precision === undefined ? typeName(value) : native("printf's %T with a precision");
    case "t":
      return typeof value === "boolean" ? String(value) : native("printf's %t of something else than a truth");
    case "d":
      if (!(value instanceof Int) || precision !== undefined)
        return native("printf's %d of something else than an integer");
      return (plus && value.value >= 0 ? "+" : "") + String(value.value);
    case "f":
      if (typeof value !== "number") return native("printf's %f of something else than a float");
      return (plus && value >= 0 ? "+" : "") + fixed(value, precision === undefined ? 6 : Number(precision));
    default:
      return native(`printf's verb %${verb}`);
  }
}

/** Exact decimals, ties to even as Go rounds them: toFixed differs on exact ties only. */
function fixed(value: number, digits: number): string {
  if (digits > 15 || Math.abs(value) >= 1e15) return native("a long decimal");
  const scaled = Math.abs(value) * 2 ** 20;
  const text = value.toFixed(digits);
  const tie = Number.isInteger(scaled) && isTie(Math.abs(value), digits);
  if (!tie) return text;
  const last = Number(text.at(-1));
  // toFixed went away from zero; an odd last digit means that the even one is below.
  return last % 2 === 0 ? text : native("a decimal that lies between two others");
}

function isTie(size: number, digits: number): boolean {
  const rest =
    size
      .toFixed(Math.min(100, digits + 25))
      .split(".")[1]
      ?.slice(digits) ?? "";
  return /^50*$/.test(rest);
}

function cut(text: string, precision: string | undefined): string {
  return precision === undefined ? text : charactersOf(text).slice(0, Number(precision)).join("");
}

function charactersOf(text: string): readonly string[] {
  return text.length > longestMeasured ? native("printf of a long text with a width") : [...text];
}

function typeName(value: TemplateValue): string {
  if (value === null || value === undefined) return "<nil>";
  if (value instanceof Int) return "int";
  if (typeof value === "number") return "float64";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string") return "string";
  return isList(value) ? "[]interface {}" : "map[string]interface {}";
}

function quote(text: string): string {
  if (!/^[\n\t\r \p{L}\p{M}\p{N}\p{P}\p{S}]*$/u.test(text)) return native("printf's %q of unprintable characters");
  return JSON.stringify(text);
}

/** Widths count characters, not columns. */
function pad(text: string, flags: string, width: string, numeric: boolean): string {
  if (width === "") return text;
  const missing = Number(width) - charactersOf(text).length;
  if (missing <= 0) return text;
  if (missing > longestMeasured) return native("printf with a large width");
  if (flags.includes("-")) return text + " ".repeat(missing);
  if (!flags.includes("0")) return " ".repeat(missing) + text;
  if (!numeric) return native("printf's 0 flag on text");
  const sign = /^[+-]/.exec(text)?.[0] ?? "";
  return sign + "0".repeat(missing) + text.slice(sign.length);
}
