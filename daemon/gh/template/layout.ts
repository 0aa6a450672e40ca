/** Times by Go's reference layout, `Mon Jan 2 15:04:05 MST 2006`. */
import { native } from "./unsupported.ts";

const months = "January February March April May June July August September October November December".split(" ");
const days = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");

const rfc3339 = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:[.,]\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

/** Milliseconds since the epoch of an RFC 3339 time; undefined where it is none. */
export function parseTime(text: string): number | undefined {
  const match = rfc3339.exec(text);
  const time = match ? Date.parse(text.replace(",", ".")) : Number.NaN;
  if (!match || Number.isNaN(time)) return undefined;
  // Date.parse takes the 30th of February for the 1st or 2nd of March.
  const [, year, month, day] = match.map(Number);
  const last = new Date(Date.UTC(year ?? 0, month ?? 0, 0)).getUTCDate();
  return (day ?? 0) >= 1 && (day ?? 0) <= last ? time : undefined;
}

const two = (value: number) => String(value).padStart(2, "0");

/** Longest first, as Go looks for them. */
const parts: readonly (readonly [string, (time: Date) => string])[] = [
  ["January", (time) => months[time.getUTCMonth()] ?? ""],
  ["Monday", (time) => days[time.getUTCDay()] ?? ""],
  ["Z07:00", () => "Z"],
  ["-07:00", () => "+00:00"],
  ["Z0700", () => "Z"],
  ["-0700", () => "+0000"],
  ["2006", (time) => String(time.getUTCFullYear()).padStart(4, "0")],
  ["Jan", (time) => (months[time.getUTCMonth()] ?? "").slice(0, 3)],
  ["Mon", (time) => (days[time.getUTCDay()] ?? "").slice(0, 3)],
  ["MST", () => "UTC"],
  ["002", (time) => String(yearDay(time)).padStart(3, "0")],
  ["__2", (time) => String(yearDay(time)).padStart(3, " ")],
  ["-07", () => "+00"],
  ["01", (time) => two(time.getUTCMonth() + 1)],
  ["02", (time) => two(time.getUTCDate())],
  ["03", (time) => two(time.getUTCHours() % 12 || 12)],
  ["04", (time) => two(time.getUTCMinutes())],
  ["05", (time) => two(time.getUTCSeconds())],
  ["06", (time) => two(time.getUTCFullYear() % 100)],
  ["_2", (time) => String(time.getUTCDate()).padStart(2, " ")],
  ["15", (time) => two(time.getUTCHours())],
  ["PM", (time) => (time.getUTCHours() < 12 ? "AM" : "PM")],
  ["pm", (time) => (time.getUTCHours() < 12 ? "am" : "pm")],
  ["1", (time) => String(time.getUTCMonth() + 1)],
  ["2", (time) => String(time.getUTCDate())],
  ["3", (time) => String(time.getUTCHours() % 12 || 12)],
  ["4", (time) => String(time.getUTCMinutes())],
  ["5", (time) => String(time.getUTCSeconds())],
];

function yearDay(time: Date): number {
  return Math.floor((time.getTime() - Date.UTC(time.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;
}

const longestLayout = 1000;

/** `timefmt`. Only for times in UTC: others print by the machine's own zone or a nameless one. */
export function formatTime(layout: string, text: string): string {
  const time = parseTime(text);
  if (time === undefined || !text.endsWith("Z")) return native("a time that is not in UTC");
  if (layout.length > longestLayout) return native("a long time layout");
  if (/[.,][09]/.test(layout) || /Z07(?!:?00)|07:00:00|070000/.test(layout) || /_2006/.test(layout)) {
    return native("fractions or rare parts of a time layout");
  }
  const date = new Date(time);
  let printed = "";
  for (let at = 0; at < layout.length; ) {
    const rest = layout.slice(at);
    const part = parts.find(([name]) => rest.startsWith(name) && !(name === "Jan" && rest.startsWith("January")));
    // "Month" is not a month: Go wants "Mon" to end before a lower-case letter.
    if (part && (part[0] === "Mon" || part[0] === "Jan") && /^[a-z]/.test(rest.slice(3))) {
      printed += rest.slice(0, 3);
      at += 3;
    } else {
      printed += part ? part[1](date) : rest.slice(0, 1);
      at += part ? part[0].length : 1;
    }
  }
  return printed;
}
