/**
 * Control characters in GitHub's JSON become caret notation before anything reads it, as gh's HTTP client does (go-gh
 * pkg/asciisanitizer): a title must not be able to control the terminal.
 */

/** Left as they are: tab, line feed, vertical tab, carriage return. */
const safe = new Set([0x09, 0x0a, 0x0b, 0x0d]);

/** `^A` for 1, `^[` for 27 and 155; a backslash is doubled, because the text is JSON. */
function caret(code: number): string {
  const letter = String.fromCharCode((code % 0x80) + 0x40);
  return letter === "\\" ? "^\\\\" : `^${letter}`;
}

function isControl(code: number): boolean {
  return (code < 0x20 && !safe.has(code)) || (code >= 0x80 && code < 0xa0);
}

/** Sanitises a JSON text, raw control characters and `\u00XX` escapes alike. */
export function sanitizeJson(text: string): string {
  // One cheap check decides for nearly every body.
  if (!/[\x00-\x08\x0c\x0e-\x1f\x80-\x9f]|\\u00[0-189]/i.test(text)) return text;
  let output = "";
  let escaping = false;
  for (let index = 0; index < text.length; ) {
    const code = text.charCodeAt(index);
    if (isControl(code)) {
      output += caret(code);
      index++;
      continue;
    }
    const match = /^\\u00([0-9a-f]{2})$/i.exec(text.slice(index, index + 6));
    const escaped = match ? Number.parseInt(match[1] ?? "", 16) : Number.NaN;
    if (isControl(escaped)) {
      // After a lone backslash the replacement would itself be an escape.
      output += (escaping ? "\\" : "") + caret(escaped);
      escaping = false;
      index += 6;
      continue;
    }
    output += text[index];
    escaping = code === 0x5c && !escaping;
    index++;
  }
  return output;
}

/** Whether bytes can control a terminal by gh's own check: only the escape character counts. */
export function hasEscapes(bytes: Uint8Array): boolean {
  return bytes.includes(escapeByte);
}

const escapeByte = 0x1b;
