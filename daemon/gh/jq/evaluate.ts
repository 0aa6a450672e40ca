/**
 * Evaluates a program as gojq does: every result is handed to `emit`, in order. Where paths are asked for, each value
 * comes with its own; what computes a new value has none (`null`), and asking for it is left to gh.
 */
import { operate } from "./arithmetic.ts";
import type { Node, Pattern } from "./ast.ts";
import { format } from "./formats.ts";
import { natives } from "./functions.ts";
import type { Emit, Machine, Path } from "./machine.ts";
import { deletePaths, getPath, indexed, setPath, sliced } from "./places.ts";
import { preludeDefinition } from "./prelude.ts";
import {
  Break,
  type Callable,
  type Closure,
  type Env,
  emptyEnv,
  findFunction,
  findVariable,
  Label,
  labelOf,
  withDefinition,
  withFunction,
  withVariable,
} from "./scopes.ts";
import { specialForms } from "./special-forms.ts";
import { exact, fail, inexact, isArray, isObject, isTrue, JqError, sortedKeys, type Value } from "./values.ts";

/** An error on its way past a `try` whose body did not raise it. */
class Passing {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

/** More steps than the caller allows. */
export class TooMuchWork extends Error {}

/** What a program may take, and what time it is. */
export interface Limits {
  /** Evaluations. */
  readonly steps: number;
  /** Seconds since the epoch. */
  readonly now: number;
}

/** All results of a program. Throws {@link JqError}, Inexact, or {@link TooMuchWork}. */
export function evaluateProgram(program: Node, input: Value, limits: Limits): readonly Value[] {
  const results: Value[] = [];
  new Evaluator(limits).run({ node: program, env: emptyEnv }, input, undefined, (value) => results.push(value));
  return results;
}

class Evaluator implements Machine {
  readonly now: number;
  #left: number;

  constructor({ steps, now }: Limits) {
    this.#left = steps;
    this.now = now;
  }

  run({ node, env }: Closure, value: Value, path: Path, emit: Emit): void {
    this.#step(node, env, value, path, emit);
  }

  all(closure: Closure, value: Value): readonly Value[] {
    const results: Value[] = [];
    this.run(closure, value, undefined, (result) => results.push(result));
    return results;
  }

  /** The paths of an expression's results in a value. */
  paths(closure: Closure, value: Value): readonly (readonly Value[])[] {
    const found: (readonly Value[])[] = [];
    this.run(closure, value, [], (_, path) => found.push(path ?? inexact("a path of a computed value")));
    return found;
  }

  at(value: Value, path: Path, keys: Value, emit: Emit): void {
    if (!isArray(keys)) {
      fail();
      return;
    }
    const place = path === null ? inexact("a path of a computed value") : path && [...path, ...keys];
    emit(getPath(value, keys), place);
  }

  work(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new TooMuchWork("the jq expression takes too much work");
  }

  untilBroken(body: (leave: () => never) => void): void {
    const label = new Label();
    try {
      body(() => {
        throw new Break(label);
      });
    } catch (error) {
      if (!(error instanceof Break) || error.label !== label) throw error;
    }
  }

  #step(node: Node, env: Env, value: Value, path: Path, emit: Emit): void {
    this.work(1);
    const computed: Path = path === undefined ? undefined : null;
    switch (node.kind) {
      case "identity": {
        emit(value, path);
        return;
      }
      case "recurse": {
        this.#descend(value, path, emit);
        return;
      }
      case "constant": {
        emit(typeof node.value === "number" ? exact(node.value) : node.value, computed);
        return;
      }
      case "text": {
        this.#text(node.format, node.parts, env, value, (text) => emit(text, computed));
        return;
      }
      case "format": {
        emit(format(node.name, value), computed);
        return;
      }
      case "variable": {
        emit(this.#variable(env, node.name), computed);
        return;
      }
      case "index": {
        this.#index(node, env, value, path, emit);
        return;
      }
      case "slice": {
        this.#slice(node, env, value, path, emit);
        return;
      }
      case "each": {
        this.#step(node.term, env, value, path, (term, at) => this.each(term, at, emit));
        return;
      }
      case "array": {
        const body = node.body;
        emit(body ? this.all({ node: body, env }, value) : [], computed);
        return;
      }
      case "object": {
        this.#object(node.members, 0, new Map(), env, value, (made) => emit(made, computed));
        return;
      }
      case "negate": {
        this.#step(node.body, env, value, undefined, (number) => {
          emit(typeof number === "number" ? exact(-number) : fail(), computed);
        });
        return;
      }
      case "pipe": {
        this.#step(node.left, env, value, path, (result, at) => this.#step(node.right, env, result, at, emit));
        return;
      }
      case "comma":
        this.#step(node.left, env, value, path, emit);
        {
          this.#step(node.right, env, value, path, emit);
          return;
        }
      case "binary": {
        this.#binary(node, env, value, path, emit);
        return;
      }
      case "assign": {
        this.#assign(node, env, value, (result) => emit(result, computed));
        return;
      }
      case "if": {
        this.#step(node.condition, env, value, undefined, (condition) => {
          if (isTrue(condition)) this.#step(node.then, env, value, path, emit);
          else if (node.otherwise) this.#step(node.otherwise, env, value, path, emit);
          else emit(value, path);
        });
        return;
      }
      case "try": {
        this.#try(node, env, value, path, emit);
        return;
      }
      case "reduce": {
        this.#reduce(node, env, value, path, emit);
        return;
      }
      case "foreach": {
        this.#foreach(node, env, value, path, emit);
        return;
      }
      case "bind": {
        this.#step(node.source, env, value, undefined, (source) => {
          this.#bind(node.pattern, source, env, value, (bound) => this.#step(node.body, bound, value, path, emit));
        });
        return;
      }
      case "label": {
        const label = new Label();
        try {
          this.#step(node.body, withVariable(env, `*${node.name}`, label), value, path, emit);
          return;
        } catch (error) {
          if (error instanceof Break && error.label === label) return;
          throw error;
        }
      }
      case "break":
        throw new Break(labelOf(env, node.name));
      case "define": {
        this.#step(node.body, withDefinition(env, node.definition), value, path, emit);
        return;
      }
      case "call": {
        this.#call(node.name, node.args, env, value, path, emit);
        return;
      }
    }
  }

  /** `.[]`: members by sorted key. */
  each(value: Value, path: Path, emit: Emit): void {
    const at = (key: Value) => (path === null ? inexact("a path of a computed value") : path && [...path, key]);
    if (isArray(value)) {
      for (const [index, item] of value.entries()) emit(item, at(index));
    } else if (isObject(value)) {
      for (const key of sortedKeys(value)) emit(value.get(key) ?? null, at(key));
    } else {
      fail();
    }
  }

  #descend(value: Value, path: Path, emit: Emit): void {
    this.work(1);
    emit(value, path);
    if (isArray(value) || isObject(value)) this.each(value, path, (item, at) => this.#descend(item, at, emit));
  }

  #text(name: string, parts: readonly (string | Node)[], env: Env, value: Value, emit: (text: string) => void): void {
    const shown = (part: Value) => format(name === "" ? "@text" : name, part);
    const from = (at: number, text: string): void => {
      const part = parts[at];
      if (part === undefined) emit(text);
      else if (typeof part === "string") from(at + 1, text + part);
      else {
        const results = this.all({ node: part, env }, value);
        if (results.length > 1 && parts.filter((other) => typeof other !== "string").length > 1) {
          inexact("the order of several results in a text");
        }
        for (const result of results) from(at + 1, text + shown(result));
      }
    };
    from(0, "");
  }

  #index(node: Node & { kind: "index" }, env: Env, value: Value, path: Path, emit: Emit): void {
    const keys = node.key.kind === "constant" ? [node.key.value] : this.all({ node: node.key, env }, value);
    if (keys.length > 1 && node.term.kind !== "identity") requireOne(this.all({ node: node.term, env }, value));
    this.#step(node.term, env, value, path, (term, at) => {
      for (const key of keys) {
        const place = at === null ? inexact("a path of a computed value") : at && [...at, key];
        emit(indexed(term, key), place);
      }
    });
  }

  #slice(node: Node & { kind: "slice" }, env: Env, value: Value, path: Path, emit: Emit): void {
    const end = (limit: Node | undefined) => (limit ? requireOne(this.all({ node: limit, env }, value)) : null);
    const [from, to] = [end(node.from), end(node.to)];
    this.#step(node.term, env, value, path, (term, at) => {
      const key: Value = new Map([
        ["start", from],
        ["end", to],
      ]);
      const place = at === null ? inexact("a path of a computed value") : at && [...at, key];
      emit(sliced(term, from, to), place);
    });
  }

  #object(
    members: (Node & { kind: "object" })["members"],
    at: number,
    made: ReadonlyMap<string, Value>,
    env: Env,
    value: Value,
    emit: (made: Value) => void,
  ): void {
    const member = members[at];
    if (!member) {
      emit(made);
      return;
    }
    this.#step(member.key, env, value, undefined, (key) => {
      if (typeof key !== "string") return fail();
      this.#step(member.value, env, value, undefined, (item) => {
        this.#object(members, at + 1, new Map(made).set(key, item), env, value, emit);
      });
    });
  }

  #binary(node: Node & { kind: "binary" }, env: Env, value: Value, path: Path, emit: Emit): void {
    const { operator, left, right } = node;
    const computed: Path = path === undefined ? undefined : null;
    if (operator === "//") {
      this.#alternative(left, right, env, value, path, emit);
      return;
    }
    if (operator === "and" || operator === "or") {
      this.#step(left, env, value, undefined, (first) => {
        if (isTrue(first) === (operator === "or")) return emit(operator === "or", computed);
        this.#step(right, env, value, undefined, (second) => emit(isTrue(second), computed));
      });
      return;
    }
    this.#step(right, env, value, undefined, (second) => {
      this.#step(left, env, value, undefined, (first) => emit(operate(operator, first, second), computed));
    });
  }

  /** What is neither null nor false of the left; where there is none, the right. */
  #alternative(left: Node, right: Node, env: Env, value: Value, path: Path, emit: Emit): void {
    let found = false;
    this.#step(left, env, value, path, (result, at) => {
      if (!isTrue(result)) return;
      found = true;
      emit(result, at);
    });
    if (!found) this.#step(right, env, value, path, emit);
  }

  #try(node: Node & { kind: "try" }, env: Env, value: Value, path: Path, emit: Emit): void {
    let caught: JqError | undefined;
    try {
      this.#step(node.body, env, value, path, (result, at) => passing(() => emit(result, at)));
    } catch (error) {
      if (error instanceof Passing) throw error.error;
      if (!(error instanceof JqError)) throw error;
      caught = error;
    }
    if (!caught || !node.handler) return;
    const known = caught.value;
    if (known === undefined && !ignoresInput(node.handler)) inexact("the words of an error");
    this.#step(node.handler, env, known ?? null, path === undefined ? undefined : null, emit);
  }

  #reduce(node: Node & { kind: "reduce" }, env: Env, value: Value, path: Path, emit: Emit): void {
    this.#step(node.start, env, value, path, (start, startPath) => {
      let [state, statePath] = [start, startPath];
      this.#step(node.source, env, value, undefined, (item) => {
        this.#bind(node.pattern, item, env, value, (bound) => {
          const [before, beforePath] = [state, statePath];
          this.#step(node.update, bound, before, beforePath, (next, nextPath) => {
            [state, statePath] = [next, nextPath];
          });
        });
      });
      emit(state, statePath);
    });
  }

  #foreach(node: Node & { kind: "foreach" }, env: Env, value: Value, path: Path, emit: Emit): void {
    this.#step(node.start, env, value, path, (start, startPath) => {
      let [state, statePath] = [start, startPath];
      this.#step(node.source, env, value, undefined, (item) => {
        this.#bind(node.pattern, item, env, value, (bound) => {
          this.#step(node.update, bound, state, statePath, (next, nextPath) => {
            [state, statePath] = [next, nextPath];
            if (node.extract) this.#step(node.extract, bound, next, nextPath, emit);
            else emit(next, nextPath);
          });
        });
      });
    });
  }

  #bind(pattern: Pattern, source: Value, env: Env, value: Value, use: (bound: Env) => void): void {
    if (pattern.kind === "variable") {
      use(withVariable(env, pattern.name, source));
      return;
    }
    if (pattern.kind === "array") {
      const from = (at: number, bound: Env): void => {
        const item = pattern.items[at];
        if (!item) {
          use(bound);
          return;
        }
        if (source !== null && !isArray(source)) {
          fail();
          return;
        }
        this.#bind(item, indexed(source, at), bound, value, (next) => from(at + 1, next));
      };
      from(0, env);
      return;
    }
    const from = (at: number, bound: Env): void => {
      const member = pattern.members[at];
      if (!member) {
        use(bound);
        return;
      }
      this.#step(member.key, bound, value, undefined, (key) => {
        if (typeof key !== "string" || (source !== null && !isObject(source))) return fail();
        const item = indexed(source, key);
        const named = member.bind === undefined ? bound : withVariable(bound, member.bind, item);
        if (member.value) this.#bind(member.value, item, named, value, (next) => from(at + 1, next));
        else from(at + 1, named);
      });
    };
    from(0, env);
  }

  #assign(node: Node & { kind: "assign" }, env: Env, value: Value, emit: (result: Value) => void): void {
    const { operator, left, right } = node;
    const paths = () => this.paths({ node: left, env }, value);
    if (operator === "|=") {
      emit(this.#update(paths(), { node: right, env }, value));
      return;
    }
    for (const operand of this.all({ node: right, env }, value)) {
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
  #update(paths: readonly (readonly Value[])[], update: Closure, value: Value): Value {
    let state = value;
    const gone: (readonly Value[])[] = [];
    for (const path of paths) {
      let next: { readonly value: Value } | undefined;
      this.untilBroken((leave) =>
        this.run(update, getPath(state, path), undefined, (result) => {
          next = { value: result };
          leave();
        }),
      );
      if (next) state = setPath(state, path, next.value);
      else gone.push(path);
    }
    return gone.length === 0 ? state : deletePaths(state, gone);
  }

  #call(name: string, args: readonly Node[], env: Env, value: Value, path: Path, emit: Emit): void {
    const key = `${name}/${args.length}`;
    const found = findFunction(env, key);
    const closures = args.map((node): Closure => ({ node, env }));
    if (found) {
      this.#apply(found, closures, value, path, emit);
      return;
    }
    const special = specialForms.get(key);
    if (special) {
      special(this, closures, value, path, emit);
      return;
    }
    const native = natives.get(key);
    if (native) {
      this.#native(native, closures, value, (result) => emit(result, path === undefined ? undefined : null));
      return;
    }
    const definition = preludeDefinition(key);
    if (!definition) {
      inexact(`the function ${key}`);
      return;
    }
    this.#apply({ definition, env: undefined }, closures, value, path, emit);
  }

  #native(
    native: (input: Value, ...args: Value[]) => Value,
    closures: readonly Closure[],
    value: Value,
    emit: (result: Value) => void,
  ): void {
    const [first, ...more] = closures.map((closure) => this.all(closure, value));
    if (first === undefined) {
      emit(native(value));
      return;
    }
    const rest = more.map(requireOne);
    if (rest.length > 0) requireOne(first);
    for (const each of first) emit(native(value, each, ...rest));
  }

  #apply(callable: Callable, closures: readonly Closure[], value: Value, path: Path, emit: Emit): void {
    if ("closure" in callable) {
      this.run(callable.closure, value, path, emit);
      return;
    }
    const { definition } = callable;
    const from = (at: number, env: Env): void => {
      const parameter = definition.parameters[at];
      const closure = closures[at];
      if (parameter === undefined || closure === undefined) {
        this.#step(definition.body, env, value, path, emit);
        return;
      }
      if (!parameter.startsWith("$")) {
        from(at + 1, withFunction(env, `${parameter}/0`, { closure }));
        return;
      }
      this.run(closure, value, undefined, (argument) => {
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

  #variable(env: Env, name: string): Value {
    const value = findVariable(env, name);
    return value === undefined || value instanceof Label ? inexact(`the variable ${name}`) : value;
  }
}

/** Those who take a result raise errors of their own, which the `try` around the result's source must not catch. */
function passing(take: () => void): void {
  try {
    take();
  } catch (error) {
    throw error instanceof JqError ? new Passing(error) : error;
  }
}

function requireOne(values: readonly Value[]): Value {
  const [only, ...more] = values;
  return only === undefined || more.length > 0 ? inexact("the order of several arguments") : only;
}

function ignoresInput(node: Node): boolean {
  if (node.kind === "constant" || node.kind === "variable") return true;
  if (node.kind === "call") return node.name === "empty";
  if (node.kind === "array") return node.body === undefined || ignoresInput(node.body);
  if (node.kind === "comma") return ignoresInput(node.left) && ignoresInput(node.right);
  return node.kind === "object" && node.members.every(({ key, value }) => ignoresInput(key) && ignoresInput(value));
}
