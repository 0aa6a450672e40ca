/** Text that came from elsewhere, made fit for a terminal. */

export { oneLine as humanText } from "../../shared/one-line.ts";

/** `1 read`, `2 reads`. */
export function plural(count: number, singular: string, many = `${singular}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? singular : many}`;
}

const units = [
  ["d", 86_400],
  ["h", 3600],
  ["min", 60],
  ["s", 1],
] as const;

/** `90` → `1 min`: the largest whole unit, for ages and windows. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [unit, size] = units.find(([, length]) => whole >= length) ?? (["s", 1] as const);
  return `${Math.floor(whole / size)} ${unit}`;
}

/** A window of time as people ask for it: `30 min`, `24 h`, `7 d`. */
export function windowText(seconds: number): string {
  const hours = seconds / 3600;
  if (hours < 1) return `${Math.round(seconds / 60)} min`;
  return hours > 48 && hours % 24 === 0 ? `${hours / 24} d` : `${Math.round(hours)} h`;
}

/** Bytes as people read them. */
export function bytes(count: number): string {
  if (count < 1024) return `${count} B`;
  const names = ["KiB", "MiB", "GiB", "TiB"];
  const power = Math.min(names.length, Math.floor(Math.log2(count) / 10));
  return `${(count / 1024 ** power).toFixed(1)} ${names[power - 1]}`;
}
