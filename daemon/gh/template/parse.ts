/** Go's text/template grammar. */
import type { Operand, Pipeline, Template, TemplateCommand, TemplateNode } from "./ast.ts";
import { lex, type Piece, type TemplateToken } from "./lex.ts";
import { native } from "./unsupported.ts";

/** Parses; `functions` are the names that may be called. Throws TemplateNative where Go would refuse. */
export function parse(source: string, functions: ReadonlySet<string>): Template {
  return new Parser(lex(source), functions).template();
}

class Parser {
  readonly #pieces: readonly Piece[];
  readonly #functions: ReadonlySet<string>;
  readonly #defined = new Map<string, readonly TemplateNode[]>();
  #at = 0;
  /** Names of the variables in scope. */
  #variables: string[] = ["$"];
  #rangeDepth = 0;

  constructor(pieces: readonly Piece[], functions: ReadonlySet<string>) {
    this.#pieces = pieces;
    this.#functions = functions;
  }

  template(): Template {
    const { nodes, ended } = this.#list(true);
    if (ended) native("an unexpected {{end}} or {{else}}");
    return { body: nodes, defined: this.#defined };
  }

  /** Nodes up to `{{end}}`, `{{else…}}` or the end of the template. */
  #list(top: boolean): { nodes: TemplateNode[]; ended: readonly TemplateToken[] | undefined } {
    const nodes: TemplateNode[] = [];
    for (let piece = this.#pieces[this.#at]; piece !== undefined; piece = this.#pieces[this.#at]) {
      this.#at++;
      if (piece.kind === "text") {
        nodes.push(piece);
        continue;
      }
      const words = piece.tokens;
      const first = words.find(({ kind }) => kind !== "space");
      if (first?.kind === "keyword") {
        if (first.text === "end" || first.text === "else") return { nodes, ended: trimSpace(words) };
        const node = this.#control(first.text, trimSpace(words).slice(1), top);
        if (node) nodes.push(node);
      } else {
        nodes.push({ kind: "action", pipeline: this.#pipeline(words, 1) });
      }
    }
    return { nodes, ended: undefined };
  }

  #control(word: string, rest: readonly TemplateToken[], top: boolean): TemplateNode | undefined {
    switch (word) {
      case "if":
      case "with":
      case "range":
        return this.#branch(word, rest);
      case "break":
      case "continue":
        if (this.#rangeDepth === 0 || rest.length > 0) native(`{{${word}}} outside {{range}}`);
        return { kind: word };
      case "template":
        return this.#templateCall(trimSpace(rest));
      case "block":
        return this.#block(trimSpace(rest));
      case "define":
        if (!top) native("{{define}} inside another action");
        this.#define(trimSpace(rest));
        return undefined;
      default:
        return native(`{{${word}}} in a template`);
    }
  }

  #branch(kind: "if" | "with" | "range", rest: readonly TemplateToken[]): TemplateNode {
    const scope = this.#variables.length;
    const pipeline = this.#pipeline(rest, kind === "range" ? 2 : 1);
    if (kind === "range") this.#rangeDepth++;
    const { nodes: body, ended } = this.#list(false);
    if (kind === "range") this.#rangeDepth--;
    const otherwise = this.#otherwise(kind, ended);
    this.#variables = this.#variables.slice(0, scope);
    return { kind, pipeline, body, otherwise };
  }

  #otherwise(kind: "if" | "with" | "range", ended: readonly TemplateToken[] | undefined): readonly TemplateNode[] {
    const [word, ...rest] = ended ?? [];
    if (!word) return native("an action without {{end}}");
    if (word.text === "end") return rest.length === 0 ? [] : native("{{end}} with arguments");
    const chained = trimSpace(rest);
    if (chained.length > 0) {
      // `{{else if …}}` is `{{else}}{{if …}}` and shares the end.
      if (kind !== "if" || chained[0]?.text !== "if") return native("{{else}} with arguments");
      return [this.#branch("if", chained.slice(1))];
    }
    const { nodes, ended: end } = this.#list(false);
    if (end?.[0]?.text !== "end") return native("an {{else}} without {{end}}");
    return nodes;
  }

  #templateCall(rest: readonly TemplateToken[]): TemplateNode {
    const [name, ...argument] = rest;
    if (name?.kind !== "string") return native("{{template}} without a name");
    const pipeline = trimSpace(argument).length > 0 ? this.#pipeline(argument, 0) : undefined;
    return { kind: "template", name: name.text, pipeline };
  }

  /** `{{block "name" data}}…{{end}}` defines and calls. */
  #block([name, ...argument]: readonly TemplateToken[]): TemplateNode {
    if (name?.kind !== "string" || trimSpace(argument).length === 0) return native("{{block}} without name and data");
    const pipeline = this.#pipeline(argument, 0);
    this.#define([name]);
    return { kind: "template", name: name.text, pipeline };
  }

  #define(rest: readonly TemplateToken[]) {
    const [name, ...more] = rest;
    if (name?.kind !== "string" || more.length > 0) return native("{{define}} without a name");
    if (this.#defined.has(name.text)) return native("a template defined twice");
    const outer = this.#variables;
    this.#variables = ["$"];
    const { nodes, ended } = this.#list(false);
    if (ended?.[0]?.text !== "end") return native("a {{define}} without {{end}}");
    this.#variables = outer;
    this.#defined.set(name.text, nodes);
  }

  /** `maxVariables`: how many it may set. */
  #pipeline(tokens: readonly TemplateToken[], maxVariables: number): Pipeline {
    const words = trimSpace(tokens);
    const { variables, declares, from } = this.#declaration(words);
    if (variables.length > maxVariables) native("too many variables");
    const reader = new OperandReader(words.slice(from), this.#functions, this.#variables, (inner) =>
      this.#pipeline(inner, 0),
    );
    const commands = reader.commands();
    commands.forEach(checkCommand);
    if (declares) this.#variables.push(...variables);
    else if (variables.some((name) => !this.#variables.includes(name))) native("an undefined variable");
    return { variables, declares, commands };
  }

  #declaration(words: readonly TemplateToken[]) {
    const code = words.map((token, index) => ({ ...token, index })).filter(({ kind }) => kind !== "space");
    const [a, b, c, d] = code;
    if (a?.kind === "variable" && b?.kind === "char" && (b.text === ":=" || b.text === "=")) {
      return { variables: [a.text], declares: b.text === ":=", from: b.index + 1 };
    }
    if (a?.kind === "variable" && b?.text === "," && c?.kind === "variable" && d?.text === ":=") {
      return { variables: [a.text, c.text], declares: true, from: d.index + 1 };
    }
    return { variables: [], declares: true, from: 0 };
  }
}

/** Go refuses a literal that is piped into, and `nil` as a command. */
function checkCommand(command: TemplateCommand, index: number) {
  const kind = command[0]?.kind;
  if (kind === undefined || kind === "nil") native("an empty command");
  const literal = kind === "bool" || kind === "int" || kind === "float" || kind === "string" || kind === "dot";
  if (index > 0 && literal) native("a value in a pipeline");
}

function trimSpace(tokens: readonly TemplateToken[]): readonly TemplateToken[] {
  const first = tokens.findIndex(({ kind }) => kind !== "space");
  const last = tokens.findLastIndex(({ kind }) => kind !== "space");
  return first < 0 ? [] : tokens.slice(first, last + 1);
}

/** Reads commands, separated by `|`, of operands, separated by space. */
class OperandReader {
  readonly #words: readonly TemplateToken[];
  readonly #functions: ReadonlySet<string>;
  readonly #variables: readonly string[];
  readonly #nested: (tokens: readonly TemplateToken[]) => Pipeline;
  #at = 0;

  constructor(
    words: readonly TemplateToken[],
    functions: ReadonlySet<string>,
    variables: readonly string[],
    nested: (tokens: readonly TemplateToken[]) => Pipeline,
  ) {
    this.#words = words;
    this.#functions = functions;
    this.#variables = variables;
    this.#nested = nested;
  }

  commands(): readonly TemplateCommand[] {
    const commands: Operand[][] = [[]];
    for (let word = this.#words[this.#at]; word !== undefined; word = this.#words[this.#at]) {
      if (word.kind === "space") {
        this.#at++;
      } else if (word.kind === "char" && word.text === "|") {
        commands.push([]);
        this.#at++;
      } else {
        commands.at(-1)?.push(this.#operand());
        const next = this.#words[this.#at];
        if (next && next.kind !== "space" && next.text !== "|") native("two operands without a space between");
      }
    }
    return commands;
  }

  #operand(): Operand {
    const word = this.#words[this.#at++];
    if (!word) return native("a missing operand");
    const base = this.#base(word);
    const names: string[] = word.kind === "field" ? [word.text] : [];
    for (let next = this.#words[this.#at]; next?.kind === "field"; next = this.#words[this.#at]) {
      names.push(next.text);
      this.#at++;
    }
    if (names.length === 0) return base;
    if (!["dot", "variable", "pipeline"].includes(base.kind) || word.kind === "dot") native("a field of a value");
    return { kind: "fields", of: base, names };
  }

  #base(word: TemplateToken): Operand {
    switch (word.kind) {
      case "dot":
      case "field":
        return { kind: "dot" };
      case "nil":
        return { kind: "nil" };
      case "bool":
        return { kind: "bool", value: word.text === "true" };
      case "int":
        return { kind: "int", value: safeInteger(word.text) };
      case "float":
        return { kind: "float", value: Number(word.text) };
      case "string":
        return { kind: "string", value: word.text };
      case "identifier":
        return this.#functions.has(word.text)
          ? { kind: "function", name: word.text }
          : native(`the template function ${word.text}`);
      case "variable":
        return this.#variables.includes(word.text)
          ? { kind: "variable", name: word.text }
          : native(`the undefined variable ${word.text}`);
      default:
        return word.text === "(" ? this.#parenthesis() : native(`an unexpected ${word.text} in the template`);
    }
  }

  #parenthesis(): Operand {
    const start = this.#at;
    let depth = 1;
    for (; this.#at < this.#words.length; this.#at++) {
      const { kind, text } = this.#words[this.#at] ?? { kind: "space", text: "" };
      if (kind !== "char") continue;
      if (text === "(") depth++;
      if (text === ")" && --depth === 0) {
        const pipeline = this.#nested(this.#words.slice(start, this.#at++));
        return { kind: "pipeline", pipeline };
      }
    }
    return native("an open parenthesis");
  }
}

function safeInteger(text: string): number {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : native("a large integer");
}
