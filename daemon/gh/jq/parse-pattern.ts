/** Patterns of a jq program, as they stand behind `as`. */
import type { Node, Pattern } from "./ast.ts";
import { type Cursor, unknown } from "./cursor.ts";
import type { JqToken } from "./lexer.ts";

/** @param keyOf parses the key of an object's member, which begins with the token */
export function parsePattern(cursor: Cursor, keyOf: (token: JqToken | undefined) => Node): Pattern {
  const token = cursor.take();
  if (token?.kind === "variable") return done(cursor, { kind: "variable", name: token.text });
  if (token?.text === "[") {
    const items: Pattern[] = [];
    do items.push(parsePattern(cursor, keyOf));
    while (cursor.takeText(","));
    cursor.need("]");
    return done(cursor, { kind: "array", items });
  }
  if (token?.text !== "{") return unknown();
  const members: { bind?: string; key: Node; value?: Pattern }[] = [];
  do {
    const first = cursor.take();
    const isVariable = first?.kind === "variable";
    const key: Node = isVariable ? { kind: "constant", value: first.text.slice(1) } : keyOf(first);
    const bound = isVariable ? { bind: first.text } : {};
    if (cursor.takeText(":")) members.push({ ...bound, key, value: parsePattern(cursor, keyOf) });
    else if (isVariable) members.push({ ...bound, key });
    else unknown();
  } while (cursor.takeText(","));
  cursor.need("}");
  return done(cursor, { kind: "object", members });
}

/** gh runs programs with alternatives of patterns (`?//`). */
function done(cursor: Cursor, pattern: Pattern): Pattern {
  return cursor.isText("?//") ? unknown() : pattern;
}
