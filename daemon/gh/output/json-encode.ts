/** JSON as Go's encoding/json writes it with SetEscapeHTML(false). */

/** Compact JSON text without a newline at its end. */
export function encodeJson(value: unknown): string {
  return goEscapes(JSON.stringify(value, wellFormed) ?? "null");
}

/** Go replaces what is not Unicode when it reads it. */
function wellFormed(_key: string, value: unknown): unknown {
  return typeof value === "string" && !value.isWellFormed() ? value.toWellFormed() : value;
}

/** Go escapes the two line separators that JavaScript once could not hold in a string. */
function goEscapes(json: string): string {
  return json.replace(/[\u2028\u2029]/g, (character) => (character === "\u2028" ? "\\u2028" : "\\u2029"));
}
