/** Figures and times as people read them. */
import { once } from "../../../shared/once.ts";

// Made with the first figure: the first formatter of a process loads the language's rules, a sixth of an isolate's start.
const whole = once(() => new Intl.NumberFormat("en"));
const share = once(() => new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 }));

export const figure = (value: number): string => whole().format(value);
export const percent = (value: number): string => share().format(value);

const units = ["B", "KiB", "MiB", "GiB"] as const;

export function bytes(value: number): string {
  const power = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log(value) / Math.log(1024)));
  const amount = value / 1024 ** power;
  return `${power === 0 ? amount : amount.toFixed(amount < 10 ? 1 : 0)} ${units[power]}`;
}

const spans = [
  [86_400, "d"],
  [3600, "h"],
  [60, "min"],
  [1, "s"],
] as const;

/** `42 s`, `7 min`, `3 h`, `2 d`: between two moments, in either order. */
export function span(from: string, to: string): string {
  const seconds = Math.round(Math.abs(Date.parse(to) - Date.parse(from)) / 1000);
  const [size, name] = spans.find(([each]) => seconds >= each) ?? [1, "s"];
  return `${Math.floor(seconds / size)} ${name}`;
}

/** Time of day for today's moments, with the date for others; UTC. */
export function clock(at: string, now: string): string {
  const time = at.slice(11, 19);
  return at.slice(0, 10) === now.slice(0, 10) ? time : `${at.slice(5, 10)} ${time.slice(0, 5)}`;
}

/** A moment on an axis: the time of day within two days, else the date. */
export function tick(at: string, windowSeconds: number): string {
  return windowSeconds <= 2 * 86_400 ? at.slice(11, 16) : at.slice(5, 10);
}

/** `pr_view` as words. */
export const words = (name: string): string => name.replaceAll("_", " ");
