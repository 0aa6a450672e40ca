/** Strings as Go handles them where JavaScript does otherwise. */

/** Go compares strings by their UTF-8 bytes, which is the order of code points, not of UTF-16 units. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  const [left, right] = [a[Symbol.iterator](), b[Symbol.iterator]()];
  for (;;) {
    const [x, y] = [left.next(), right.next()];
    if (x.done || y.done) return x.done ? -1 : 1;
    const difference = (x.value.codePointAt(0) ?? 0) - (y.value.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
}

const space = "\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const outerSpace = new RegExp(`^[${space}]+|[${space}]+$`, "g");

/** strings.TrimSpace: Unicode's white space at both ends, which unlike JavaScript's includes U+0085 and not U+FEFF. */
export function trimSpace(text: string): string {
  return text.replace(outerSpace, "");
}

/** gh's text.RemoveExcessiveWhitespace: runs of ASCII white space (all that `\\s` is in Go) become one space. */
export function squeezeSpace(text: string): string {
  return trimSpace(text).replace(/[\t\n\f\r ]+/g, " ");
}
