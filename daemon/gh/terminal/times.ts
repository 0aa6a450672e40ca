/** Durations and points in time in gh's words. All in milliseconds. */
import { pluralize } from "./width.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

interface Amount {
  readonly count: number;
  readonly unit: string;
}

/** The largest unit that fits; undefined below a minute. */
function largestUnit(age: number): Amount | undefined {
  const hours = Math.trunc(age / hour);
  if (age < minute) return undefined;
  if (age < hour) return { count: Math.trunc(age / minute), unit: "minute" };
  if (age < day) return { count: hours, unit: "hour" };
  if (age < 30 * day) return { count: Math.trunc(hours / 24), unit: "day" };
  if (age < 365 * day) return { count: Math.trunc(Math.trunc(hours / 24) / 30), unit: "month" };
  return { count: Math.trunc(age / hour / 24 / 365), unit: "year" };
}

/** `about 3 hours ago`, `less than a minute ago`: how lists show a time on a terminal. */
export function relativeTime(now: number, then: number): string {
  const amount = largestUnit(now - then);
  return amount ? `about ${pluralize(amount.count, amount.unit)} ago` : "less than a minute ago";
}

/** `3 hours ago`, `just now`: the template function `timeago`. */
export function timeAgo(age: number): string {
  const amount = largestUnit(age);
  return amount ? `${pluralize(amount.count, amount.unit)} ago` : "just now";
}

/** time.Duration's String: `1h2m3.5s`, `1.5ms`, `0s`. Durations below a microsecond are not supported. */
export function goDuration(milliseconds: number): string {
  const sign = milliseconds < 0 ? "-" : "";
  const size = Math.abs(milliseconds);
  if (size === 0) return "0s";
  if (size < 1) return `${sign}${trimmed(size * 1000)}µs`;
  if (size < 1000) return `${sign}${trimmed(size)}ms`;
  const hours = Math.trunc(size / hour);
  const minutes = Math.trunc((size % hour) / minute);
  const seconds = `${trimmed((size % minute) / 1000)}s`;
  if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${sign}${minutes}m${seconds}` : `${sign}${seconds}`;
}

function trimmed(value: number): string {
  return String(Number(value.toFixed(6)));
}
