import type { Choices } from "./random.ts";

/** A text made of parts, some of which can stand alone: the form in which a program is generated and shrunk. */
export interface TextTree {
  readonly parts: readonly (string | TextTree)[];
}

export function textOf({ parts }: TextTree): string {
  return parts.map((part) => (typeof part === "string" ? part : textOf(part))).join("");
}

/** Every tree in which one part has become one of its own parts, or the simplest, the largest cuts first. */
export function* smallerTrees(tree: TextTree, simplest: string): Generator<TextTree> {
  for (const part of tree.parts) if (typeof part !== "string") yield part;
  if (textOf(tree) !== simplest && textOf(tree).length > simplest.length) yield { parts: [simplest] };
  for (const [at, part] of tree.parts.entries()) {
    if (typeof part === "string") continue;
    for (const smaller of smallerTrees(part, simplest)) yield { parts: tree.parts.with(at, smaller) };
  }
}

/** Rules by name: each alternative is a text in which `<name>` stands for another rule, where there is one of that name. */
export type Grammar = Readonly<Record<string, readonly string[]>>;

/** A tree of a rule. Below `depth` only alternatives without further rules are taken, where there are any. */
export function grow(grammar: Grammar, rule: string, depth: number, random: Choices): TextTree {
  const alternatives = grammar[rule] ?? [];
  const ruleOf = (part: string) => {
    const name = /^<([a-z]+)>$/.exec(part)?.[1] ?? "";
    return name in grammar ? name : undefined;
  };
  const split = (text: string) => text.split(/(<[a-z]+>)/);
  const ends = alternatives.filter((alternative) => split(alternative).every((part) => ruleOf(part) === undefined));
  const chosen = random.pick(depth <= 0 && ends.length > 0 ? ends : alternatives);
  const parts = split(chosen).map((part) => {
    const name = ruleOf(part);
    return name === undefined ? part : grow(grammar, name, depth - 1, random);
  });
  return { parts };
}
