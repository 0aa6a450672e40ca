/** Assignments: a value with other values at the places that an expression names. */
import { operate } from "./arithmetic.ts";
import type { Node } from "./ast.ts";
import type { JqMachine } from "./evaluation.ts";
import { deletePaths, getPath, setPath } from "./indexing.ts";
import type { Closure, JqScope } from "./scopes.ts";
import { isTrue, type Value } from "./values.ts";

/** `=`, `|=` and the operators with `=`: once for each result of the right side. */
export function assign(
  machine: JqMachine,
  node: Node & { kind: "assign" },
  env: JqScope,
  value: Value,
  emit: (result: Value) => void,
): void {
  const { operator, left, right } = node;
  const paths = () => machine.paths({ node: left, env }, value);
  if (operator === "|=") {
    emit(update(machine, paths(), { node: right, env }, value));
    return;
  }
  for (const operand of machine.all({ node: right, env }, value)) {
    const next = (before: Value): Value => {
      if (operator === "=") return operand;
      if (operator === "//=") return isTrue(before) ? before : operand;
      return operate(operator.slice(0, -1), before, operand);
    };
    let state = value;
    for (const path of paths()) state = setPath(state, path, next(operator === "=" ? null : getPath(state, path)));
    emit(state);
  }
}

/** `|=` takes the first result; where there is none, the place goes. */
function update(machine: JqMachine, paths: readonly (readonly Value[])[], update: Closure, value: Value): Value {
  let state = value;
  const gone: (readonly Value[])[] = [];
  for (const path of paths) {
    let next: { readonly value: Value } | undefined;
    machine.untilBroken((leave) =>
      machine.run(update, getPath(state, path), undefined, (result) => {
        next = { value: result };
        leave();
      }),
    );
    if (next) state = setPath(state, path, next.value);
    else gone.push(path);
  }
  return gone.length === 0 ? state : deletePaths(state, gone);
}
