/** Text as Go's `%q` writes it (strconv.Quote). */

const escapes = new Map([
  ["\u0007", "\\a"],
  ["\b", "\\b"],
  ["\f", "\\f"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
  ["\v", "\\v"],
  ['"', '\\"'],
  ["\\", "\\\\"],
]);

/** Letters, marks, numbers, punctuation, symbols, and the blank (strconv.IsPrint). */
const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

/** In quotes, with unprintable characters escaped. */
export function goQuote(text: string): string {
  return `"${[...text].map(escaped).join("")}"`;
}

/** A letter as `%q` writes a byte or rune: in single quotes. */
export function goQuoteRune(letter: string): string {
  return `'${letter === "'" ? "\\'" : letter === '"' ? '"' : escaped(letter)}'`;
}

function escaped(character: string): string {
  const known = escapes.get(character);
  if (known !== undefined) return known;
  if (printable.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, "0")}` : `\\U${code.toString(16).padStart(8, "0")}`;
}
