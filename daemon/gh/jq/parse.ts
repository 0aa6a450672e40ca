/** jq programs as gojq 0.12 reads them; syntax that its versions read differently is not supported here. */
import type { Definition, Member, Node } from "./ast.ts";
import { Cursor, Unknown, unknown } from "./cursor.ts";
import { type JqToken, tokenize } from "./lexer.ts";
import { parseFunction } from "./parse-function.ts";
import { parsePattern } from "./parse-pattern.ts";
import { parseText } from "./parse-text.ts";
import { assignments, levels } from "./precedence.ts";

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

class Parser {
  readonly #cursor: Cursor;
  /** Where the part between two pipes begins. */
  #partBegin = 0;

  constructor(tokens: readonly JqToken[]) {
    this.#cursor = new Cursor(tokens);
  }

  end(): void {
    if (!this.#cursor.isAtEnd) unknown();
  }

  pipe(): Node {
    if (this.#cursor.takeText("def", "keyword")) {
      const definition = parseFunction(this.#cursor, () => this.pipe());
      return { kind: "define", definition, body: this.pipe() };
    }
    if (this.#cursor.takeText("label", "keyword")) {
      const name = this.#cursor.variable();
      this.#cursor.need("|");
      return { kind: "label", name, body: this.pipe() };
    }
    this.#partBegin = this.#cursor.position;
    const left = this.#comma();
    return this.#cursor.takeText("|") ? { kind: "pipe", left, right: this.pipe() } : left;
  }

  #comma(): Node {
    let left = this.#binary(0);
    while (this.#cursor.takeText(",")) left = { kind: "comma", left, right: this.#binary(0) };
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
      const operator = this.#cursor.peek()?.text ?? "";
      if (!operators.includes(operator) || this.#cursor.peek()?.kind === "chunk") return left;
      this.#cursor.take();
      const right = this.#binary(side === "right" ? level : level + 1);
      left = assignments.includes(operator)
        ? { kind: "assign", operator, left, right }
        : { kind: "binary", operator, left, right };
      if (side !== "left") {
        if (side === "none" && operators.includes(this.#cursor.peek()?.text ?? "")) unknown();
        return left;
      }
    }
  }

  #unary(): Node {
    const isFirst = this.#cursor.position === this.#partBegin;
    if (this.#cursor.takeText("-")) return { kind: "negate", body: this.#unary() };
    if (this.#cursor.takeText("+")) return unknown();
    if (this.#cursor.isText("reduce", "keyword") || this.#cursor.isText("foreach", "keyword"))
      return this.#unsuffixed(this.#fold());
    if (this.#cursor.takeText("if", "keyword")) return this.#unsuffixed(this.#if());
    if (this.#cursor.takeText("try", "keyword")) return this.#unsuffixed(this.#try());
    const term = this.#postfix();
    if (!this.#cursor.takeText("as", "keyword")) return term;
    // Behind an operator or a comma gojq's versions bind this term, or all that stands before.
    if (!isFirst) return unknown();
    const pattern = parsePattern(this.#cursor, (token) => this.#key(token));
    this.#cursor.need("|");
    return { kind: "bind", source: term, pattern, body: this.pipe() };
  }

  /** Terms that a suffix or `as` may follow in later versions only. */
  #unsuffixed(node: Node): Node {
    const next = this.#cursor.peek();
    const follows = next?.kind === "field" || ["[", "?", ".", "as"].includes(next?.text ?? "");
    return follows && next?.kind !== "chunk" ? unknown() : node;
  }

  #try(): Node {
    const body = this.#simple();
    return { kind: "try", body, handler: this.#cursor.takeText("catch", "keyword") ? this.#simple() : undefined };
  }

  /** The operand of `try` and `catch`: a term, or one of those that begin with a word. */
  #simple(): Node {
    if (this.#cursor.takeText("if", "keyword")) return this.#unsuffixed(this.#if());
    const term = this.#postfix();
    return this.#cursor.isText("as", "keyword") ? unknown() : term;
  }

  #fold(): Node {
    const kind = this.#cursor.take()?.text === "reduce" ? "reduce" : "foreach";
    const source = this.#postfix();
    this.#cursor.need("as", "keyword");
    const pattern = parsePattern(this.#cursor, (token) => this.#key(token));
    this.#cursor.need("(");
    const start = this.pipe();
    this.#cursor.need(";");
    const update = this.pipe();
    const extract = kind === "foreach" && this.#cursor.takeText(";") ? this.pipe() : undefined;
    this.#cursor.need(")");
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
      const token = this.#cursor.peek();
      if (token?.kind === "field") {
        this.#cursor.take();
        term = { kind: "index", term, key: { kind: "constant", value: token.text.slice(1) } };
      } else if (this.#cursor.isText(".") && this.#cursor.peek(1)?.kind === "quote") {
        this.#cursor.take();
        term = { kind: "index", term, key: this.#text("") };
      } else if (this.#cursor.isText(".") && this.#cursor.isText("[", "operator", 1)) {
        this.#cursor.take();
        term = this.#bracket(term);
      } else if (this.#cursor.isText("[")) {
        term = this.#bracket(term);
      } else if (this.#cursor.takeText("?")) {
        term = { kind: "try", body: term, handler: undefined };
      } else {
        return term;
      }
    }
  }

  #bracket(term: Node): Node {
    this.#cursor.need("[");
    if (this.#cursor.takeText("]")) return { kind: "each", term };
    if (this.#cursor.takeText(":")) {
      const to = this.pipe();
      this.#cursor.need("]");
      return { kind: "slice", term, from: undefined, to };
    }
    const key = this.pipe();
    if (this.#cursor.takeText("]")) return { kind: "index", term, key };
    this.#cursor.need(":");
    const to = this.#cursor.isText("]") ? undefined : this.pipe();
    this.#cursor.need("]");
    return { kind: "slice", term, from: key, to };
  }

  #term(): Node {
    const token = this.#cursor.take();
    if (!token) return unknown();
    switch (token.kind) {
      case "number":
        return { kind: "constant", value: Number(token.text) };
      case "quote":
        this.#cursor.back();
        return this.#text("");
      case "format":
        return this.#cursor.peek()?.kind === "quote" ? this.#text(token.text) : { kind: "format", name: token.text };
      case "field":
        return { kind: "index", term: identity, key: { kind: "constant", value: token.text.slice(1) } };
      case "variable":
        return { kind: "variable", name: token.text };
      case "name":
        return this.#call(token.text);
      case "operator":
        return this.#symbol(token.text);
      default:
        return unknown();
    }
  }

  #symbol(text: string): Node {
    if (text === ".") {
      return this.#cursor.peek()?.kind === "quote" ? { kind: "index", term: identity, key: this.#text("") } : identity;
    }
    if (text === "..") return this.#cursor.peek()?.kind === "field" ? unknown() : { kind: "recurse" };
    if (text === "(") {
      const body = this.pipe();
      this.#cursor.need(")");
      return body;
    }
    if (text === "[") {
      if (this.#cursor.takeText("]")) return { kind: "array", body: undefined };
      const body = this.pipe();
      this.#cursor.need("]");
      return { kind: "array", body };
    }
    return text === "{" ? this.#object() : unknown();
  }

  #if(): Node {
    const condition = this.pipe();
    this.#cursor.need("then", "keyword");
    const then = this.pipe();
    if (this.#cursor.takeText("elif", "keyword")) return { kind: "if", condition, then, otherwise: this.#if() };
    const otherwise = this.#cursor.takeText("else", "keyword") ? this.pipe() : undefined;
    this.#cursor.need("end", "keyword");
    return { kind: "if", condition, then, otherwise };
  }

  #call(name: string): Node {
    if (name.includes("::")) return unknown();
    if (name === "break") return { kind: "break", name: this.#cursor.variable() };
    if (name === "null") return { kind: "constant", value: null };
    if (name === "true" || name === "false") return { kind: "constant", value: name === "true" };
    const args: Node[] = [];
    if (this.#cursor.takeText("(")) {
      do args.push(this.pipe());
      while (this.#cursor.takeText(";"));
      this.#cursor.need(")");
    }
    return { kind: "call", name, args };
  }

  #object(): Node {
    const members: Member[] = [];
    while (!this.#cursor.takeText("}")) {
      if (members.length > 0) this.#cursor.need(",");
      members.push(this.#member());
    }
    return { kind: "object", members };
  }

  #member(): Member {
    const token = this.#cursor.take();
    if (token?.kind === "variable" && !this.#cursor.isText(":")) {
      const value = token.text.slice(1);
      return { key: { kind: "constant", value }, value: { kind: "variable", name: token.text } };
    }
    const key = this.#key(token);
    if (this.#cursor.takeText(":")) return { key, value: this.#memberValue() };
    if (token?.text === "(" || token?.kind === "keyword") unknown();
    return { key, value: { kind: "index", term: identity, key } };
  }

  /** Of the operators gojq 0.12.13 allows the pipe only; later versions allow more. */
  #memberValue(): Node {
    if (this.#cursor.takeText("-")) return { kind: "negate", body: this.#memberValue() };
    const left = this.#postfix();
    return this.#cursor.takeText("|") ? { kind: "pipe", left, right: this.#memberValue() } : left;
  }

  #key(token: JqToken | undefined): Node {
    if (token?.kind === "name" || token?.kind === "keyword") return { kind: "constant", value: token.text };
    if (token?.kind === "quote") {
      this.#cursor.back();
      return this.#text("");
    }
    if (token?.text !== "(") return unknown();
    const key = this.pipe();
    this.#cursor.need(")");
    return key;
  }

  #text(format: string): Node {
    return parseText(this.#cursor, format, () => this.pipe());
  }
}
