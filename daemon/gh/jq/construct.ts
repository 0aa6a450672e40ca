/** Values made of several results: texts, places by computed keys, objects. */
import type { Node } from "./ast.ts";
import type { Emit, JqMachine, Path } from "./evaluation.ts";
import { format } from "./formats.ts";
import { indexed, sliced } from "./indexing.ts";
import { requireOne } from "./require-one.ts";
import type { JqScope } from "./scopes.ts";
import { fail, inexact, type Value } from "./values.ts";

/** A text with the results of its parts, each by the format. */
export function text(
  machine: JqMachine,
  name: string,
  parts: readonly (string | Node)[],
  env: JqScope,
  value: Value,
  emit: (text: string) => void,
): void {
  const shown = (part: Value) => format(name === "" ? "@text" : name, part);
  const from = (at: number, text: string): void => {
    const part = parts[at];
    if (part === undefined) emit(text);
    else if (typeof part === "string") from(at + 1, text + part);
    else {
      const results = machine.all({ node: part, env }, value);
      if (results.length > 1 && parts.filter((other) => typeof other !== "string").length > 1) {
        inexact("the order of several results in a text");
      }
      for (const result of results) from(at + 1, text + shown(result));
    }
  };
  from(0, "");
}

/** `.[key]`, for every key. */
export function index(
  machine: JqMachine,
  node: Node & { kind: "index" },
  env: JqScope,
  value: Value,
  path: Path,
  emit: Emit,
): void {
  const keys = node.key.kind === "constant" ? [node.key.value] : machine.all({ node: node.key, env }, value);
  if (keys.length > 1 && node.term.kind !== "identity") requireOne(machine.all({ node: node.term, env }, value));
  machine.step(node.term, env, value, path, (term, at) => {
    for (const key of keys) {
      const place = at === null ? inexact("a path of a computed value") : at && [...at, key];
      emit(indexed(term, key), place);
    }
  });
}

/** `.[from:to]`. */
export function slice(
  machine: JqMachine,
  node: Node & { kind: "slice" },
  env: JqScope,
  value: Value,
  path: Path,
  emit: Emit,
): void {
  const end = (limit: Node | undefined) => (limit ? requireOne(machine.all({ node: limit, env }, value)) : null);
  const [from, to] = [end(node.from), end(node.to)];
  machine.step(node.term, env, value, path, (term, at) => {
    const key: Value = new Map([
      ["start", from],
      ["end", to],
    ]);
    const place = at === null ? inexact("a path of a computed value") : at && [...at, key];
    emit(sliced(term, from, to), place);
  });
}

/** An object for each combination of its members' results. */
export function object(
  machine: JqMachine,
  members: (Node & { kind: "object" })["members"],
  at: number,
  made: ReadonlyMap<string, Value>,
  env: JqScope,
  value: Value,
  emit: (made: Value) => void,
): void {
  const member = members[at];
  if (!member) {
    emit(made);
    return;
  }
  machine.step(member.key, env, value, undefined, (key) => {
    if (typeof key !== "string") return fail();
    machine.step(member.value, env, value, undefined, (item) => {
      object(machine, members, at + 1, new Map(made).set(key, item), env, value, emit);
    });
  });
}
