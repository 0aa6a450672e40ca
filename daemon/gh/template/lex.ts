/** Go's text/template lexer: text, and the tokens inside `{{…}}`. */
import { native } from "./unsupported.ts";

type TemplateTokenKind =
  | "space"
  | "field"
  | "variable"
  | "identifier"
  | "keyword"
  | "int"
  | "float"
  | "string"
  | "bool"
  | "nil"
  | "dot"
  | "char";

export interface TemplateToken {
  readonly kind: TemplateTokenKind;
  /** Strings without their quotes, fields without the dot, variables with the `$`. */
  readonly text: string;
}

/** Text to print, or an action's tokens. */
export type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "action"; readonly tokens: readonly TemplateToken[] };

const keywords = new Set(["if", "else", "end", "range", "with", "define", "template", "block", "break", "continue"]);

/** Splits a template. Comments disappear; trim markers are applied. */
export function lex(source: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  let trimNext = false;
  for (;;) {
    const open = source.indexOf("{{", at);
    let text = source.slice(at, open < 0 ? undefined : open);
    if (trimNext) text = text.replace(/^[ \t\r\n]+/, "");
    if (open < 0) {
      if (text !== "") pieces.push({ kind: "text", text });
      return pieces;
    }
    let start = open + 2;
    if (/^-[ \t\r\n]/.test(source.slice(start, start + 2))) {
      text = text.replace(/[ \t\r\n]+$/, "");
      start += 1;
    }
    if (text !== "") pieces.push({ kind: "text", text });
    const comment = /^[ \t\r\n]*\/\*/.exec(source.slice(start));
    const action = comment ? skipComment(source, start + comment[0].length) : lexAction(source, start);
    if (action.tokens) pieces.push({ kind: "action", tokens: action.tokens });
    trimNext = action.trim;
    at = action.end;
  }
}

interface Action {
  readonly tokens?: readonly TemplateToken[];
  /** After the closing delimiter. */
  readonly end: number;
  readonly trim: boolean;
}

function skipComment(source: string, from: number): Action {
  const close = source.indexOf("*/", from);
  if (close < 0) native("an open comment in the template");
  const after = /^([ \t\r\n]+-)?\}\}/.exec(source.slice(close + 2));
  if (!after) native("a comment that does not end its action");
  return { end: close + 2 + (after?.[0].length ?? 0), trim: after?.[1] !== undefined };
}

const rules: readonly (readonly [TemplateTokenKind, RegExp])[] = [
  ["space", /[ \t\r\n]+/y],
  ["field", /\.[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ["float", /[+-]?(?:\d+\.\d*|\.\d+|\d+(?=[eE]))(?:[eE][+-]?\d+)?/y],
  ["int", /[+-]?(?:0|[1-9]\d*)(?![\w.])/y],
  ["dot", /\./y],
  ["variable", /\$[\p{L}\p{Nd}_]*/uy],
  ["identifier", /[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ["string", /"(?:[^"\\\n]|\\.)*"|`[^`]*`/y],
  ["char", /:=|[=|(),]/y],
];

function lexAction(source: string, from: number): Action {
  const tokens: TemplateToken[] = [];
  let depth = 0;
  for (let at = from; ; ) {
    const trimmed = /^[ \t\r\n]+-\}\}/.exec(source.slice(at, at + 64));
    if (trimmed && depth === 0) return { tokens, end: at + trimmed[0].length, trim: true };
    if (source.startsWith("}}", at) && depth === 0) return { tokens, end: at + 2, trim: false };
    const token = nextToken(source, at);
    at += token.length;
    if (token.text === "(" && token.kind === "char") depth++;
    if (token.text === ")" && token.kind === "char") depth--;
    if (depth < 0) native("an unexpected ) in the template");
    tokens.push(classify(token));
  }
}

function nextToken(source: string, at: number): TemplateToken & { readonly length: number } {
  for (const [kind, rule] of rules) {
    rule.lastIndex = at;
    const text = rule.exec(source)?.[0];
    if (text !== undefined) return { kind, text, length: text.length };
  }
  return native("the template is not understood");
}

function classify({ kind, text }: TemplateToken): TemplateToken {
  if (kind === "field") return { kind, text: text.slice(1) };
  if (kind === "string")
    return { kind, text: text.startsWith("`") ? text.slice(1, -1).replaceAll("\r", "") : unquote(text) };
  if (kind !== "identifier") return { kind, text };
  if (keywords.has(text)) return { kind: "keyword", text };
  if (text === "true" || text === "false") return { kind: "bool", text };
  return text === "nil" ? { kind: "nil", text } : { kind, text };
}

/** Go's string escapes, as far as JSON shares them, and the few more in common use. */
function unquote(literal: string): string {
  return literal.slice(1, -1).replace(/\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[0-7]{3}|.)/g, (_all, code: string) => {
    const simple = escapes.get(code);
    if (simple !== undefined) return simple;
    const value = /^[xu]/.test(code) ? Number.parseInt(code.slice(1), 16) : Number.parseInt(code, 8);
    // Bytes beyond ASCII and halves of a surrogate pair are not characters.
    if (!/^(x|u|[0-7]{3}$)/.test(code) || (code[0] !== "u" && value > 0x7f) || (value >= 0xd800 && value < 0xe000)) {
      return native("an escape in a template's string");
    }
    return String.fromCharCode(value);
  });
}

const escapes = new Map([
  ["a", "\x07"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["v", "\v"],
  ["\\", "\\"],
  ['"', '"'],
]);
