/** Arguments whose order of several results is not reproduced here. */
import { inexact, type Value } from "./values.ts";

/** The only result; several, or none, are left to gh. */
export function requireOne(values: readonly Value[]): Value {
  const [only, ...more] = values;
  return only === undefined || more.length > 0 ? inexact("the order of several arguments") : only;
}
