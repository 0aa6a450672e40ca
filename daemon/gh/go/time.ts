/** GitHub's times as Go's time.Time prints them. */
import { NativeRequired } from "../../reader.ts";
import { zeroTime } from "./dates.ts";

const instant = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** As JSON: the fraction without trailing zeros, and Go's zero time where there is none. */
export function goTime(text: string | null | undefined): string {
  return write(text, true);
}

/** time.RFC3339: without a fraction. */
export function goTimeToSecond(text: string | null | undefined): string {
  return write(text, false);
}

function write(text: string | null | undefined, fraction: boolean): string {
  if (text === null || text === undefined || text === "") return zeroTime;
  const match = instant.exec(text);
  if (!match) throw new NativeRequired(`${JSON.stringify(text)} is no time`);
  const [, seconds = "", digits = "", zone = ""] = match;
  const kept = fraction ? digits.replace(/\.?0+$/, "") : "";
  return `${seconds}${kept}${zone === "+00:00" ? "Z" : zone}`;
}
