/** Decides from its tokens whether an expression means the same to jq as to gh's gojq, and makes it so where it can. */
import {
  asciiFunctions,
  builtins,
  definitionsFor,
  iterators,
  loops,
  regexFunctions,
  unsortedMakers,
} from "./builtins.ts";
import { regexNeeds } from "./regex.ts";
import type { Token } from "./tokens.ts";

/** A program for jq, or why there is none. */
export type Plan =
  | { readonly kind: "run"; readonly program: string; readonly ascii: boolean; readonly noFinalNewline: boolean }
  | { readonly kind: "native"; readonly reason: string };

class Different extends Error {}

const differ = (what: string): never => {
  throw new Different(`jq and gh differ in ${what}`);
};

/** Reads the tokens of an expression. */
export function plan(tokens: readonly Token[]): Plan {
  try {
    return new Scan(tokens.filter(({ kind }) => kind !== "space")).plan();
  } catch (error) {
    if (error instanceof Different) return { kind: "native", reason: error.message };
    throw error;
  }
}

const formats = new Set(["@json", "@text", "@csv", "@tsv", "@html", "@base64", "@base64d", "@sh"]);
const assignments = new Set(["=", "|=", "+=", "-=", "*=", "/=", "%=", "//="]);

class Scan {
  readonly #words: readonly Token[];
  readonly #output: string[];
  /** Functions that the expression itself defines, with their parameters. */
  readonly #defined = new Set<string>();
  #ascii = false;
  #noFinalNewline = false;
  /** Where the members of an object may be visited in its own order. */
  readonly #visits: number[] = [];
  /** From where on an object with unsorted keys may be met. */
  readonly #unsorted: number[] = [];

  constructor(words: readonly Token[]) {
    this.#words = words;
    this.#output = words.map(({ text }) => text);
  }

  plan(): Plan {
    this.#collectDefinitions();
    this.#words.forEach((word, at) => {
      this.#check(word, at);
    });
    const firstUnsorted = Math.min(...this.#unsorted);
    if (this.#visits.some((at) => at > firstUnsorted)) differ("the order of an object's members");
    this.#sortLiterals();
    return {
      kind: "run",
      program: definitionsFor(this.#join()),
      ascii: this.#ascii,
      noFinalNewline: this.#noFinalNewline,
    };
  }

  #text(at: number): string {
    return this.#words[at]?.text ?? "";
  }

  #kind(at: number): Token["kind"] | undefined {
    return this.#words[at]?.kind;
  }

  #collectDefinitions() {
    this.#words.forEach(({ kind, text }, at) => {
      if (kind !== "keyword" || text !== "def") return;
      if (this.#text(at + 1).startsWith("_")) differ("a definition that may be one of ours");
      this.#defined.add(this.#text(at + 1));
      if (this.#text(at + 2) !== "(") return;
      for (const name of this.#words.slice(at + 3, this.#closing(at + 2))) {
        if (name.kind === "name") this.#defined.add(name.text);
      }
    });
  }

  #check({ kind, text }: Token, at: number) {
    if (kind === "keyword") this.#checkKeyword(text, at);
    else if (kind === "name") this.#checkName(text, at);
    else if (kind === "number") this.#output[at] = canonicalNumber(text);
    else if (kind === "format") this.#checkFormat(text, at);
    else if (kind === "variable" && /::|^\$(ENV|__)/.test(text)) differ(text);
    else if (kind === "field" && this.#text(at - 1) === "..") differ("..name");
    else if (kind === "open") this.#output[at] = "\\((";
    else if (kind === "close") this.#output[at] = ")|_str)";
    else if (kind === "operator") this.#checkOperator(text, at);
  }

  #checkKeyword(text: string, at: number) {
    if (this.#text(at + 1) === ":") differ(`the keyword ${text} as a key`);
    if (["catch", "import", "include", "__loc__"].includes(text)) differ(text);
    if (text === "try" && this.#indexesAnything()) differ("an index of text whose error is suppressed");
  }

  #checkName(text: string, at: number) {
    if (this.#isKey(at) || this.#defined.has(text) || text === "break") return;
    const count = this.#argumentCount(at);
    if (text.includes("::") || !builtins.get(text)?.has(count)) differ(`${text}/${count}`);
    if (asciiFunctions.has(text)) this.#ascii = true;
    if (iterators.has(text)) this.#visits.push(at);
    if (unsortedMakers.has(text)) this.#unsorted.push(this.#flowStart(at));
    const regex = regexFunctions.get(text) ?? (text === "split" && count === 2 ? { flags: 1, all: true } : undefined);
    if (regex) this.#checkRegex(at, regex);
  }

  #checkRegex(at: number, { flags, all }: { readonly flags: number; readonly all: boolean }) {
    const pattern = this.#literal(this.#argument(at, 0)) ?? differ("a computed regular expression");
    const flagArgument = this.#argument(at, flags);
    const flagText = flagArgument.length === 0 ? "" : this.#literal(flagArgument);
    const needs = flagText === undefined ? undefined : regexNeeds(pattern, flagText, all);
    if (!needs) return differ(`the regular expression ${JSON.stringify(pattern)}`);
    this.#ascii ||= needs.ascii;
    this.#noFinalNewline ||= needs.noFinalNewline;
  }

  #checkFormat(text: string, at: number) {
    if (!formats.has(text) || this.#kind(at + 1) === "quote") differ(text);
    if (text === "@json") this.#output[at] = "tojson";
    else if (text === "@text") this.#output[at] = "tostring";
    else
      this.#output[at] = text === "@csv" || text === "@tsv" || text === "@sh" ? `(_cells|${text})` : `(_str|${text})`;
  }

  #checkOperator(text: string, at: number) {
    const next = this.#text(at + 1);
    if (text === "?//" || text === "?//=") differ("?//");
    if (text === "." && next === "[" && this.#endsTerm(at - 1)) differ(".[ after a term");
    if (text === "?") this.#checkSuppressed(at);
    if (text === ".." || (text === "[" && next === "]" && this.#endsTerm(at - 1))) this.#visits.push(at);
    if (assignments.has(text)) this.#unsorted.push(this.#flowStart(at));
    if ((text === "+" || text === "*") && !this.#scalarBeside(at)) this.#unsorted.push(this.#flowStart(at));
  }

  /** gojq finds a character where jq reports an error, which shows where errors are suppressed. */
  #checkSuppressed(at: number) {
    const before = this.#text(at - 1);
    const kind = this.#kind(at - 1);
    if (kind === "field" || kind === "quote" || before === ".." || before === ".") return;
    const index = before === "]" ? this.#isNumericIndex(at - 1) : this.#indexesAnything();
    if (index) differ("an index of text whose error is suppressed");
  }

  #indexesAnything(): boolean {
    return this.#words.some(
      ({ kind, text }, at) =>
        (text === "]" && this.#isNumericIndex(at)) || (kind === "name" && ["first", "last", "nth"].includes(text)),
    );
  }

  /** Whether the bracket that closes at `at` holds an index that may be a number. */
  #isNumericIndex(at: number): boolean {
    if (this.#kind(at) !== "operator") return false;
    const open = this.#words.findIndex(
      (_word, position) => this.#text(position) === "[" && this.#closing(position) === at,
    );
    const inside = this.#words.slice(open + 1, at);
    if (open < 0 || inside.length === 0 || !this.#endsTerm(open - 1)) return false;
    return inside[0]?.kind !== "quote" && !inside.some(({ kind, text }) => kind === "operator" && text === ":");
  }

  /** Whether an operand next to an operator is text or a number, so that no objects are merged. */
  #scalarBeside(at: number): boolean {
    const scalar = (position: number) =>
      this.#kind(position) === "quote" || this.#kind(position) === "number" || this.#text(position) === "length";
    return scalar(at - 1) || scalar(at + 1) || this.#text(at + 1) === "[" || this.#text(at - 1) === "]";
  }

  /** Whether a term ends here, so that `[` after it indexes and does not build an array. */
  #endsTerm(at: number): boolean {
    const kind = this.#kind(at);
    if (kind === "operator") return [")", "]", "}", ".", "..", "?"].includes(this.#text(at));
    if (kind === "keyword") return this.#text(at) === "end";
    return kind === "field" || kind === "name" || kind === "variable" || kind === "quote" || kind === "close";
  }

  /** `{name: …}` and `{name, …}`. */
  #isKey(at: number): boolean {
    const before = this.#text(at - 1);
    const after = this.#text(at + 1);
    return (
      (before === "{" || before === ",") && (after === ":" || ((after === "," || after === "}") && this.#inObject(at)))
    );
  }

  #inObject(at: number): boolean {
    let depth = 0;
    for (let position = at - 1; position >= 0; position--) {
      if (this.#kind(position) === "chunk" || this.#kind(position) === "quote") continue;
      const text = this.#text(position);
      if (")]}".includes(text)) depth++;
      else if (text === "(" || text === "[" || text === "{" || text === "\\(") {
        if (depth === 0) return text === "{";
        depth--;
      }
    }
    return false;
  }

  /** Index of the bracket that closes the one at `at`. */
  #closing(at: number): number {
    let depth = 0;
    for (let position = at; position < this.#words.length; position++) {
      if (this.#kind(position) === "chunk") continue;
      const text = this.#text(position);
      if (text === "(" || text === "[" || text === "{" || text === "\\(") depth++;
      else if (text === ")" || text === "]" || text === "}") depth--;
      if (depth === 0) return position;
    }
    return differ("unbalanced brackets");
  }

  #argumentRanges(at: number): readonly (readonly [number, number])[] {
    if (this.#text(at + 1) !== "(") return [];
    const end = this.#closing(at + 1);
    const ranges: [number, number][] = [];
    let start = at + 2;
    for (let position = start; position < end; position++) {
      const text = this.#text(position);
      if (this.#kind(position) === "chunk") continue;
      if (text === "(" || text === "[" || text === "{" || text === "\\(") position = this.#closing(position);
      else if (text === ";") {
        ranges.push([start, position]);
        start = position + 1;
      }
    }
    return [...ranges, [start, end]];
  }

  #argumentCount(at: number): number {
    return this.#argumentRanges(at).length;
  }

  #argument(at: number, index: number): readonly Token[] {
    const range = this.#argumentRanges(at)[index];
    return range ? this.#words.slice(range[0], range[1]) : [];
  }

  /** The value of a plain string; undefined for anything else. */
  #literal(tokens: readonly Token[]): string | undefined {
    const [open, chunk, close] = tokens;
    if (open?.kind !== "quote") return undefined;
    if (tokens.length === 2) return "";
    if (tokens.length !== 3 || chunk?.kind !== "chunk" || close?.kind !== "quote") return undefined;
    const value: unknown = JSON.parse(`"${chunk.text}"`);
    return typeof value === "string" ? value : undefined;
  }

  /** The first position that may run after the one at `at`: in loops and definitions that is further back. */
  #flowStart(at: number): number {
    if (this.#defined.size > 0) return -1;
    let start = at;
    let depth = 0;
    for (let position = at - 1; position >= 0; position--) {
      if (this.#kind(position) === "chunk") continue;
      const text = this.#text(position);
      if (text === ")" || text === "]" || text === "}") depth++;
      else if (text === "(" || text === "[" || text === "{" || text === "\\(") {
        if (depth > 0) depth--;
        else if (this.#isLoop(position)) start = position;
      }
    }
    return start;
  }

  /** Whether the parenthesis at `at` holds the body of a loop. */
  #isLoop(at: number): boolean {
    if (this.#text(at) !== "(") return false;
    if (loops.has(this.#text(at - 1))) return true;
    // `reduce … as $x (`, `foreach … as [$a] (`
    return this.#kind(at - 1) === "variable" || this.#text(at - 1) === "]" || this.#text(at - 1) === "}";
  }

  /** Objects are built with their keys in gojq's order wherever something may visit their members later. */
  #sortLiterals() {
    this.#words.forEach(({ kind, text }, at) => {
      if (kind !== "operator" || text !== "{" || this.#isPattern(at)) return;
      const end = this.#closing(at);
      const from = this.#flowStart(at) < at ? this.#flowStart(at) : end;
      if (!this.#visits.some((visit) => visit > from)) return;
      this.#output[at] = `(${this.#output[at]}`;
      this.#output[end] = `${this.#output[end]}|_o)`;
    });
  }

  #isPattern(at: number): boolean {
    for (let position = at; position >= 0; position--) {
      if (this.#text(position) === "as") return this.#closing(position + 1) >= at && this.#text(position + 1) !== "(";
      if (this.#text(position) === "|" || this.#text(position) === "(") return false;
    }
    return false;
  }

  #join(): string {
    let text = "";
    this.#output.forEach((part, at) => {
      const kind = this.#kind(at);
      const before = this.#kind(at - 1);
      const glued = kind === "chunk" || kind === "open" || before === "chunk" || before === "close";
      text += glued || (kind === "quote" && before === "quote") || at === 0 ? part : ` ${part}`;
    });
    return text;
  }
}

/** jq remembers how a number was written, gojq does not: each is given as JavaScript writes it, where that is exact. */
function canonicalNumber(text: string): string {
  const canonical = String(Number(text));
  const plain = /^\d{1,15}$|^\d+\.\d+$/.test(canonical) && canonical.length <= 16;
  return plain ? canonical : differ(`the number ${text}`);
}
