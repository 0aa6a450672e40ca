/** Go's textual forms of numbers and durations, as flags take them. */
import { goQuote } from "./quote.ts";

/** strconv.ParseInt(text, 0, 64) within the integers that JavaScript holds exactly; undefined where it is not one. */
export function parseGoInteger(text: string): number | undefined {
  const match = /^([+-]?)(0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO]?[0-7_]*|[1-9][0-9_]*)$/.exec(text);
  if (!match) return undefined;
  const digits = match[2] ?? "";
  // Underscores may only stand between digits or after the base prefix.
  if (digits.includes("__") || digits.endsWith("_")) return undefined;
  if (digits.includes("_") && /^[1-9]/.test(digits) && !/^[0-9]+(_[0-9]+)*$/.test(digits)) return undefined;
  const bare = digits.replaceAll("_", "").toLowerCase();
  if (/^0[xob]$/.test(bare)) return undefined;
  const value = Number(/^0[0-7]+$/.test(bare) ? `0o${bare.slice(1)}` : bare);
  if (!Number.isSafeInteger(value)) return undefined;
  return match[1] === "-" ? -value : value;
}

const unitMilliseconds = new Map([
  ["ns", 1e-6],
  ["us", 1e-3],
  ["µs", 1e-3],
  ["μs", 1e-3],
  ["ms", 1],
  ["s", 1_000],
  ["m", 60_000],
  ["h", 3_600_000],
]);

/** time.ParseDuration in milliseconds; undefined where it is not one. */
export function parseDuration(text: string): number | undefined {
  const match = /^([+-]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|\u00b5s|\u03bcs|ms|s|m|h))+)$/.exec(text);
  if (!match) return /^[+-]?0$/.test(text) ? 0 : undefined;
  let total = 0;
  for (const part of (match[2] ?? "").matchAll(/(\d+\.?\d*|\.\d+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/g)) {
    total += Number(part[1]) * (unitMilliseconds.get(part[2] ?? "") ?? Number.NaN);
  }
  if (!Number.isFinite(total) || total > 9.2e12) return undefined;
  return match[1] === "-" ? -total : total;
}

/** The error of strconv for a text that {@link parseGoInteger} refuses; undefined where that is not certain. */
export function explainInteger(parser: "ParseInt" | "ParseUint", text: string): string | undefined {
  // A long number may be out of range before its last character is read.
  if (/\d{16}|_/.test(text) || (parser === "ParseInt" && parseGoInteger(text) !== undefined)) return undefined;
  return `strconv.${parser}: parsing ${goQuote(text)}: invalid syntax`;
}

/**
 * The error of time.ParseDuration for a text that {@link parseDuration} refuses; undefined where that is not certain.
 */
export function explainDuration(text: string): string | undefined {
  if (!/^[ -~]*$/.test(text)) return undefined;
  const bare = text.replace(/^[+-]/, "");
  const parts = /^(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|ms|s|m|h))*/.exec(bare)?.[0] ?? "";
  const [, number = "", unit = ""] = /^(\d+\.?\d*|\.\d+|)([^\d.]*)/.exec(bare.slice(parts.length)) ?? [];
  if (number === "") return `time: invalid duration ${goQuote(text)}`;
  if (/\d{10}/.test(text)) return undefined;
  if (unit === "") return `time: missing unit in duration ${goQuote(text)}`;
  return /^(?:ns|us|ms|s|m|h)$/.test(unit)
    ? undefined
    : `time: unknown unit ${goQuote(unit)} in duration ${goQuote(text)}`;
}
