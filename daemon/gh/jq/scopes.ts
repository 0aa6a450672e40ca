/** The names that an expression sees. */
import type { Definition, Node } from "./ast.ts";
import { inexact, type Value } from "./values.ts";

/** An expression with the names that it sees. */
export interface Closure {
  readonly node: Node;
  readonly env: Env;
}

export type Callable =
  | { readonly definition: Definition; readonly env: Env | undefined }
  | { readonly closure: Closure };

interface FunctionScope {
  readonly key: string;
  readonly callable: Callable;
  readonly outer: FunctionScope | undefined;
}

interface VariableScope {
  readonly name: string;
  readonly value: Value | Label;
  readonly outer: VariableScope | undefined;
}

export interface Env {
  readonly functions: FunctionScope | undefined;
  readonly variables: VariableScope | undefined;
}

export const emptyEnv: Env = { functions: undefined, variables: undefined };

/** What `break` unwinds to. */
export class Label {}

export class Break {
  readonly label: object;

  constructor(label: object) {
    this.label = label;
  }
}

export function findVariable(env: Env, name: string): Value | Label | undefined {
  for (let scope = env.variables; scope; scope = scope.outer) if (scope.name === name) return scope.value;
  return undefined;
}

export function labelOf(env: Env, name: string): Label {
  const label = findVariable(env, `*${name}`);
  return label instanceof Label ? label : inexact("break");
}

export function findFunction(env: Env, key: string): Callable | undefined {
  for (let scope = env.functions; scope; scope = scope.outer) if (scope.key === key) return scope.callable;
  return undefined;
}

export function withVariable(env: Env, name: string, value: Value | Label): Env {
  return { ...env, variables: { name, value, outer: env.variables } };
}

export function withFunction(env: Env, key: string, callable: Callable): Env {
  return { ...env, functions: { key, callable, outer: env.functions } };
}

export function withDefinition(env: Env, definition: Definition): Env {
  return withFunction(env, `${definition.name}/${definition.parameters.length}`, { definition, env });
}
