/** Definitions of functions in a jq program. */
import type { Definition, Node } from "./ast.ts";
import { type Cursor, unknown } from "./cursor.ts";

/** `def … ;`, from its name on. */
export function parseFunction(cursor: Cursor, pipe: () => Node): Definition {
  const name = cursor.take();
  if (name?.kind !== "name" || name.text.includes("::")) return unknown();
  const parameters: string[] = [];
  if (cursor.takeText("(")) {
    do {
      const parameter = cursor.take();
      if (parameter?.kind !== "name" && parameter?.kind !== "variable") return unknown();
      parameters.push(parameter.text);
    } while (cursor.takeText(";"));
    cursor.need(")");
  }
  cursor.need(":");
  const body = pipe();
  cursor.need(";");
  return { name: name.text, parameters, body };
}
