/** A time span from the command line, checked before the relay is asked. */
import { OctopoolError } from "../../shared/errors.ts";

const seconds = { m: 60, h: 3600, d: 86_400 } as const;
/** Days that the relay keeps. */
const longestDays = 30;

/**
 * `30m`, `24h`, `7d`; a bare number is hours, as at the relay.
 * @returns seconds
 * @throws OctopoolError `usage`
 */
export function windowSeconds(text: string): number {
  const [, amount = "", unit = "h"] = /^(\d{1,6})([mhd]?)$/.exec(text) ?? [];
  const length = Number(amount) * (unit === "m" ? seconds.m : unit === "d" ? seconds.d : seconds.h);
  if (amount !== "" && length > 0 && length <= longestDays * seconds.d) return length;
  throw new OctopoolError("usage", `--since "${text}" is not a time span.`, {
    hint: `Use 30m, 24h or 7d, up to ${longestDays}d.`,
  });
}
