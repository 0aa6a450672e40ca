/** Regular expressions that Go's RE2 (gojq) and Oniguruma (jq) match alike, leftmost first. */

/** What an expression asks of the strings it runs on, to be the same for both. */
export interface RegexNeeds {
  /** Classes such as `\w` and case folding differ outside ASCII. */
  readonly ascii: boolean;
  /** `$` also matches before a last newline in Oniguruma. */
  readonly noFinalNewline: boolean;
}

/** One piece of the common syntax: escapes, classes without nesting, groups, anchors, quantifiers, plain text. */
const piece =
  /\\[dwsbDWSB]|\\[.\\/+*?()[\]{}|^$-]|\\[ntr]|\[\^?\]?(?:[^\]\\[&]|\\[dwsnt.\\/+*?()[\]{}|^$-])+\]|\((?:\?:|\?P?<[A-Za-z_]\w*>)?|\)|[.^$|]|(?:[*+?]|\{\d{1,3}(?:,\d{0,3})?\})\??|[^\\[\](){}.^$|*+?]/gy;

/** Undefined where the pattern is outside the common syntax. `all`: every match is used, so none may be empty. */
export function regexNeeds(pattern: string, flags: string, all: boolean): RegexNeeds | undefined {
  if (!/^[gi]*$/.test(flags)) return undefined;
  const pieces: readonly string[] = pattern.match(piece) ?? [];
  if (pieces.join("") !== pattern) return undefined;
  // A quantifier after another is possessive in one syntax and an error in the other; after "(" it is look-around.
  if (pieces.some((text, at) => isQuantifier(text) && !quantifiable(pieces[at - 1] ?? ""))) return undefined;
  if (turns(pieces) > mostTurns) return undefined;
  const compiled = compile(pattern.replaceAll("(?P<", "(?<"));
  if (!compiled) return undefined;
  if ((all || flags.includes("g")) && probes.some((probe) => compiled.exec(probe)?.[0] === "")) return undefined;
  return {
    ascii: flags.includes("i") || /\\[dwsbDWSB]/.test(pattern),
    noFinalNewline: pieces.includes("$"),
  };
}

/** Counted quantifiers multiply where groups hold each other: trying the pattern out must not take long. */
const mostTurns = 10_000;

function turns(pieces: readonly string[]): number {
  const counts = pieces.flatMap((text) => /^\{(\d+)(?:,(\d*))?\}/.exec(text)?.slice(1) ?? []);
  return counts.reduce((product, count) => product * Math.max(1, Number(count || 1)), 1);
}

const probes = ["", "a", " a", "a b", "1", "-", "\n", "A.a"];

const quantifiable = (text: string) => !isQuantifier(text) && !/^(?:|\||\^|\$|\(.*)$/.test(text);

const isQuantifier = (text: string) => /^(?:[*+?]|\{\d+(?:,\d*)?\})\??$/.test(text);

function compile(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern);
  } catch {
    return undefined;
  }
}
