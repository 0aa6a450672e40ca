/** A value that is made when it is first asked for, and kept. The thin client loads this file, so it imports nothing. */
export function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
