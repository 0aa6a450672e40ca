/** What this evaluator does not know, or what gh answers with an error: the real gh must do it. */
export class TemplateNative extends Error {
  override readonly name = "TemplateNative";
}

/** Throws {@link TemplateNative}. */
export function native(reason: string): never {
  throw new TemplateNative(reason);
}
