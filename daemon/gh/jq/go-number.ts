/** Numbers as gh prints them. */

/** Beyond this, integers of jq (doubles) and of gojq (any precision) part ways. */
export const largestExact = Number.MAX_SAFE_INTEGER;

/**
 * A number that is itself a result, or a cell of a template's table: no decimals when it is whole, else two
 * (go-gh's jsonScalarToString: strconv.FormatFloat with 'f').
 */
export function scalarNumber(value: number): string {
  if (Object.is(value, -0)) return "-0";
  if (Number.isInteger(value)) return BigInt(value).toString();
  if (Math.abs(value) >= 1e21) return BigInt(value).toString();
  return twoDecimals(value);
}

/** Go rounds a tie to the even digit, toFixed away from zero. Ties at two decimals are odd eighths. */
function twoDecimals(value: number): string {
  const eighths = Math.abs(value) * 8;
  const fixed = value.toFixed(2);
  if (!Number.isInteger(eighths) || (eighths % 8 !== 1 && eighths % 8 !== 5)) return fixed;
  return fixed.slice(0, -1) + String(Number(fixed.slice(-1)) - 1);
}
