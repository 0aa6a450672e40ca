/**
 * Go's regular expressions (RE2) written as JavaScript's. Rare syntax, and syntax that the two match differently, has
 * no translation.
 */

export interface Compiled {
  readonly regex: RegExp;
  /** Of each capturing group, in order; null for a nameless one. */
  readonly names: readonly (string | null)[];
}

const classes: Readonly<Record<string, string>> = {
  d: "0-9",
  w: "0-9A-Za-z_",
  s: "\\t\\n\\f\\r ",
  "[:alpha:]": "A-Za-z",
  "[:digit:]": "0-9",
  "[:alnum:]": "0-9A-Za-z",
  "[:upper:]": "A-Z",
  "[:lower:]": "a-z",
  "[:space:]": "\\t\\n\\v\\f\\r ",
};

const controls: Readonly<Record<string, string>> = { n: "\\n", t: "\\t", r: "\\r", f: "\\f", v: "\\v" };

const literal = (character: string) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;

const categories = /^[pP](?:[LNPSZMC]|\{\^?(?:L[ultmo]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?|M[nce]?)\})/;

interface Group {
  /** Where its translation begins. */
  readonly start: number;
  /** How many groups captured before it. */
  readonly captures: number;
}

/** The translation; undefined where there is none. `fold`: without regard to case. */
export function translate(pattern: string, fold: boolean): Compiled | undefined {
  const leading = /^\(\?i\)/.exec(pattern)?.[0] ?? "";
  const flags = fold || leading !== "" ? "dgiu" : "dgu";
  if (turns(pattern) > mostTurns) return undefined;
  const translator = new Translator(pattern.slice(leading.length));
  try {
    const source = translator.source();
    return source === undefined ? undefined : { regex: new RegExp(source, flags), names: translator.names };
  } catch {
    return undefined;
  }
}

/** Counted quantifiers multiply where groups hold each other: trying the pattern out must not take long. */
const mostTurns = 10_000;

function turns(pattern: string): number {
  const counts = [...pattern.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].flatMap((match) => match.slice(1));
  return counts.reduce((product, count) => product * Math.max(1, Number(count || 1)), 1);
}

class Translator {
  readonly names: (string | null)[] = [];
  readonly #groups: Group[] = [];
  #rest: string;
  #out = "";
  /** Where the last piece that can be repeated begins in the translation; and, of a group, its captures. */
  #last: { readonly start: number; readonly group?: Group } | undefined;

  constructor(pattern: string) {
    this.#rest = pattern;
  }

  source(): string | undefined {
    while (this.#rest !== "") if (!this.#piece()) return undefined;
    return this.#groups.length === 0 ? this.#out : undefined;
  }

  #take(rule: RegExp): RegExpExecArray | null {
    const match = rule.exec(this.#rest);
    if (match) this.#rest = this.#rest.slice(match[0].length);
    return match;
  }

  #put(text: string, repeatable: boolean): true {
    this.#last = repeatable ? { start: this.#out.length } : undefined;
    this.#out += text;
    return true;
  }

  #piece(): boolean {
    const quantifier = this.#take(/^(?:[*+?]|\{\d{1,3}(?:,\d{0,3})?\})\??/);
    if (quantifier) return this.#quantify(quantifier[0]);
    if (this.#take(/^\(/)) return this.#open();
    if (this.#take(/^\)/)) return this.#close();
    if (this.#take(/^\[/)) return this.#class();
    if (this.#take(/^\\/)) return this.#escape();
    if (this.#take(/^\./)) return this.#put("[^\\n]", true);
    const anchor = this.#take(/^[\^$|]/);
    if (anchor) return this.#put(anchor[0], false);
    // A brace that begins no count is a literal one in Go.
    if (/^[{}\]]/.test(this.#rest)) return false;
    return this.#put(literal(this.#take(/^./su)?.[0] ?? ""), true);
  }

  #quantify(text: string): boolean {
    const last = this.#last;
    if (!last) return false;
    const repeats = !text.startsWith("?");
    if (last.group && repeats) {
      // An iteration that matches nothing ends a loop in one, and clears captures in the other.
      if (last.group.captures < this.names.length) return false;
      if (new RegExp(`^(?:${this.#out.slice(last.start)})$`, "u").test("")) return false;
    }
    this.#last = undefined;
    this.#out += text;
    return true;
  }

  #open(): boolean {
    const group = { start: this.#out.length, captures: this.names.length };
    const [head, name] = this.#take(/^\?P?<([A-Za-z_]\w*)>/) ?? this.#take(/^\?:/) ?? [""];
    if (head === "" && this.#rest.startsWith("?")) return false;
    if (name !== undefined && this.names.includes(name)) return false;
    if (head !== "?:") this.names.push(name ?? null);
    this.#groups.push(group);
    return this.#put(head === "?:" ? "(?:" : "(", false);
  }

  #close(): boolean {
    const group = this.#groups.pop();
    if (!group) return false;
    this.#out += ")";
    this.#last = { start: group.start, group };
    return true;
  }

  #escape(): boolean {
    const category = this.#take(categories);
    if (category) return this.#put(`\\${negated(category[0])}`, true);
    const letter = this.#take(/^./su)?.[0] ?? "";
    const known = classes[letter] ?? classes[letter.toLowerCase()];
    if (/^[dwsDWS]$/.test(letter)) return this.#put(`[${letter === letter.toLowerCase() ? "" : "^"}${known}]`, true);
    if (letter === "b" || letter === "B") return this.#put(`\\${letter}`, false);
    if (letter === "A") return this.#put("^", false);
    if (letter === "z") return this.#put("$", false);
    const control = controls[letter];
    if (control !== undefined) return this.#put(control, true);
    return /^[!-/:-@[-`{-~]$/.test(letter) ? this.#put(literal(letter), true) : false;
  }

  #class(): boolean {
    let out = this.#take(/^\^/) ? "[^" : "[";
    for (let first = true; ; first = false) {
      if (!first && this.#take(/^\]/)) return this.#put(`${out}]`, true);
      const named = this.#take(/^\[:[a-z]+:\]/);
      const item = named ? classes[named[0]] : this.#classItem(first);
      if (item === undefined) return false;
      out += item;
    }
  }

  #classItem(first: boolean): string | undefined {
    const set = this.#take(/^\\([dws])/)?.[1];
    if (set !== undefined) return classes[set];
    if (this.#take(/^\\/)) {
      const category = this.#take(categories);
      if (category) return `\\${negated(category[0])}`;
      const letter = this.#take(/^./su)?.[0] ?? "";
      return controls[letter] ?? (/^[!-/:-@[-`{-~]$/.test(letter) ? literal(letter) : undefined);
    }
    // A range; a dash that is no range stands at an end.
    if (this.#take(/^-/))
      return first || this.#rest.startsWith("]") ? literal("-") : this.#rest === "" ? undefined : "-";
    const character = this.#take(first ? /^[^[\\]/su : /^[^[\]\\]/su)?.[0];
    return character === undefined ? undefined : literal(character);
  }
}

/** `\p{^L}` is `\P{L}`, `\pL` is `\p{L}`. */
function negated(category: string): string {
  const [, letter = "p", caret, name = "L"] = /^([pP])\{?(\^?)([A-Za-z]+)\}?$/.exec(category) ?? [];
  const other = letter === "p" ? "P" : "p";
  return `${caret === "^" ? other : letter}{${name}}`;
}
