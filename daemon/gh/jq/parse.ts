/** jq programs as gojq 0.12 reads them; what its versions read in different ways is not understood here. */
import type { Definition, Member, Node, Pattern } from "./ast.ts";
import { type Token, tokenize } from "./tokens.ts";

class Unknown extends Error {}

const identity: Node = { kind: "identity" };

/** The program; undefined where it is not understood. */
export function parseProgram(source: string): Node | undefined {
  const tokens = tokenize(source);
  if (!tokens) return undefined;
  try {
    const parser = new Parser(tokens);
    const program = parser.pipe();
    parser.end();
    return program;
  } catch (error) {
    if (error instanceof Unknown) return undefined;
    throw error;
  }
}

/** `def … ;` alone. */
export function parseDefinition(source: string): Definition {
  const program = parseProgram(`${source} .`);
  if (program?.kind !== "define") throw new Error(`no definition: ${source}`);
  return program.definition;
}

const assignments = ["=", "|=", "+=", "-=", "*=", "/=", "%=", "//="];

/** Binary operators, the loosest first; those of one level bind alike. */
const levels: readonly {
  readonly operators: readonly string[];
  readonly side: "left" | "right" | "none";
}[] = [
  { operators: ["//"], side: "right" },
  { operators: assignments, side: "none" },
  { operators: ["or"], side: "left" },
  { operators: ["and"], side: "left" },
  { operators: ["==", "!=", "<", "<=", ">", ">="], side: "none" },
  { operators: ["+", "-"], side: "left" },
  { operators: ["*", "/", "%"], side: "left" },
];

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  /** Where the part between two pipes begins. */
  #partBegin = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens.filter(({ kind }) => kind !== "space");
  }

  end(): void {
    if (this.#at < this.#tokens.length) this.#unknown();
  }

  pipe(): Node {
    if (this.#isText("def", "keyword")) {
      const definition = this.#definition();
      return { kind: "define", definition, body: this.pipe() };
    }
    if (this.#takeText("label", "keyword")) {
      const name = this.#variable();
      this.#need("|");
      return { kind: "label", name, body: this.pipe() };
    }
    this.#partBegin = this.#at;
    const left = this.#comma();
    return this.#takeText("|") ? { kind: "pipe", left, right: this.pipe() } : left;
  }

  #comma(): Node {
    let left = this.#binary(0);
    while (this.#takeText(",")) left = { kind: "comma", left, right: this.#binary(0) };
    return left;
  }

  #binary(level: number): Node {
    const known = levels[level];
    if (!known) return this.#unary();
    const left = this.#binary(level + 1);
    return this.#operators(left, level, known.operators, known.side);
  }

  #operators(first: Node, level: number, operators: readonly string[], side: "left" | "right" | "none"): Node {
    let left = first;
    for (;;) {
      const operator = this.#peek()?.text ?? "";
      if (!operators.includes(operator) || this.#peek()?.kind === "chunk") return left;
      this.#at++;
      const right = this.#binary(side === "right" ? level : level + 1);
      left = assignments.includes(operator)
        ? { kind: "assign", operator, left, right }
        : { kind: "binary", operator, left, right };
      if (side !== "left") {
        if (side === "none" && operators.includes(this.#peek()?.text ?? "")) this.#unknown();
        return left;
      }
    }
  }

  #unary(): Node {
    const isFirst = this.#at === this.#partBegin;
    if (this.#takeText("-")) return { kind: "negate", body: this.#unary() };
    if (this.#takeText("+")) return this.#unknown();
    if (this.#isText("reduce", "keyword") || this.#isText("foreach", "keyword")) return this.#unsuffixed(this.#fold());
    if (this.#takeText("if", "keyword")) return this.#unsuffixed(this.#if());
    if (this.#takeText("try", "keyword")) return this.#unsuffixed(this.#try());
    const term = this.#postfix();
    if (!this.#takeText("as", "keyword")) return term;
    // Behind an operator or a comma gojq's versions bind this term, or all that stands before.
    if (!isFirst) return this.#unknown();
    const pattern = this.#pattern();
    this.#need("|");
    return { kind: "bind", source: term, pattern, body: this.pipe() };
  }

  /** Terms that a suffix or `as` may follow in later versions only. */
  #unsuffixed(node: Node): Node {
    const next = this.#peek();
    const follows = next?.kind === "field" || ["[", "?", ".", "as"].includes(next?.text ?? "");
    return follows && next?.kind !== "chunk" ? this.#unknown() : node;
  }

  #try(): Node {
    const body = this.#simple();
    return { kind: "try", body, handler: this.#takeText("catch", "keyword") ? this.#simple() : undefined };
  }

  /** The operand of `try` and `catch`: a term, or one of those that begin with a word. */
  #simple(): Node {
    if (this.#takeText("if", "keyword")) return this.#unsuffixed(this.#if());
    const term = this.#postfix();
    return this.#isText("as", "keyword") ? this.#unknown() : term;
  }

  #fold(): Node {
    const kind = this.#take()?.text === "reduce" ? "reduce" : "foreach";
    const source = this.#postfix();
    this.#need("as", "keyword");
    const pattern = this.#pattern();
    this.#need("(");
    const start = this.pipe();
    this.#need(";");
    const update = this.pipe();
    const extract = kind === "foreach" && this.#takeText(";") ? this.pipe() : undefined;
    this.#need(")");
    return kind === "reduce"
      ? { kind, source, pattern, start, update }
      : { kind, source, pattern, start, update, extract };
  }

  #postfix(): Node {
    return this.#suffixed(this.#term());
  }

  #suffixed(start: Node): Node {
    let term = start;
    for (;;) {
      const token = this.#peek();
      if (token?.kind === "field") {
        this.#at++;
        term = { kind: "index", term, key: { kind: "constant", value: token.text.slice(1) } };
      } else if (this.#isText(".") && this.#peek(1)?.kind === "quote") {
        this.#at++;
        term = { kind: "index", term, key: this.#text("") };
      } else if (this.#isText(".") && this.#isText("[", "operator", 1)) {
        this.#at++;
        term = this.#bracket(term);
      } else if (this.#isText("[")) {
        term = this.#bracket(term);
      } else if (this.#takeText("?")) {
        term = { kind: "try", body: term, handler: undefined };
      } else {
        return term;
      }
    }
  }

  #bracket(term: Node): Node {
    this.#need("[");
    if (this.#takeText("]")) return { kind: "each", term };
    if (this.#takeText(":")) {
      const to = this.pipe();
      this.#need("]");
      return { kind: "slice", term, from: undefined, to };
    }
    const key = this.pipe();
    if (this.#takeText("]")) return { kind: "index", term, key };
    this.#need(":");
    const to = this.#isText("]") ? undefined : this.pipe();
    this.#need("]");
    return { kind: "slice", term, from: key, to };
  }

  #term(): Node {
    const token = this.#take();
    if (!token) return this.#unknown();
    switch (token.kind) {
      case "number":
        return { kind: "constant", value: Number(token.text) };
      case "quote":
        this.#at--;
        return this.#text("");
      case "format":
        return this.#peek()?.kind === "quote" ? this.#text(token.text) : { kind: "format", name: token.text };
      case "field":
        return { kind: "index", term: identity, key: { kind: "constant", value: token.text.slice(1) } };
      case "variable":
        return { kind: "variable", name: token.text };
      case "name":
        return this.#call(token.text);
      case "operator":
        return this.#symbol(token.text);
      default:
        return this.#unknown();
    }
  }

  #symbol(text: string): Node {
    if (text === ".") {
      return this.#peek()?.kind === "quote" ? { kind: "index", term: identity, key: this.#text("") } : identity;
    }
    if (text === "..") return this.#peek()?.kind === "field" ? this.#unknown() : { kind: "recurse" };
    if (text === "(") {
      const body = this.pipe();
      this.#need(")");
      return body;
    }
    if (text === "[") {
      if (this.#takeText("]")) return { kind: "array", body: undefined };
      const body = this.pipe();
      this.#need("]");
      return { kind: "array", body };
    }
    return text === "{" ? this.#object() : this.#unknown();
  }

  #if(): Node {
    const condition = this.pipe();
    this.#need("then", "keyword");
    const then = this.pipe();
    if (this.#takeText("elif", "keyword")) return { kind: "if", condition, then, otherwise: this.#if() };
    const otherwise = this.#takeText("else", "keyword") ? this.pipe() : undefined;
    this.#need("end", "keyword");
    return { kind: "if", condition, then, otherwise };
  }

  #call(name: string): Node {
    if (name.includes("::")) return this.#unknown();
    if (name === "break") return { kind: "break", name: this.#variable() };
    if (name === "null") return { kind: "constant", value: null };
    if (name === "true" || name === "false") return { kind: "constant", value: name === "true" };
    const args: Node[] = [];
    if (this.#takeText("(")) {
      do args.push(this.pipe());
      while (this.#takeText(";"));
      this.#need(")");
    }
    return { kind: "call", name, args };
  }

  #object(): Node {
    const members: Member[] = [];
    while (!this.#takeText("}")) {
      if (members.length > 0) this.#need(",");
      members.push(this.#member());
    }
    return { kind: "object", members };
  }

  #member(): Member {
    const token = this.#take();
    if (token?.kind === "variable" && !this.#isText(":")) {
      const value = token.text.slice(1);
      return { key: { kind: "constant", value }, value: { kind: "variable", name: token.text } };
    }
    const key = this.#key(token);
    if (this.#takeText(":")) return { key, value: this.#memberValue() };
    if (token?.text === "(" || token?.kind === "keyword") this.#unknown();
    return { key, value: { kind: "index", term: identity, key } };
  }

  /** Of the operators gojq 0.12.13 allows the pipe only; later versions allow more. */
  #memberValue(): Node {
    if (this.#takeText("-")) return { kind: "negate", body: this.#memberValue() };
    const left = this.#postfix();
    return this.#takeText("|") ? { kind: "pipe", left, right: this.#memberValue() } : left;
  }

  #key(token: Token | undefined): Node {
    if (token?.kind === "name" || token?.kind === "keyword") return { kind: "constant", value: token.text };
    if (token?.kind === "quote") {
      this.#at--;
      return this.#text("");
    }
    if (token?.text !== "(") return this.#unknown();
    const key = this.pipe();
    this.#need(")");
    return key;
  }

  #text(format: string): Node {
    this.#need('"', "quote");
    const parts: (string | Node)[] = [];
    for (;;) {
      const token = this.#take();
      if (token?.kind === "chunk") {
        parts.push(unescaped(token.text));
      } else if (token?.kind === "open") {
        parts.push(this.pipe());
        if (this.#take()?.kind !== "close") this.#unknown();
      } else if (token?.kind === "quote") {
        const [only = ""] = parts;
        return parts.length < 2 && typeof only === "string"
          ? { kind: "constant", value: only }
          : { kind: "text", format, parts };
      } else {
        return this.#unknown();
      }
    }
  }

  #definition(): Definition {
    this.#at++;
    const name = this.#take();
    if (name?.kind !== "name" || name.text.includes("::")) return this.#unknown();
    const parameters: string[] = [];
    if (this.#takeText("(")) {
      do {
        const parameter = this.#take();
        if (parameter?.kind !== "name" && parameter?.kind !== "variable") return this.#unknown();
        parameters.push(parameter.text);
      } while (this.#takeText(";"));
      this.#need(")");
    }
    this.#need(":");
    const body = this.pipe();
    this.#need(";");
    return { name: name.text, parameters, body };
  }

  #pattern(): Pattern {
    const token = this.#take();
    if (token?.kind === "variable") return this.#done({ kind: "variable", name: token.text });
    if (token?.text === "[") {
      const items: Pattern[] = [];
      do items.push(this.#pattern());
      while (this.#takeText(","));
      this.#need("]");
      return this.#done({ kind: "array", items });
    }
    if (token?.text !== "{") return this.#unknown();
    const members: { bind?: string; key: Node; value?: Pattern }[] = [];
    do {
      const first = this.#take();
      const isVariable = first?.kind === "variable";
      const key: Node = isVariable ? { kind: "constant", value: first.text.slice(1) } : this.#key(first);
      const bound = isVariable ? { bind: first.text } : {};
      if (this.#takeText(":")) members.push({ ...bound, key, value: this.#pattern() });
      else if (isVariable) members.push({ ...bound, key });
      else this.#unknown();
    } while (this.#takeText(","));
    this.#need("}");
    return this.#done({ kind: "object", members });
  }

  /** Alternatives of patterns (`?//`) are left to gh. */
  #done(pattern: Pattern): Pattern {
    return this.#isText("?//") ? this.#unknown() : pattern;
  }

  #variable(): string {
    const token = this.#take();
    return token?.kind === "variable" ? token.text : this.#unknown();
  }

  #peek(ahead = 0): Token | undefined {
    return this.#tokens[this.#at + ahead];
  }

  #take(): Token | undefined {
    return this.#tokens[this.#at++];
  }

  #isText(text: string, kind: Token["kind"] = "operator", ahead = 0): boolean {
    const token = this.#peek(ahead);
    return token?.text === text && token.kind === kind;
  }

  #takeText(text: string, kind: Token["kind"] = "operator"): boolean {
    const is = this.#isText(text, kind);
    if (is) this.#at++;
    return is;
  }

  #need(text: string, kind: Token["kind"] = "operator"): void {
    if (!this.#takeText(text, kind)) this.#unknown();
  }

  #unknown(): never {
    throw new Unknown();
  }
}

function unescaped(chunk: string): string {
  const value: unknown = JSON.parse(`"${chunk}"`);
  if (typeof value !== "string" || !value.isWellFormed()) throw new Unknown();
  return value;
}
