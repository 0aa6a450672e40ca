/** The names that an expression sees. */
import type { Definition, Node } from "./ast.ts";
import { inexact, type Value } from "./values.ts";

/** An expression with the names that it sees. */
export interface Closure {
  readonly node: Node;
  readonly env: JqScope;
}

export type Callable =
  | { readonly definition: Definition; readonly env: JqScope | undefined }
  | { readonly closure: Closure };

interface FunctionScope {
  readonly key: string;
  readonly callable: Callable;
  readonly outer: FunctionScope | undefined;
}

interface VariableScope {
  readonly name: string;
  readonly value: Value | JqLabel;
  readonly outer: VariableScope | undefined;
}

export interface JqScope {
  readonly functions: FunctionScope | undefined;
  readonly variables: VariableScope | undefined;
}

export const emptyEnv: JqScope = { functions: undefined, variables: undefined };

/** The target of `break`. */
export class JqLabel {}

export class Break {
  readonly label: object;

  constructor(label: object) {
    this.label = label;
  }
}

export function findVariable(env: JqScope, name: string): Value | JqLabel | undefined {
  for (let scope = env.variables; scope; scope = scope.outer) if (scope.name === name) return scope.value;
  return undefined;
}

export function labelOf(env: JqScope, name: string): JqLabel {
  const label = findVariable(env, `*${name}`);
  return label instanceof JqLabel ? label : inexact("break");
}

export function findFunction(env: JqScope, key: string): Callable | undefined {
  for (let scope = env.functions; scope; scope = scope.outer) if (scope.key === key) return scope.callable;
  return undefined;
}

export function withVariable(env: JqScope, name: string, value: Value | JqLabel): JqScope {
  return { ...env, variables: { name, value, outer: env.variables } };
}

export function withFunction(env: JqScope, key: string, callable: Callable): JqScope {
  return { ...env, functions: { key, callable, outer: env.functions } };
}

export function withDefinition(env: JqScope, definition: Definition): JqScope {
  return withFunction(env, `${definition.name}/${definition.parameters.length}`, { definition, env });
}
