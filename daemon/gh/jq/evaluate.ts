/**
 * Evaluates a program as gojq does: every result is handed to `emit`, in order. Where paths are asked for, each value
 * comes with its own; a computed value has none (`null`), and gh runs a program that asks for it.
 */
import { operate } from "./arithmetic.ts";
import type { Node } from "./ast.ts";
import { bind, foreach, reduce } from "./bindings.ts";
import { call } from "./calls.ts";
import { tryCatch } from "./catch.ts";
import { index, object, slice, text } from "./construct.ts";
import type { Emit, JqMachine, Path } from "./evaluation.ts";
import { format } from "./formats.ts";
import { getPath } from "./indexing.ts";
import {
  Break,
  type Closure,
  emptyEnv,
  findVariable,
  JqLabel,
  type JqScope,
  labelOf,
  withDefinition,
  withVariable,
} from "./scopes.ts";
import { assign } from "./updates.ts";
import { exact, fail, inexact, isArray, isObject, isTrue, JqError, sortedKeys, type Value } from "./values.ts";

/** More steps than the caller allows. */
export class TooMuchWork extends Error {}

/** The limits of a program, and the current time. */
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

class Evaluator implements JqMachine {
  readonly now: number;
  #left: number;

  constructor({ steps, now }: Limits) {
    this.#left = steps;
    this.now = now;
  }

  run({ node, env }: Closure, value: Value, path: Path, emit: Emit): void {
    this.step(node, env, value, path, emit);
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
    const label = new JqLabel();
    try {
      body(() => {
        throw new Break(label);
      });
    } catch (error) {
      if (!(error instanceof Break) || error.label !== label) throw error;
    }
  }

  step(node: Node, env: JqScope, value: Value, path: Path, emit: Emit): void {
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
        text(this, node.format, node.parts, env, value, (text) => emit(text, computed));
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
        index(this, node, env, value, path, emit);
        return;
      }
      case "slice": {
        slice(this, node, env, value, path, emit);
        return;
      }
      case "each": {
        this.step(node.term, env, value, path, (term, at) => this.each(term, at, emit));
        return;
      }
      case "array": {
        const body = node.body;
        emit(body ? this.all({ node: body, env }, value) : [], computed);
        return;
      }
      case "object": {
        object(this, node.members, 0, new Map(), env, value, (made) => emit(made, computed));
        return;
      }
      case "negate": {
        this.step(node.body, env, value, undefined, (number) => {
          emit(typeof number === "number" ? exact(-number) : fail(), computed);
        });
        return;
      }
      case "pipe": {
        this.step(node.left, env, value, path, (result, at) => this.step(node.right, env, result, at, emit));
        return;
      }
      case "comma":
        this.step(node.left, env, value, path, emit);
        {
          this.step(node.right, env, value, path, emit);
          return;
        }
      case "binary": {
        this.#binary(node, env, value, path, emit);
        return;
      }
      case "assign": {
        assign(this, node, env, value, (result) => emit(result, computed));
        return;
      }
      case "if": {
        this.step(node.condition, env, value, undefined, (condition) => {
          if (isTrue(condition)) this.step(node.then, env, value, path, emit);
          else if (node.otherwise) this.step(node.otherwise, env, value, path, emit);
          else emit(value, path);
        });
        return;
      }
      case "try": {
        tryCatch(this, node, env, value, path, emit);
        return;
      }
      case "reduce": {
        reduce(this, node, env, value, path, emit);
        return;
      }
      case "foreach": {
        foreach(this, node, env, value, path, emit);
        return;
      }
      case "bind": {
        this.step(node.source, env, value, undefined, (source) => {
          bind(this, node.pattern, source, env, value, (bound) => this.step(node.body, bound, value, path, emit));
        });
        return;
      }
      case "label": {
        const label = new JqLabel();
        try {
          this.step(node.body, withVariable(env, `*${node.name}`, label), value, path, emit);
          return;
        } catch (error) {
          if (error instanceof Break && error.label === label) return;
          throw error;
        }
      }
      case "break":
        throw new Break(labelOf(env, node.name));
      case "define": {
        this.step(node.body, withDefinition(env, node.definition), value, path, emit);
        return;
      }
      case "call": {
        call(this, node.name, node.args, env, value, path, emit);
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

  #binary(node: Node & { kind: "binary" }, env: JqScope, value: Value, path: Path, emit: Emit): void {
    const { operator, left, right } = node;
    const computed: Path = path === undefined ? undefined : null;
    if (operator === "//") {
      this.#alternative(left, right, env, value, path, emit);
      return;
    }
    if (operator === "and" || operator === "or") {
      this.step(left, env, value, undefined, (first) => {
        if (isTrue(first) === (operator === "or")) return emit(operator === "or", computed);
        this.step(right, env, value, undefined, (second) => emit(isTrue(second), computed));
      });
      return;
    }
    this.step(right, env, value, undefined, (second) => {
      this.step(left, env, value, undefined, (first) => emit(operate(operator, first, second), computed));
    });
  }

  /** The results of the left that are neither null nor false; where there are none, those of the right. */
  #alternative(left: Node, right: Node, env: JqScope, value: Value, path: Path, emit: Emit): void {
    let found = false;
    this.step(left, env, value, path, (result, at) => {
      if (!isTrue(result)) return;
      found = true;
      emit(result, at);
    });
    if (!found) this.step(right, env, value, path, emit);
  }

  #variable(env: JqScope, name: string): Value {
    const value = findVariable(env, name);
    return value === undefined || value instanceof JqLabel ? inexact(`the variable ${name}`) : value;
  }
}
