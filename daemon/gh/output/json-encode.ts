/** JSON as Go's encoding/json writes it with SetEscapeHTML(false). */

/**
 * The text of gh's own MarshalJSON methods: they call json.Marshal, which escapes `<`, `>` and `&`, and the exporter
 * keeps the escapes (api.Author).
 */
export class HtmlEscaped {
  readonly value: object;

  constructor(value: object) {
    this.value = value;
  }
}

/** Compact JSON text without a newline at its end. */
export function encodeJson(value: unknown): string {
  if (value instanceof HtmlEscaped) return escapeHtml(encodeJson(value.value));
  if (Array.isArray(value)) return `[${value.map(encodeJson).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return `{${members.map(([key, member]) => `${encodeJson(key)}:${encodeJson(member)}`).join(",")}}`;
  }
  // Go replaces invalid Unicode when it reads the text.
  return goEscapes(JSON.stringify(typeof value === "string" ? value.toWellFormed() : value) ?? "null");
}

/** In JSON text these characters stand in strings only. */
function escapeHtml(json: string): string {
  return json.replace(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
}

/** Go escapes the two line separators that JavaScript once could not hold in a string. */
function goEscapes(json: string): string {
  return json.replace(/[\u2028\u2029]/g, (character) => (character === "\u2028" ? "\\u2028" : "\\u2029"));
}
