/** The part of the evaluation that functions with expressions as arguments use. */
import type { Node } from "./ast.ts";
import type { Closure, JqScope } from "./scopes.ts";
import type { Value } from "./values.ts";

/** Keys from the root; `null` for a value that stands nowhere in it; undefined where paths are not asked for. */
export type Path = readonly Value[] | null | undefined;
export type Emit = (value: Value, path: Path) => void;

export interface JqMachine {
  /** Seconds since the epoch. */
  readonly now: number;
  /** Every result of an expression on a value. */
  run(closure: Closure, value: Value, path: Path, emit: Emit): void;
  /** As {@link run}, of a part of a program. */
  step(node: Node, env: JqScope, value: Value, path: Path, emit: Emit): void;
  /** The paths of an expression's results in a value. */
  paths(closure: Closure, value: Value): readonly (readonly Value[])[];
  /** The results without their paths. */
  all(closure: Closure, value: Value): readonly Value[];
  /** The value at a path. */
  at(value: Value, path: Path, keys: Value, emit: Emit): void;
  /** Counts work that a function does by itself. */
  work(steps: number): void;
  /** Runs `body` with a function that ends it. */
  untilBroken(body: (leave: () => never) => void): void;
}

/** A function that takes expressions and decides itself when, and how often, they run. */
export type SpecialForm = (machine: JqMachine, args: readonly Closure[], value: Value, path: Path, emit: Emit) => void;
