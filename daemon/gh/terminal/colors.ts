/** gh's colour scheme (iostreams.ColorScheme) and the colour names of mgutz/ansi that templates use. */
import type { GhRelease } from "../versions.ts";

const colorNumbers = new Map(
  ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"].map((name, index) => [name, index] as const),
).set("default", 9);

const styleCodes = [
  ["b", "1;"],
  ["d", "2;"],
  ["u", "4;"],
  ["B", "5;"],
  ["i", "7;"],
  ["s", "9;"],
] as const;

const reset = "\x1b[0m";

/**
 * Colours a text by an mgutz/ansi style: `red`, `green+b`, `default:white+h`, `208`. An empty style leaves it plain.
 */
export function ansiColor(text: string, style: string): string {
  if (style === "") return text;
  return ansiCode(style) + text + reset;
}

function ansiCode(style: string): string {
  if (style === "reset") return reset;
  if (style === "off") return "";
  const [foreground = "", background = ""] = style.split(":");
  const [name = "", marks = ""] = foreground.split("+");
  const [backName = "", backMarks = ""] = background.split("+");
  let code = "0;";
  for (const [mark, sgr] of styleCodes) if (marks.includes(mark)) code += sgr;
  code += colorSgr(name, marks.includes("h") ? 90 : 30, "38");
  if (backName !== "") code += colorSgr(backName, backMarks.includes("h") ? 100 : 40, "48");
  return `\x1b[${code.slice(0, -1)}m`;
}

function colorSgr(name: string, base: number, extended: string): string {
  if (/^[+-]?\d+$/.test(name)) return `${extended};5;${Number(name)};`;
  return `${base + (colorNumbers.get(name) ?? 0)};`;
}

export type Paint = (text: string) => string;

/** The paints of one command: plain text where colours are off. */
export interface ColorScheme {
  readonly bold: Paint;
  readonly red: Paint;
  readonly yellow: Paint;
  readonly green: Paint;
  readonly gray: Paint;
  readonly magenta: Paint;
  readonly cyan: Paint;
  readonly blue: Paint;
  /** Table headings. */
  readonly heading: Paint;
  /** A label's own colour, `d73a4a`, on terminals that show it. */
  readonly hex: (color: string, text: string) => string;
}

/** The capabilities of the terminal. */
interface ColorSupport {
  readonly color: boolean;
  /** 256 colours: greys are a real grey. */
  readonly has256: boolean;
  readonly trueColor: boolean;
}

export const plainText: Paint = (text) => text;

/** Makes the scheme. */
export function colorScheme({ color, has256, trueColor }: ColorSupport, gh: GhRelease): ColorScheme {
  // mgutz/ansi's ColorFunc leaves an empty text alone, its Color does not.
  const paint = (style: string): Paint => (color ? (text) => text && ansiColor(text, style) : plainText);
  return {
    bold: paint("default+b"),
    red: paint("red"),
    yellow: paint("yellow"),
    green: paint("green"),
    gray: !color ? plainText : has256 ? (text) => gray256(text, gh) : paint("black+h"),
    magenta: paint("magenta"),
    cyan: paint("cyan"),
    blue: paint("blue"),
    heading: paint("white+du"),
    hex: (code, text) => (trueColor && color ? labelColor(code, text, gh) : text),
  };
}

function gray256(text: string, gh: GhRelease): string {
  return `\x1b[38;5;242m${text}${gh.has("grayEnds") ? reset : "\x1b[m"}`;
}

/** Later versions show labels in their own colours only where gh's settings ask for it. */
function labelColor(code: string, text: string, gh: GhRelease): string {
  return gh.has("labelColorsAsked") ? text : hexColor(code, text);
}

function hexColor(code: string, text: string): string {
  const digits = code.startsWith("#") ? code.slice(1) : code;
  if (!/^[0-9a-fA-F]{6}$/.test(digits)) return text;
  const [red, green, blue] = [0, 2, 4].map((at) => Number.parseInt(digits.slice(at, at + 2), 16));
  return `\x1b[38;2;${red};${green};${blue}m${text}${reset}`;
}

/** The terminal's capabilities, by its environment (go-gh's term package). */
export function colorSupport(color: boolean, env: Readonly<Record<string, string>>): ColorSupport {
  const term = env.TERM ?? "";
  const colorTerm = env.COLORTERM ?? "";
  const trueColor = [term, colorTerm].some((value) => value.includes("24bit") || value.includes("truecolor"));
  return { color, trueColor, has256: trueColor || term.includes("256") || colorTerm.includes("256") };
}
