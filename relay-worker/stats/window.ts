/** The window that statistics look back over. */
import { OctopoolError } from "../../shared/errors.ts";

const units: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 86_400 };
const longest = 30 * 86_400;
const usual = "24h";

/**
 * `30m`, `24h`, `7d`; a bare number counts hours.
 * @returns seconds
 * @throws OctopoolError invalid_window
 */
export function windowSeconds(since: string = usual): number {
  const [, amount, unit = "h"] = /^(\d{1,6})([mhd])?$/.exec(since) ?? [];
  const seconds = Number(amount) * (units[unit] ?? Number.NaN);
  if (seconds > 0 && seconds <= longest) return seconds;
  throw new OctopoolError("invalid_window", `"${since}" is not a time span.`, {
    hint: "Use 30m, 24h or 7d, up to 30d; a bare number counts hours.",
  });
}
