/** Thrown for anything that this evaluator does not support, or that gh answers with an error: the real gh runs. */
export class TemplateNative extends Error {
  override readonly name = "TemplateNative";
}

/** Throws {@link TemplateNative}. */
export function native(reason: string): never {
  throw new TemplateNative(reason);
}
