/** Texts of a jq program, with their interpolations. */
import type { Node } from "./ast.ts";
import { type Cursor, unknown } from "./cursor.ts";

/**
 * A text from its opening quote on.
 * @param format name of the format in front of it, such as `@csv`; empty without one
 * @param pipe parses an interpolated expression
 */
export function parseText(cursor: Cursor, format: string, pipe: () => Node): Node {
  cursor.need('"', "quote");
  const parts: (string | Node)[] = [];
  for (;;) {
    const token = cursor.take();
    if (token?.kind === "chunk") {
      parts.push(unescaped(token.text));
    } else if (token?.kind === "open") {
      parts.push(pipe());
      if (cursor.take()?.kind !== "close") unknown();
    } else if (token?.kind === "quote") {
      const [only = ""] = parts;
      return parts.length < 2 && typeof only === "string"
        ? { kind: "constant", value: only }
        : { kind: "text", format, parts };
    } else {
      return unknown();
    }
  }
}

function unescaped(chunk: string): string {
  const value: unknown = JSON.parse(`"${chunk}"`);
  if (typeof value !== "string" || !value.isWellFormed()) return unknown();
  return value;
}
