/** `as`, `reduce` and `foreach`: values bound to names, one result after the other. */
import type { Node, Pattern } from "./ast.ts";
import type { Emit, JqMachine, Path } from "./evaluation.ts";
import { indexed } from "./indexing.ts";
import { type JqScope, withVariable } from "./scopes.ts";
import { fail, isArray, isObject, type Value } from "./values.ts";

/** The last state that the updates make of every result of the source. */
export function reduce(
  machine: JqMachine,
  node: Node & { kind: "reduce" },
  env: JqScope,
  value: Value,
  path: Path,
  emit: Emit,
): void {
  machine.step(node.start, env, value, path, (start, startPath) => {
    let [state, statePath] = [start, startPath];
    machine.step(node.source, env, value, undefined, (item) => {
      bind(machine, node.pattern, item, env, value, (bound) => {
        const [before, beforePath] = [state, statePath];
        machine.step(node.update, bound, before, beforePath, (next, nextPath) => {
          [state, statePath] = [next, nextPath];
        });
      });
    });
    emit(state, statePath);
  });
}

/** Every state on the way. */
export function foreach(
  machine: JqMachine,
  node: Node & { kind: "foreach" },
  env: JqScope,
  value: Value,
  path: Path,
  emit: Emit,
): void {
  machine.step(node.start, env, value, path, (start, startPath) => {
    let [state, statePath] = [start, startPath];
    machine.step(node.source, env, value, undefined, (item) => {
      bind(machine, node.pattern, item, env, value, (bound) => {
        machine.step(node.update, bound, state, statePath, (next, nextPath) => {
          [state, statePath] = [next, nextPath];
          if (node.extract) machine.step(node.extract, bound, next, nextPath, emit);
          else emit(next, nextPath);
        });
      });
    });
  });
}

/** Takes a value apart by a pattern, and goes on with its names. */
export function bind(
  machine: JqMachine,
  pattern: Pattern,
  source: Value,
  env: JqScope,
  value: Value,
  use: (bound: JqScope) => void,
): void {
  if (pattern.kind === "variable") {
    use(withVariable(env, pattern.name, source));
    return;
  }
  if (pattern.kind === "array") {
    const from = (at: number, bound: JqScope): void => {
      const item = pattern.items[at];
      if (!item) {
        use(bound);
        return;
      }
      if (source !== null && !isArray(source)) {
        fail();
        return;
      }
      bind(machine, item, indexed(source, at), bound, value, (next) => from(at + 1, next));
    };
    from(0, env);
    return;
  }
  const from = (at: number, bound: JqScope): void => {
    const member = pattern.members[at];
    if (!member) {
      use(bound);
      return;
    }
    machine.step(member.key, bound, value, undefined, (key) => {
      if (typeof key !== "string" || (source !== null && !isObject(source))) return fail();
      const item = indexed(source, key);
      const named = member.bind === undefined ? bound : withVariable(bound, member.bind, item);
      if (member.value) bind(machine, member.value, item, named, value, (next) => from(at + 1, next));
      else from(at + 1, named);
    });
  };
  from(0, env);
}
