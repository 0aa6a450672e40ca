/** `try … catch …` of a jq program. */
import type { Node } from "./ast.ts";
import type { Emit, JqMachine, Path } from "./evaluation.ts";
import type { JqScope } from "./scopes.ts";
import { inexact, JqError, type Value } from "./values.ts";

/** An error on its way past a `try` whose body did not raise it. */
class Passing {
  readonly error: unknown;
  /** The run of that `try`: the inner ones, which it passes first, do not catch it. */
  readonly of: object;

  constructor(error: unknown, of: object) {
    this.error = error;
    this.of = of;
  }
}

export function tryCatch(
  machine: JqMachine,
  { body, handler }: Node & { kind: "try" },
  env: JqScope,
  value: Value,
  path: Path,
  emit: Emit,
): void {
  const self = {};
  let caught: JqError | undefined;
  try {
    machine.run({ node: body, env }, value, path, (result, at) => passing(() => emit(result, at), self));
  } catch (error) {
    if (error instanceof Passing) throw error.of === self ? error.error : error;
    if (!(error instanceof JqError)) throw error;
    caught = error;
  }
  if (!caught || !handler) return;
  const known = caught.value;
  if (known === undefined && !ignoresInput(handler)) inexact("the words of an error");
  machine.run({ node: handler, env }, known ?? null, path === undefined ? undefined : null, emit);
}

/** An error of a result's consumer must not be caught by the `try` around the result's source. */
function passing(take: () => void, of: object): void {
  try {
    take();
  } catch (error) {
    throw error instanceof JqError ? new Passing(error, of) : error;
  }
}

/** Whether a handler gives the same results for every error. */
function ignoresInput(node: Node): boolean {
  if (node.kind === "constant" || node.kind === "variable") return true;
  if (node.kind === "call") return node.name === "empty";
  if (node.kind === "array") return node.body === undefined || ignoresInput(node.body);
  if (node.kind === "comma") return ignoresInput(node.left) && ignoresInput(node.right);
  return node.kind === "object" && node.members.every(({ key, value }) => ignoresInput(key) && ignoresInput(value));
}
