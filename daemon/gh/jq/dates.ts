/** Times as gojq's date functions (timefmt-go) compute them, in UTC. */
import { exact, fail, inexact, isArray, type Value } from "./values.ts";

/** Beyond it the year takes more than four digits. */
const latest = Date.UTC(9999, 11, 31, 23, 59, 59) / 1000;
/** Before it a year has fewer, and `%Y` and others are not proven alike. */
const earliest = Date.UTC(1900, 0, 1) / 1000;

/** Seconds since the epoch as `[year, month, day, hours, minutes, seconds, weekday, day of the year]`. */
export function brokenDown(seconds: Value): Value {
  if (typeof seconds !== "number") return fail();
  const date = dateOf(seconds);
  return [
    date.getUTCFullYear(),
    date.getUTCMonth(),
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    Number.isInteger(seconds) ? date.getUTCSeconds() : inexact("a fraction of a second"),
    date.getUTCDay(),
    dayOfYear(date) - 1,
  ];
}

function dateOf(seconds: number): Date {
  if (seconds < earliest || seconds > latest) return inexact("a year beyond 1900 to 9999");
  return new Date(Math.floor(seconds) * 1000);
}

function dayOfYear(date: Date): number {
  return (date.getTime() - (date.getTime() % 86_400_000) - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000 + 1;
}

/** Seconds since the epoch of a broken-down time; parts beyond their range go on into the next. */
export function epochSeconds(time: Value): Value {
  if (!isArray(time)) return fail();
  // gh 2.46 takes only eight numbers, later versions treat missing ones as 0.
  if (time.length !== 8) return inexact("a broken-down time of other than eight parts");
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = time.map((part) =>
    typeof part === "number" ? Math.trunc(part) : fail(),
  );
  return exact(utc(year, month, day, hours, minutes, seconds));
}

function utc(year: number, month: number, day: number, hours: number, minutes: number, seconds: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  date.setUTCHours(hours, minutes, seconds);
  return date.getTime() / 1000;
}

const dateForm = /^(\d{4})-(\d{2})-(\d{2})$/;
const timeForm = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})Z$/;
const forms = new Map([
  ["%Y-%m-%dT%H:%M:%SZ", timeForm],
  ["%Y-%m-%dT%H:%M:%S%z", timeForm],
  ["%Y-%m-%d", dateForm],
]);

/** `strptime`: a text in one of the usual forms as broken-down time. */
export function parsed(text: Value, layout: Value): Value {
  if (typeof text !== "string" || typeof layout !== "string") return fail();
  const form = forms.get(layout) ?? inexact(`the time layout ${layout}`);
  const match = form.exec(text);
  if (!match) return /^\d{4}-\d/.test(text) ? inexact("a time in an unusual form") : fail();
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map(Number);
  if (month < 1 || month > 12 || day < 1 || day > 31 || hours > 23 || minutes > 59 || seconds > 59) {
    return inexact("a time with parts beyond their range");
  }
  const at = utc(year, month - 1, day, hours, minutes, seconds);
  // Go's value for a time that was never set.
  if (at === zeroSeconds) return fail();
  const date = new Date(at * 1000);
  return [
    date.getUTCFullYear(),
    date.getUTCMonth(),
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
    date.getUTCDay(),
    dayOfYear(date) - 1,
  ];
}

const zeroSeconds = utc(1, 0, 1, 0, 0, 0);

const months = "January February March April May June July August September October November December".split(" ");
const days = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");
const two = (value: number) => String(value).padStart(2, "0");

const directives: Readonly<Record<string, (date: Date) => string>> = {
  Y: (date) => String(date.getUTCFullYear()),
  y: (date) => two(date.getUTCFullYear() % 100),
  m: (date) => two(date.getUTCMonth() + 1),
  d: (date) => two(date.getUTCDate()),
  e: (date) => String(date.getUTCDate()).padStart(2, " "),
  H: (date) => two(date.getUTCHours()),
  I: (date) => two(date.getUTCHours() % 12 || 12),
  M: (date) => two(date.getUTCMinutes()),
  S: (date) => two(date.getUTCSeconds()),
  j: (date) => String(dayOfYear(date)).padStart(3, "0"),
  B: (date) => months[date.getUTCMonth()] ?? "",
  b: (date) => (months[date.getUTCMonth()] ?? "").slice(0, 3),
  A: (date) => days[date.getUTCDay()] ?? "",
  a: (date) => (days[date.getUTCDay()] ?? "").slice(0, 3),
  p: (date) => (date.getUTCHours() < 12 ? "AM" : "PM"),
  F: (date) => date.toISOString().slice(0, 10),
  T: (date) => date.toISOString().slice(11, 19),
  R: (date) => date.toISOString().slice(11, 16),
  Z: () => "UTC",
  z: () => "+0000",
  s: (date) => String(date.getTime() / 1000),
  "%": () => "%",
};

/** `strftime` of seconds or of a broken-down time. */
export function formatted(time: Value, layout: Value): Value {
  const seconds = isArray(time) ? epochSeconds(time) : time;
  if (typeof seconds !== "number" || typeof layout !== "string") return fail();
  const date = dateOf(seconds);
  return layout.replace(/%(.?)/gs, (_, letter: string) => {
    const directive = directives[letter] ?? inexact(`the time layout ${layout}`);
    return directive(date);
  });
}
