/**
 * The JSON of GitHub's answer, parsed once: the check of its form, its encoding and the visibility check use it in
 * turn.
 */
import { parseJson } from "../../shared/parse-json.ts";

const parsed = new WeakMap<Uint8Array, { readonly value: unknown }>();

/** Undefined where it is not JSON. Callers must not change it. */
export function jsonOf(body: Uint8Array): unknown {
  const known = parsed.get(body) ?? { value: parseJson(new TextDecoder().decode(body)) };
  parsed.set(body, known);
  return known.value;
}
