/** Calls: of the program's own functions, of forms that take expressions, of native functions and of the prelude. */
import type { Node } from "./ast.ts";
import type { Emit, JqMachine, Path } from "./evaluation.ts";
import { natives } from "./functions.ts";
import { preludeDefinition } from "./prelude.ts";
import { requireOne } from "./require-one.ts";
import {
  type Callable,
  type Closure,
  emptyEnv,
  findFunction,
  type JqScope,
  withDefinition,
  withFunction,
  withVariable,
} from "./scopes.ts";
import { specialForms } from "./special-forms.ts";
import { inexact, type Value } from "./values.ts";

/** Runs a call: the program's own function has precedence over a form, a native function and one of the prelude. */
export function call(
  machine: JqMachine,
  name: string,
  args: readonly Node[],
  env: JqScope,
  value: Value,
  path: Path,
  emit: Emit,
): void {
  const key = `${name}/${args.length}`;
  const found = findFunction(env, key);
  const closures = args.map((node): Closure => ({ node, env }));
  if (found) {
    apply(machine, found, closures, value, path, emit);
    return;
  }
  const special = specialForms.get(key);
  if (special) {
    special(machine, closures, value, path, emit);
    return;
  }
  const native = natives.get(key);
  if (native) {
    applyNative(machine, native, closures, value, (result) => emit(result, path === undefined ? undefined : null));
    return;
  }
  const definition = preludeDefinition(key);
  if (!definition) {
    inexact(`the function ${key}`);
    return;
  }
  apply(machine, { definition, env: undefined }, closures, value, path, emit);
}

function applyNative(
  machine: JqMachine,
  native: (input: Value, ...args: Value[]) => Value,
  closures: readonly Closure[],
  value: Value,
  emit: (result: Value) => void,
): void {
  const [first, ...more] = closures.map((closure) => machine.all(closure, value));
  if (first === undefined) {
    emit(native(value));
    return;
  }
  const rest = more.map(requireOne);
  if (rest.length > 0) requireOne(first);
  for (const each of first) emit(native(value, each, ...rest));
}

function apply(
  machine: JqMachine,
  callable: Callable,
  closures: readonly Closure[],
  value: Value,
  path: Path,
  emit: Emit,
): void {
  if ("closure" in callable) {
    machine.run(callable.closure, value, path, emit);
    return;
  }
  const { definition } = callable;
  const from = (at: number, env: JqScope): void => {
    const parameter = definition.parameters[at];
    const closure = closures[at];
    if (parameter === undefined || closure === undefined) {
      machine.step(definition.body, env, value, path, emit);
      return;
    }
    if (!parameter.startsWith("$")) {
      from(at + 1, withFunction(env, `${parameter}/0`, { closure }));
      return;
    }
    machine.run(closure, value, undefined, (argument) => {
      const constant: Closure = {
        node: { kind: "variable", name: parameter },
        env: withVariable(emptyEnv, parameter, argument),
      };
      const named = withFunction(env, `${parameter.slice(1)}/0`, { closure: constant });
      from(at + 1, withVariable(named, parameter, argument));
    });
  };
  from(0, withDefinition(callable.env ?? emptyEnv, definition));
}
